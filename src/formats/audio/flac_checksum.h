// flac_checksum.h: the two checksums of FLAC's frames.
//
// Shape    both begin with 0 and take the highest bit first: of 8 bits over a frame's header, of 16 over the whole frame.
// Threads  pure functions.
// Source   RFC 9639 sections 9.1.8 and 9.3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace dubplate {

std::uint8_t flac_crc8(std::span<const std::byte> data);
std::uint16_t flac_crc16(std::span<const std::byte> data);

}  // namespace dubplate
