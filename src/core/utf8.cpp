#include "core/text.h"
#include "core/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dubplate {

namespace {

struct Range {
    char32_t first;
    char32_t last;
};

bool contains(std::span<const Range> ranges, char32_t code_point) {
    const auto after = std::ranges::upper_bound(ranges, code_point, {}, &Range::first);
    return after != ranges.begin() && code_point <= std::prev(after)->last;
}

// Marks that stand on the character before, and format characters: the blocks that hold them.
constexpr std::array<Range, 38> narrow{{
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},   {0x05BF, 0x05BF}, {0x05C1, 0x05C2},
    {0x05C4, 0x05C5}, {0x05C7, 0x05C7}, {0x0610, 0x061A},   {0x064B, 0x065F}, {0x0670, 0x0670},
    {0x06D6, 0x06DC}, {0x06DF, 0x06E4}, {0x06E7, 0x06E8},   {0x06EA, 0x06ED}, {0x0711, 0x0711},
    {0x0730, 0x074A}, {0x0900, 0x0902}, {0x093A, 0x093A},   {0x093C, 0x093C}, {0x0941, 0x0948},
    {0x094D, 0x094D}, {0x0951, 0x0957}, {0x0E31, 0x0E31},   {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E},
    {0x1AB0, 0x1ACE}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F},   {0x202A, 0x202E}, {0x2060, 0x2064},
    {0x2066, 0x206F}, {0x20D0, 0x20F0}, {0x302A, 0x302D},   {0x3099, 0x309A}, {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xE0001, 0xE01EF},
}};

// East Asian wide and full width, and the emoji that terminals draw two columns wide.
constexpr std::array<Range, 40> wide{{
    {0x1100, 0x115F}, {0x231A, 0x231B}, {0x23E9, 0x23EC}, {0x23F0, 0x23F0},   {0x23F3, 0x23F3},
    {0x25FD, 0x25FE}, {0x2614, 0x2615}, {0x2648, 0x2653}, {0x267F, 0x267F},   {0x2693, 0x2693},
    {0x26A1, 0x26A1}, {0x26AA, 0x26AB}, {0x26BD, 0x26BE}, {0x26C4, 0x26C5},   {0x26CE, 0x26CE},
    {0x26D4, 0x26D4}, {0x26EA, 0x26EA}, {0x26F2, 0x26F5}, {0x26FA, 0x26FD},   {0x2705, 0x2705},
    {0x270A, 0x270B}, {0x2728, 0x2728}, {0x274C, 0x274E}, {0x2753, 0x2757},   {0x2795, 0x2797},
    {0x27B0, 0x27BF}, {0x2B1B, 0x2B1C}, {0x2B50, 0x2B55}, {0x2E80, 0x303E},   {0x3041, 0x33FF},
    {0x3400, 0x4DBF}, {0x4E00, 0xA4CF}, {0xA960, 0xA97F}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD},
}};

int width_of(char32_t code_point) {
    if (code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || contains(narrow, code_point))
        return 0;
    return contains(wide, code_point) ? 2 : 1;
}

// Line and paragraph separators, and the marks, embeddings and isolates of the bidirectional algorithm (UAX
// 9).
constexpr bool is_dangerous(char32_t code_point) {
    return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || code_point == 0x61C ||
           code_point == 0x200E || code_point == 0x200F || (code_point >= 0x2028 && code_point <= 0x202E) ||
           (code_point >= 0x2066 && code_point <= 0x2069);
}

// What is not UTF-8 is shown as U+FFFD.
char32_t take(std::string_view text, std::size_t& at) {
    const CodePoint point = decode_utf8(text, at);
    at += point.bytes;
    return point.valid ? point.value : 0xFFFD;
}

std::string escaped(char32_t code_point) {
    switch (code_point) {
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        default:
            return code_point < 0x80 ? fmt::format("\\x{:02x}", static_cast<unsigned>(code_point))
                                     : fmt::format("\\u{{{:x}}}", static_cast<unsigned>(code_point));
    }
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_utf8(text, at);
        if (!point.valid) return false;
        at += point.bytes;
    }
    return true;
}

std::string_view truncate_utf8(std::string_view text, std::size_t max_bytes) {
    if (text.size() <= max_bytes) return text;
    std::size_t end = 0;
    while (true) {
        const std::size_t next = end + decode_utf8(text, end).bytes;
        if (next > max_bytes) return text.substr(0, end);
        end = next;
    }
}

int display_width(std::string_view text) {
    int width = 0;
    for (std::size_t at = 0; at < text.size();) width += width_of(take(text, at));
    return width;
}

std::string truncate_to_width(std::string_view text, int columns) {
    if (display_width(text) <= columns) return std::string(text);
    int width = 0;
    std::size_t end = 0;
    for (std::size_t at = 0; at < text.size();) {
        width += width_of(take(text, at));
        if (width > columns - 1) break;
        end = at;
    }
    return columns < 1 ? std::string() : std::string(text.substr(0, end)) + "\u2026";
}

std::string shorten_to_width(std::string_view text, int columns) {
    int width = display_width(text);
    if (width <= columns) return std::string(text);
    const std::string head = truncate_to_width(text, (columns + 1) / 2);
    const int room = columns - display_width(head);
    std::size_t at = 0;
    while (at < text.size() && width > room) width -= width_of(take(text, at));
    return head + std::string(text.substr(at));
}

std::string escape_control(std::string_view text) {
    std::string safe;
    safe.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const char32_t code_point = take(text, at);
        if (is_dangerous(code_point)) {
            safe += escaped(code_point);
        } else {
            put_code_point(safe, code_point);
        }
    }
    return safe;
}

}  // namespace dubplate
