#include "tags/base64.h"

#include <cstdint>

namespace dubplate {

namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int digit_of(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    return c == '/' ? 63 : -1;
}

}  // namespace

std::optional<Bytes> decode_base64(std::string_view text) {
    Bytes bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
        if (c == '=') break;
        const int digit = digit_of(c);
        if (digit < 0) return std::nullopt;
        bits = (bits << 6) | static_cast<std::uint32_t>(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<std::byte>((bits >> count) & 0xFF));
        }
    }
    return bytes;
}

std::string encode_base64(std::span<const std::byte> data) {
    std::string text;
    std::uint32_t bits = 0;
    int count = 0;
    for (const std::byte byte : data) {
        bits = (bits << 8) | std::to_integer<std::uint32_t>(byte);
        for (count += 8; count >= 6; count -= 6) text += digits[(bits >> (count - 6)) & 0x3F];
    }
    if (count > 0) text += digits[(bits << (6 - count)) & 0x3F];
    text.resize((text.size() + 3) / 4 * 4, '=');
    return text;
}

}  // namespace dubplate
