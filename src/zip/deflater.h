// deflater.h: zlib's deflate and inflate without a header, on bytes as they come.
//
// What     Deflater packs; inflate_raw() unpacks into a buffer of a size that is known.
// Errors   inflate_raw(): corrupt where the stream is broken, or is not as long as told. zlib's lack of memory is std::bad_alloc.
// Threads  thread-compatible.
// Source   RFC 1951, by zlib 1.2.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "core/result.h"
#include "core/store.h"

namespace dubplate {

class Deflater {
  public:
    using Output = std::function<Status(std::span<const std::byte>)>;

    Deflater();
    ~Deflater();
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;

    // Hands what is packed so far to `output`; `last` ends the stream.
    Status pack(std::span<const std::byte> data, bool last, const Output& output);

  private:
    struct Stream;
    std::unique_ptr<Stream> stream_;
};

Result<Bytes> inflate_raw(std::span<const std::byte> packed, std::size_t size);

}  // namespace dubplate
