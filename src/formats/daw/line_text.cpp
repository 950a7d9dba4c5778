#include "formats/daw/line_text.h"

#include "core/unicode.h"

namespace dubplate {

namespace {

// C0, DEL, C1 with NEL among them, and the two separators of Unicode, which many readers take as line ends.
bool breaks_lines(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029;
}

}  // namespace

std::string as_line(std::string_view text) {
    const std::string valid = to_valid_utf8(text);
    std::string line;
    for (std::size_t at = 0; at < valid.size();) {
        const CodePoint c = decode_utf8(valid, at);
        put_code_point(line, breaks_lines(c.value) ? U' ' : c.value);
        at += c.bytes;
    }
    return line;
}

}  // namespace dubplate
