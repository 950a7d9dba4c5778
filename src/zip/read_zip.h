// read_zip.h: what a ZIP archive holds, and the content of one entry.
//
// What     read_zip() reads the directory at the end; read_zip_entry() unpacks one entry into memory and checks its CRC.
// Safety   archives may be hostile: the number of entries, the size of one and how far it may unpack are limited, and all
//          places are checked against the archive's size. Names are told, not followed: nothing is written anywhere.
// Units    bytes.
// Errors   corrupt, with what is wrong; unsupported (encrypted, another method, several disks); limit_exceeded; those of the source.
// Threads  pure functions.
// Source   PKWARE APPNOTE.TXT 6.3.10.
#pragma once

#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/store.h"
#include "zip/zip_entry.h"

namespace dubplate {

struct ZipLimits {
    std::size_t entries = 10'000;
    std::uint64_t directory_bytes = 16'777'216;
    std::uint64_t entry_bytes = 67'108'864;  // unpacked
    std::uint64_t ratio = 1'100;             // unpacked to packed; deflate cannot reach more than 1032
};

Result<std::vector<ZipEntry>> read_zip(const ByteSource& archive, const ZipLimits& limits = {});
Result<Bytes> read_zip_entry(const ByteSource& archive, const ZipEntry& entry, const ZipLimits& limits = {});
// Where the entry's packed bytes begin: a stored one can be read in place from there.
Result<std::uint64_t> zip_content_offset(const ByteSource& archive, const ZipEntry& entry);

}  // namespace dubplate
