#include "core/unicode.h"

#include <array>

namespace dubplate {

namespace {

struct CaseRange {
    char32_t first, last;
    int to_lower;  // added; 0: capitals are the even ones, -1: the odd ones
};

constexpr std::array<CaseRange, 25> case_ranges{{
    {0x41, 0x5A, 32},     {0xC0, 0xD6, 32},    {0xD8, 0xDE, 32},        {0x100, 0x12F, 0},
    {0x132, 0x137, 0},    {0x139, 0x148, -1},  {0x14A, 0x177, 0},       {0x178, 0x178, -121},
    {0x179, 0x17E, -1},   {0x1CD, 0x1DC, -1},  {0x1DE, 0x1EF, 0},       {0x1F8, 0x21F, 0},
    {0x386, 0x386, 38},   {0x388, 0x38A, 37},  {0x391, 0x3AB, 32},      {0x400, 0x40F, 80},
    {0x410, 0x42F, 32},   {0x460, 0x481, 0},   {0x48A, 0x4BF, 0},       {0x4D0, 0x52F, 0},
    {0x531, 0x556, 48},   {0x1E00, 0x1E95, 0}, {0x1E9E, 0x1E9E, -7615}, {0x1EA0, 0x1EFF, 0},
    {0xFF21, 0xFF3A, 32},
}};

}  // namespace

void put_code_point(std::string& text, char32_t c) {
    const auto put = [&](char32_t bits) { text += static_cast<char>(static_cast<unsigned char>(bits)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0U | (c >> 6U));
        put(0x80U | (c & 0x3FU));
    } else if (c < 0x10000) {
        put(0xE0U | (c >> 12U));
        put(0x80U | ((c >> 6U) & 0x3FU));
        put(0x80U | (c & 0x3FU));
    } else {
        put(0xF0U | (c >> 18U));
        put(0x80U | ((c >> 12U) & 0x3FU));
        put(0x80U | ((c >> 6U) & 0x3FU));
        put(0x80U | (c & 0x3FU));
    }
}

CodePoint decode_utf8(std::string_view text, std::size_t place) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(place);
    if (lead < 0x80) return {lead, 1, true};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || place + length > text.size()) return {lead, 1, false};
    char32_t value = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(place + i) & 0xC0U) != 0x80U) return {lead, 1, false};
        value = (value << 6U) | (byte(place + i) & 0x3FU);
    }
    constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < smallest[length] || value > 0x10FFFF || surrogate) return {lead, 1, false};
    return {value, length, true};
}

std::string to_valid_utf8(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const CodePoint point = decode_utf8(text, i);
        if (point.valid) {
            valid += text.substr(i, point.bytes);
        } else {
            put_code_point(valid, 0xFFFD);
        }
        i += point.bytes;
    }
    return valid;
}

char32_t to_lower(char32_t c) {
    if (c == 0x3C2) return 0x3C3;  // the final sigma is a sigma
    for (const CaseRange& range : case_ranges) {
        if (c < range.first || c > range.last) continue;
        if (range.to_lower == 0) return c | 1U;
        if (range.to_lower == -1) return c + (c & 1U);
        return static_cast<char32_t>(static_cast<int>(c) + range.to_lower);
    }
    return c;
}

std::string fold_case(std::string_view text) {
    std::string folded;
    for (std::size_t i = 0; i < text.size();) {
        const CodePoint point = decode_utf8(text, i);
        if (point.valid) {
            put_code_point(folded, to_lower(point.value));
        } else {
            folded += text[i];
        }
        i += point.bytes;
    }
    return folded;
}

}  // namespace dubplate
