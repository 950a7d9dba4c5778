#include "tags/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace dubplate::inline tag_text {

namespace {

constexpr char32_t replacement = 0xFFFD;

bool is_surrogate(char32_t c) {
    return c >= 0xD800 && c <= 0xDFFF;
}

// Neither C0 nor C1 controls, nor the two code points that XML forbids.
bool is_allowed(char32_t c) {
    if (c == '\n' || c == '\t') return true;
    return c >= 0x20 && !(c >= 0x7F && c <= 0x9F) && c != 0xFFFE && c != 0xFFFF;
}

// U+00C0 to U+017F, two characters each; a blank second one is left out.
constexpr std::string_view folds =
    "A A A A A A AEC E E E E I I I I D N O O O O O x O U U U U Y Thss"
    "a a a a a a aec e e e e i i i i d n o o o o o / o u u u u y thy "
    "A a A a A a C c C c C c C c D d D d E e E e E e E e E e G g G g "
    "G g G g H h H h I i I i I i I i I i IJijJ j K k k L l L l L l L "
    "l L l N n N n N n n N n O o O o O o OEoeR r R r R r S s S s S s "
    "S s T t T t T t U u U u U u U u U u U u W w Y y Y Z z Z z Z z s ";
static_assert(folds.size() == std::size_t{2} * (0x180 - 0xC0));

void append_folded(std::string& text, char32_t c) {
    if (c == '\n' || c == '\t' || c == 0xA0) {
        text += ' ';
    } else if (c < 0x80) {
        text += static_cast<char>(c);
    } else if (c >= 0xC0 && c < 0x180) {
        const auto pair = folds.substr(2 * (c - 0xC0), 2);
        text += pair[0];
        if (pair[1] != ' ') text += pair[1];
    } else if (c == 0x2018 || c == 0x2019) {
        text += '\'';
    } else if (c == 0x201C || c == 0x201D) {
        text += '"';
    } else if (c == 0x2013 || c == 0x2014) {
        text += '-';
    } else if (c < 0x300 || c > 0x36F) {  // combining accents vanish
        text += '?';
    }
}

}  // namespace

std::optional<char32_t> take_code_point(std::string_view& rest) {
    const auto byte_at = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
    const unsigned char first = byte_at(0);
    const std::size_t length = first < 0x80             ? 1
                               : (first & 0xE0) == 0xC0 ? 2
                               : (first & 0xF0) == 0xE0 ? 3
                               : (first & 0xF8) == 0xF0 ? 4
                                                        : 0;
    constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    if (length == 0 || rest.size() < length) {
        rest.remove_prefix(1);
        return std::nullopt;
    }
    char32_t c = length == 1 ? first : first & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte_at(i) & 0xC0) != 0x80) {
            rest.remove_prefix(1);
            return std::nullopt;
        }
        c = (c << 6) | (byte_at(i) & 0x3Fu);
    }
    if (c < smallest[length] || c > 0x10FFFF || is_surrogate(c)) {
        rest.remove_prefix(1);
        return std::nullopt;
    }
    rest.remove_prefix(length);
    return c;
}

void append_utf8(std::string& text, char32_t c) {
    if (c > 0x10FFFF || is_surrogate(c)) c = replacement;
    const auto add = [&](char32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (c < 0x80) {
        add(c);
    } else if (c < 0x800) {
        add(0xC0 | (c >> 6));
        add(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        add(0xE0 | (c >> 12));
        add(0x80 | ((c >> 6) & 0x3F));
        add(0x80 | (c & 0x3F));
    } else {
        add(0xF0 | (c >> 18));
        add(0x80 | ((c >> 12) & 0x3F));
        add(0x80 | ((c >> 6) & 0x3F));
        add(0x80 | (c & 0x3F));
    }
}

bool is_valid_utf8(std::string_view text) {
    while (!text.empty()) {
        if (!take_code_point(text)) return false;
    }
    return true;
}

bool is_clean_text(std::string_view text) {
    while (!text.empty()) {
        const auto c = take_code_point(text);
        if (!c || !is_allowed(*c)) return false;
    }
    return true;
}

std::string clean_text(std::string_view text) {
    std::string clean;
    clean.reserve(text.size());
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    while (!text.empty()) {
        const auto c = take_code_point(text);
        if (!c) {
            append_utf8(clean, replacement);
        } else if (*c == '\r') {
            if (!text.starts_with('\n')) clean += '\n';
        } else if (is_allowed(*c)) {
            append_utf8(clean, *c);
        }
    }
    return std::string(trim(clean));
}

std::string_view cut_utf8(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
    return text.substr(0, bytes);
}

std::string latin1_to_utf8(std::string_view text) {
    std::string utf8;
    utf8.reserve(text.size());
    for (const char c : text) append_utf8(utf8, static_cast<unsigned char>(c));
    return utf8;
}

std::string utf8_or_latin1(std::string_view text) {
    return is_valid_utf8(text) ? std::string(text) : latin1_to_utf8(text);
}

std::string fold_to_ascii(std::string_view text) {
    std::string ascii;
    while (!text.empty()) append_folded(ascii, take_code_point(text).value_or(replacement));
    return ascii;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\n\r";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string upper_ascii(std::string_view text) {
    std::string upper(text);
    std::ranges::transform(upper, upper.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return upper;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<double> parse_number(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::string number_text(double number) {
    return fmt::format("{}", number);
}

}  // namespace dubplate::inline tag_text
