// zip_entry.h: one file in a ZIP archive, and what the writer and the reader share.
//
// What     plain data, as the archive's directory tells it; names are data, never paths to be followed.
// Units    bytes; offsets from the start of the archive.
// Errors   check_zip_name(): invalid_argument, with the name and its fault.
// Source   PKWARE APPNOTE.TXT 6.3.10, sections 4.3 and 4.4.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace dubplate {

enum class ZipMethod : std::uint16_t { store = 0, deflate = 8 };

struct ZipEntry {
    std::string name;
    ZipMethod method = ZipMethod::store;
    std::uint64_t size = 0;         // of the content
    std::uint64_t packed_size = 0;  // in the archive
    std::uint32_t crc = 0;
    std::uint64_t offset = 0;  // of its local header
    bool zip64 = false;        // its local header has places for large sizes
};

Status check_zip_name(std::string_view name);

namespace zip {

inline constexpr std::uint32_t local_signature = 0x04034b50;
inline constexpr std::uint32_t central_signature = 0x02014b50;
inline constexpr std::uint32_t end_signature = 0x06054b50;
inline constexpr std::uint32_t end64_signature = 0x06064b50;
inline constexpr std::uint32_t locator64_signature = 0x07064b50;
inline constexpr std::uint16_t extra64 = 0x0001;
inline constexpr std::uint64_t full32 = 0xffffffff;  // "the number stands in the ZIP64 field"
inline constexpr std::uint64_t full16 = 0xffff;
inline constexpr std::size_t local_bytes = 30;
inline constexpr std::size_t central_bytes = 46;
inline constexpr std::size_t end_bytes = 22;
inline constexpr std::size_t end64_bytes = 56;
inline constexpr std::size_t locator64_bytes = 20;

}  // namespace zip

}  // namespace dubplate
