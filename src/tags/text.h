// text.h: text as tags hold it, in and out of UTF-8.
//
// What     checks, cleans, cuts and converts: valid UTF-8 without control characters but newline and tab.
// Hostile  any bytes are taken; what is not UTF-8 becomes U+FFFD, control characters vanish.
// Threads  pure functions, independent of the locale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Inline: these short names must not meet namesakes of another module at link time.
namespace dubplate::inline tag_text {

// Values longer than this are cut when a file brings them and refused when a user does.
inline constexpr std::size_t max_tag_value_bytes = 64 * 1024;

// Takes the next code point off the front of `rest`; none where the bytes are no UTF-8 (one byte is taken then).
std::optional<char32_t> take_code_point(std::string_view& rest);
void append_utf8(std::string& text,
                 char32_t code_point);  // surrogates and values past U+10FFFF become U+FFFD

bool is_valid_utf8(std::string_view text);
// Valid UTF-8 without control characters but newline and tab.
bool is_clean_text(std::string_view text);
// Makes it so, with line ends as "\n", a leading byte order mark removed, and both ends trimmed.
std::string clean_text(std::string_view text);
// At most `bytes` of it, never through the middle of a character.
std::string_view cut_utf8(std::string_view text, std::size_t bytes);

std::string latin1_to_utf8(std::string_view text);
std::string utf8_or_latin1(std::string_view text);
// As 7-bit ASCII: accents fall off, what has no likeness becomes "?", newlines become spaces.
std::string fold_to_ascii(std::string_view text);

std::string_view trim(std::string_view text);
std::string upper_ascii(std::string_view text);

std::optional<std::int64_t> parse_integer(std::string_view text);
std::optional<double> parse_number(std::string_view text);
// The shortest text that reads back as the same number: "93.5", "128".
std::string number_text(double number);

}  // namespace dubplate::inline tag_text
