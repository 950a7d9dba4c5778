// chunks.h: files made of chunks (RIFF, RF64, IFF): finding, reading, copying and writing them.
//
// Shape    a chunk is an id of four characters, a size of 32 bits, that many bytes, and one more where the size is
//          odd. RIFF is little-endian, IFF (AIFF) big-endian.
// Hostile  every size is held against the bytes that are there: a Chunk's `size` never runs past the end of the
//          file, whatever its header says; a file of more than max_chunks chunks is refused; payloads are read into
//          memory only below a stated limit. ByteReader gives zeros past the end and says so in ok().
// Threads  plain values and pure functions.
// Errors   corrupt (cut off), limit_exceeded (too many chunks), io.
// Source   EA IFF 85; Multimedia Programming Interface and Data Specifications 1.0 (RIFF); EBU Tech 3306 (RF64).
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/store.h"

namespace dubplate {

enum class ByteOrder { little, big };

// Reads numbers from a span and never past its end.
class ByteReader {
  public:
    ByteReader(std::span<const std::byte> data, ByteOrder order) : data_(data), order_(order) {}

    std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
    std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
    std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
    std::uint64_t u64() { return number(8); }
    float f32();
    std::string id();                                    // four characters
    std::span<const std::byte> take(std::size_t count);  // fewer where fewer are left
    void skip(std::size_t count) { take(count); }

    std::size_t position() const { return position_; }
    std::size_t remaining() const { return data_.size() - position_; }
    bool ok() const { return ok_; }  // false once something was asked for that was not there

  private:
    std::uint64_t number(std::size_t bytes);

    std::span<const std::byte> data_;
    ByteOrder order_;
    std::size_t position_ = 0;
    bool ok_ = true;
};

// Builds a header in memory.
class ByteBuilder {
  public:
    explicit ByteBuilder(ByteOrder order) : order_(order) {}

    ByteBuilder& u8(std::uint8_t value) { return number(value, 1); }
    ByteBuilder& u16(std::uint16_t value) { return number(value, 2); }
    ByteBuilder& u32(std::uint32_t value) { return number(value, 4); }
    ByteBuilder& u64(std::uint64_t value) { return number(value, 8); }
    ByteBuilder& f32(float value);
    ByteBuilder& text(std::string_view characters);
    ByteBuilder& bytes(std::span<const std::byte> data);
    ByteBuilder& zeros(std::size_t count);
    ByteBuilder& pad_to_even();
    // A whole chunk, padded.
    ByteBuilder& chunk(std::string_view id, std::span<const std::byte> payload);

    std::size_t size() const { return bytes_.size(); }
    const Bytes& result() const { return bytes_; }

  private:
    ByteBuilder& number(std::uint64_t value, std::size_t bytes);

    ByteOrder order_;
    Bytes bytes_;
};

struct Chunk {
    std::string id;
    std::uint64_t offset = 0;  // of the payload
    std::uint64_t stated = 0;  // the size as the header tells
    std::uint64_t size = 0;    // of the payload that is there
    // The header names no true size (0 or 0xFFFFFFFF, as programs do that write to a pipe): the rest of the file.
    bool streamed = false;
    bool cut_off() const { return size < stated && !streamed; }
};

inline constexpr std::size_t max_chunks = 4096;
inline constexpr std::uint32_t unknown_size = 0xFFFFFFFF;

struct ScanOptions {
    ByteOrder order = ByteOrder::little;
    std::uint64_t begin = 12;                        // where the first chunk starts: behind the form's header
    std::string_view audio_id = "data";              // the chunk that may be streamed
    std::map<std::string, std::uint64_t> big_sizes;  // RF64: what stands for a size of 0xFFFFFFFF
};

// Every chunk in order. Ends in silence where no chunk header follows (trailing garbage is common).
Result<std::vector<Chunk>> scan_chunks(const ByteSource& source, const ScanOptions& options);
const Chunk* find_chunk(std::span<const Chunk> chunks, std::string_view id);  // the first; null: none

// Exactly `size` bytes at `offset`. Errors: corrupt where the file ends before.
Result<Bytes> read_range(const ByteSource& source, std::uint64_t offset, std::size_t size);
// The payload, as far as it is there, up to `limit` bytes of it.
Result<Bytes> read_payload(const ByteSource& source, const Chunk& chunk, std::size_t limit);
// Appends bytes of a source to a file, in blocks.
Status copy_range(const ByteSource& source, std::uint64_t offset, std::uint64_t size, PendingFile& file);
Status copy_chunk(const ByteSource& source, const Chunk& chunk, ByteOrder order, PendingFile& file);

// Text up to the first NUL, as clean UTF-8 of at most `limit` bytes; what is not UTF-8 is read as Latin-1.
std::string chunk_text(std::span<const std::byte> data, std::size_t limit = 1024);

}  // namespace dubplate
