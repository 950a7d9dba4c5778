#include "tags/text.h"

#include "core/text.h"
#include "core/unicode.h"

#include <algorithm>

namespace dubplate {

namespace {

constexpr char32_t replacement = 0xFFFD;

// Neither C0 nor C1 controls, nor the two code points that XML forbids, nor byte-order marks, which are no text: readers
// drop them at the start of whatever they split a value into.
bool is_allowed(char32_t c) {
    if (c == '\n' || c == '\t') return true;
    return c >= 0x20 && !(c >= 0x7F && c <= 0x9F) && c != 0xFEFF && c != 0xFFFE && c != 0xFFFF;
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

void append_utf8(std::string& text, char32_t c) {
    put_code_point(text, c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF) ? replacement : c);
}

bool is_clean_text(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint c = decode_utf8(text, at);
        if (!c.valid || !is_allowed(c.value)) return false;
        at += c.bytes;
    }
    return true;
}

std::string without_escape_sequences(std::string_view text) {
    constexpr char escape = 0x1B;
    constexpr char bell = 0x07;
    std::string plain;
    while (!text.empty()) {
        const std::size_t begin = std::min(text.find(escape), text.size());
        plain += text.substr(0, begin);
        text.remove_prefix(std::min(begin + 1, text.size()));
        if (text.starts_with('[')) {  // parameters, and one last character
            const auto is_last = [](char c) { return c < 0x20 || c > 0x3F; };
            const auto* const last = std::find_if(text.begin() + 1, text.end(), is_last);
            const bool is_whole = last != text.end() && *last >= 0x40 && *last < 0x7F;
            text.remove_prefix(static_cast<std::size_t>(last - text.begin()) + (is_whole ? 1 : 0));
        } else if (text.starts_with(']')) {  // to its bell, or to the next escape
            const std::size_t end = text.find_first_of(std::string_view("\x07\x1B"));
            if (end == std::string_view::npos) continue;  // it has no end, so it is none
            text.remove_prefix(end + (text[end] == bell ? 1 : 0));
        } else if (text.starts_with('\\')) {
            text.remove_prefix(1);
        }
    }
    return plain;
}

std::string clean_text(std::string_view with_sequences) {
    const std::string plain = without_escape_sequences(with_sequences);
    const std::string_view text = plain;
    std::string clean;
    clean.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint c = decode_utf8(text, at);
        at += c.bytes;
        if (!c.valid) {
            append_utf8(clean, replacement);
        } else if (c.value == '\r') {
            if (!text.substr(at).starts_with('\n')) clean += '\n';
        } else if (is_allowed(c.value)) {
            append_utf8(clean, c.value);
        }
    }
    return std::string(trim(clean));
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
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint c = decode_utf8(text, at);
        append_folded(ascii, c.valid ? c.value : replacement);
        at += c.bytes;
    }
    return ascii;
}

std::string upper_ascii(std::string_view text) {
    std::string upper(text);
    std::ranges::transform(upper, upper.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return upper;
}

}  // namespace dubplate
