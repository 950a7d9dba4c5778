// bytes.h: numbers and text in and out of byte order, for the parsers and writers of tags.
//
// What     readers at an offset, and a growing writer.
// Bounds   a read past the end is a programming error: the caller compares sizes before.
// Threads  pure functions.
#pragma once

#include "core/store.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

// Inline: these short names must not meet namesakes of another module at link time.
namespace dubplate::inline tag_bytes {

using ByteView = std::span<const std::byte>;

inline std::uint32_t u8(ByteView data, std::size_t at) {
    DUBPLATE_ASSERT(at < data.size());
    return std::to_integer<std::uint32_t>(data[at]);
}
inline std::uint32_t be16(ByteView data, std::size_t at) {
    return (u8(data, at) << 8) | u8(data, at + 1);
}
inline std::uint32_t be24(ByteView data, std::size_t at) {
    return (u8(data, at) << 16) | be16(data, at + 1);
}
inline std::uint32_t be32(ByteView data, std::size_t at) {
    return (be16(data, at) << 16) | be16(data, at + 2);
}
inline std::uint32_t le16(ByteView data, std::size_t at) {
    return u8(data, at) | (u8(data, at + 1) << 8);
}
inline std::uint32_t le32(ByteView data, std::size_t at) {
    return le16(data, at) | (le16(data, at + 2) << 16);
}

// At most `length` bytes from `at`, fewer where the data ends.
inline ByteView slice(ByteView data, std::size_t at, std::size_t length = ~std::size_t{0}) {
    at = std::min(at, data.size());
    return data.subspan(at, std::min(length, data.size() - at));
}

inline std::string_view as_text(ByteView data) {
    return {reinterpret_cast<const char*>(data.data()), data.size()};  // NOLINT: bytes may be read as char
}
inline ByteView as_bytes_view(std::string_view text) {
    return std::as_bytes(std::span(text));
}

// Up to the first zero byte.
inline std::string_view until_zero(ByteView data) {
    const auto text = as_text(data);
    return text.substr(0, text.find('\0'));
}

inline bool has_text(ByteView data, std::size_t at, std::string_view text) {
    return at <= data.size() && as_text(slice(data, at)).starts_with(text);
}

class TagWriter {
  public:
    void bytes(ByteView data) { data_.insert(data_.end(), data.begin(), data.end()); }
    void text(std::string_view text) { bytes(as_bytes_view(text)); }
    void zeros(std::size_t count) { data_.resize(data_.size() + count); }
    void u8(std::uint32_t value) { data_.push_back(static_cast<std::byte>(value & 0xFF)); }
    void be32(std::uint32_t value) {
        for (int shift = 24; shift >= 0; shift -= 8) u8(value >> shift);
    }
    void le16(std::uint32_t value) {
        u8(value);
        u8(value >> 8);
    }
    void le32(std::uint32_t value) {
        le16(value);
        le16(value >> 16);
    }
    // Cut, or filled up with zeros, to exactly `length` bytes.
    void fixed(std::string_view value, std::size_t length) {
        value = value.substr(0, length);
        text(value);
        zeros(length - value.size());
    }
    std::size_t size() const { return data_.size(); }
    Bytes take() { return std::move(data_); }

  private:
    Bytes data_;
};

}  // namespace dubplate::inline tag_bytes
