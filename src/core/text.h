// text.h: text as people write and read it: UTF-8, times, sizes, names that were nearly right.
//
// Shape    everything is UTF-8; decoding and repair stand in core/unicode.h.
// Numbers  always as in the C locale, through std::to_chars and std::from_chars.
// Errors   invalid_argument from parse_bytes(); the other parse_ functions return nothing where the text is
//          not one.
// Threads  plain functions.
// Source   UTF-8: RFC 3629. Widths: Unicode 15 East Asian Width W and F, general categories Mn, Me and Cf.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace dubplate {

bool is_valid_utf8(std::string_view text);
// The longest start of at most `max_bytes` that does not cut a code point.
std::string_view truncate_utf8(std::string_view text, std::size_t max_bytes);

// Columns on a terminal: 0 for combining marks, 2 for wide characters.
int display_width(std::string_view text);
// At most `columns` wide, with "…" at the end where something was cut.
std::string truncate_to_width(std::string_view text, int columns);
// The same with the "…" in the middle: of a file's name, both ends tell something.
std::string shorten_to_width(std::string_view text, int columns);
// Control characters and those that change the direction of text, as \n, \x1b or \u{202e}; UTF-8 repaired.
std::string escape_control(std::string_view text);

std::string to_lower_ascii(std::string_view text);
std::string_view trim(std::string_view text);                                // ASCII white space
std::vector<std::string_view> split(std::string_view text, char separator);  // "a,,b": three; "": one, empty

// The whole text must be the number; a sign, no white space, no "nan" or "inf".
std::optional<double> parse_number(std::string_view text);
std::optional<std::int64_t> parse_integer(std::string_view text);
// The shortest digits that give the same double again: "0.1", "-16", "1e+300".
std::string format_number(double value);

// "4:12.345", "1:02:03.500"; rounded to milliseconds, halves up.
std::string format_duration(double seconds);
// "999 B", "31.2 MB": decimal units, one digit behind the point.
std::string format_bytes(std::uint64_t bytes);
// "512MB", "64 KiB", "1 gb": a whole number above 0 and a unit; KB, MB, GB, TB are powers of 1000, KiB, ...
// of 1024.
Result<std::uint64_t> parse_bytes(std::string_view text);

// The candidate that `name` was probably meant to be: the nearest by edits (letters added, dropped, changed
// or swapped), upper and lower case alike, and near enough. The first where several are.
std::optional<std::string_view> nearest_name(std::string_view name, std::span<const std::string> candidates);

}  // namespace dubplate
