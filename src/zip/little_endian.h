// little_endian.h: whole numbers in the byte order of ZIP, put into and taken out of bytes.
//
// What     put() appends the low `bytes` bytes of a value, lowest first; take() reads them.
// Errors   none: the caller has checked that place + bytes is inside.
// Threads  pure functions.
#pragma once

#include <cstdint>
#include <span>

#include "core/store.h"

namespace dubplate::zip {

inline void put(Bytes& target, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) target.push_back(static_cast<std::byte>((value >> (8 * i)) & 0xff));
}

inline std::uint64_t take(std::span<const std::byte> data, std::size_t place, int bytes) {
    std::uint64_t value = 0;
    for (int i = bytes - 1; i >= 0; --i)
        value = value << 8 | std::to_integer<std::uint64_t>(data[place + static_cast<std::size_t>(i)]);
    return value;
}

}  // namespace dubplate::zip
