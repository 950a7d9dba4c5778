// zip_writer.h: a ZIP archive, entry by entry, into a file that is being written.
//
// What     entries in the order in which they are added, each stored as it is or deflated; sizes and CRC stand in the local
//          headers, so that programs that read from front to back take it too. ZIP64 where a number needs it.
// Bytes    the same entries give the same bytes: every time is 1980-01-01 00:00:00, every file is 0644.
// Names    UTF-8, relative, with '/'; no empty, "." or ".." part, no backslash and no control character; each once.
// Units    sizes in bytes.
// Errors   add(): invalid_argument (the name), those of the source and of the file, canceled; io where a source ends before its
//          size. After an error the archive is not to be used.
// Threads  thread-compatible; writes 64 KiB at a time.
// Source   PKWARE APPNOTE.TXT 6.3.10; deflate: RFC 1951, by zlib.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/store.h"
#include "zip/zip_entry.h"

namespace dubplate {

class ZipWriter {
  public:
    // always_zip64: as if each entry were larger than 4 GiB.
    explicit ZipWriter(PendingFile& file, bool always_zip64 = false);

    Status add(std::string_view name, const ByteSource& content, ZipMethod method, std::stop_token stop = {});
    Status add(std::string_view name, std::span<const std::byte> content, ZipMethod method,
               std::stop_token stop = {});
    // Writes the directory, in the order of the entries or by their names; once, the last call.
    Status finish(bool sorted = false);

  private:
    Status begin_entry(std::string_view name, std::uint64_t size, ZipMethod method);
    Status end_entry();
    Status append(std::span<const std::byte> data);

    PendingFile& file_;
    bool always_zip64_;
    std::uint64_t begin_;  // of the archive in the file
    std::vector<ZipEntry> entries_;
    std::set<std::string, std::less<>> names_;
};

}  // namespace dubplate
