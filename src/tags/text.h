// text.h: text as tags hold it, in and out of UTF-8.
//
// What     checks, cleans, cuts and converts: valid UTF-8 without control characters but newline and tab.
// Beside   core/text.h, which trims, cuts, and reads numbers.
// Hostile  any bytes are taken; what is not UTF-8 becomes U+FFFD, control characters vanish.
// Threads  pure functions, independent of the locale.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dubplate {

// Values longer than this are cut when a file brings them and refused when a user does.
inline constexpr std::size_t max_tag_value_bytes = 64 * 1024;

// Surrogates and values past U+10FFFF become U+FFFD.
void append_utf8(std::string& text, char32_t code_point);

// Valid UTF-8 without control characters but newline and tab.
bool is_clean_text(std::string_view text);
// Makes it so, without escape sequences, with line ends as "\n", a leading byte order mark removed, and both ends trimmed.
std::string clean_text(std::string_view text);

// Without the sequences by which terminals are told colors, places and titles (ECMA-48, 5.4; ESC and what belongs to it).
std::string without_escape_sequences(std::string_view text);

std::string latin1_to_utf8(std::string_view text);
std::string utf8_or_latin1(std::string_view text);
// As 7-bit ASCII: accents fall off, what has no likeness becomes "?", newlines become spaces.
std::string fold_to_ascii(std::string_view text);

std::string upper_ascii(std::string_view text);

}  // namespace dubplate
