#include "formats/audio/chunks.h"

#include "core/text.h"
#include "tags/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

namespace dubplate {

namespace {

constexpr std::size_t copy_block_bytes = 256 * 1024;

// Chunks that are met in real files: only these make a missing pad byte believable.
constexpr std::array<std::string_view, 20> known_ids{"fmt ", "data", "fact", "LIST", "bext", "iXML", "cue ",
                                                     "smpl", "acid", "ID3 ", "id3 ", "JUNK", "inst", "COMM",
                                                     "SSND", "MARK", "INST", "NAME", "AUTH", "ANNO"};

bool is_known_id(std::string_view id) {
    return std::find(known_ids.begin(), known_ids.end(), id) != known_ids.end();
}

bool is_printable_id(std::string_view id) {
    return std::all_of(id.begin(), id.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

struct Header {
    std::string id;
    std::uint32_t size = 0;
};

Result<std::optional<Header>> read_header(const ByteSource& source, std::uint64_t offset, ByteOrder order) {
    std::array<std::byte, 8> raw{};
    DUBPLATE_TRY(const std::size_t got, source.read_at(offset, raw));
    if (got < raw.size()) return std::optional<Header>{};
    ByteReader reader(raw, order);
    Header header{reader.id(), 0};
    header.size = reader.u32();
    if (!is_printable_id(header.id)) return std::optional<Header>{};
    return std::optional<Header>(std::move(header));
}

// A size of 0 is either an empty chunk, with another chunk or nothing behind it, or a stream of unknown length.
Result<bool> is_streamed(const ByteSource& source, const Chunk& chunk, const ScanOptions& options) {
    if (chunk.id != options.audio_id) return false;
    if (chunk.stated == unknown_size) return true;
    if (chunk.stated != 0 || chunk.offset >= source.size()) return false;
    DUBPLATE_TRY(const std::optional<Header> next, read_header(source, chunk.offset, options.order));
    return !next || next->size > source.size() - chunk.offset;
}

Result<Chunk> measure(const ByteSource& source, const Header& header, std::uint64_t offset,
                      const ScanOptions& options) {
    Chunk chunk{header.id, offset + 8, header.size, 0, false};
    const auto big = options.big_sizes.find(header.id);
    if (header.size == unknown_size && big != options.big_sizes.end() && big->second != 0)
        chunk.stated = big->second;
    const std::uint64_t rest = source.size() - chunk.offset;
    DUBPLATE_TRY(chunk.streamed, is_streamed(source, chunk, options));
    chunk.size = chunk.streamed ? rest : std::min(chunk.stated, rest);
    return chunk;
}

// Where the next chunk starts: behind the pad byte, unless the writer forgot it.
Result<std::uint64_t> next_offset(const ByteSource& source, const Chunk& chunk, ByteOrder order) {
    const std::uint64_t end = chunk.offset + chunk.size;
    if (chunk.size % 2 == 0) return end;
    DUBPLATE_TRY(const std::optional<Header> unpadded, read_header(source, end, order));
    return unpadded && is_known_id(unpadded->id) ? end : end + 1;
}

}  // namespace

std::uint64_t ByteReader::number(std::size_t bytes) {
    if (remaining() < bytes) {
        ok_ = false;
        position_ = data_.size();
        return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
        const std::size_t place = order_ == ByteOrder::big ? i : bytes - 1 - i;
        value = (value << 8) | std::to_integer<std::uint64_t>(data_[position_ + place]);
    }
    position_ += bytes;
    return value;
}

float ByteReader::f32() {
    return std::bit_cast<float>(u32());
}

std::string ByteReader::id() {
    std::string text;
    for (const std::byte b : take(4)) text += static_cast<char>(b);
    text.resize(4, '\0');
    return text;
}

std::span<const std::byte> ByteReader::take(std::size_t count) {
    if (count > remaining()) ok_ = false;
    const std::span<const std::byte> part = data_.subspan(position_, std::min(count, remaining()));
    position_ += part.size();
    return part;
}

ByteBuilder& ByteBuilder::number(std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) {
        const std::size_t place = order_ == ByteOrder::little ? i : bytes - 1 - i;
        bytes_.push_back(static_cast<std::byte>((value >> (8 * place)) & 0xFF));
    }
    return *this;
}

ByteBuilder& ByteBuilder::f32(float value) {
    return u32(std::bit_cast<std::uint32_t>(value));
}

ByteBuilder& ByteBuilder::text(std::string_view characters) {
    return bytes(std::as_bytes(std::span(characters.data(), characters.size())));
}

ByteBuilder& ByteBuilder::bytes(std::span<const std::byte> data) {
    bytes_.insert(bytes_.end(), data.begin(), data.end());
    return *this;
}

ByteBuilder& ByteBuilder::zeros(std::size_t count) {
    bytes_.resize(bytes_.size() + count);
    return *this;
}

ByteBuilder& ByteBuilder::pad_to_even() {
    return zeros(bytes_.size() % 2);
}

ByteBuilder& ByteBuilder::chunk(std::string_view id, std::span<const std::byte> payload) {
    DUBPLATE_ASSERT(id.size() == 4 && payload.size() < unknown_size);
    return text(id).u32(static_cast<std::uint32_t>(payload.size())).bytes(payload).zeros(payload.size() % 2);
}

Result<std::vector<Chunk>> scan_chunks(const ByteSource& source, const ScanOptions& options) {
    std::vector<Chunk> chunks;
    std::uint64_t offset = options.begin;
    while (offset < source.size()) {
        DUBPLATE_TRY(const std::optional<Header> header, read_header(source, offset, options.order));
        if (!header) break;
        if (chunks.size() == max_chunks)
            return fail(ErrorCode::limit_exceeded, fmt::format("holds more than {} chunks", max_chunks));
        DUBPLATE_TRY(Chunk chunk, measure(source, *header, offset, options));
        DUBPLATE_TRY(offset, next_offset(source, chunk, options.order));
        chunks.push_back(std::move(chunk));
    }
    return chunks;
}

const Chunk* find_chunk(std::span<const Chunk> chunks, std::string_view id) {
    const auto found =
        std::find_if(chunks.begin(), chunks.end(), [&](const Chunk& chunk) { return chunk.id == id; });
    return found == chunks.end() ? nullptr : &*found;
}

Result<Bytes> read_range(const ByteSource& source, std::uint64_t offset, std::size_t size) {
    if (offset > source.size() || size > source.size() - offset)
        return fail(ErrorCode::corrupt, "the file is cut off");
    Bytes data(size);
    std::size_t done = 0;
    while (done < size) {
        DUBPLATE_TRY(const std::size_t got, source.read_at(offset + done, std::span(data).subspan(done)));
        if (got == 0) return fail(ErrorCode::io, "the file became shorter while it was read");
        done += got;
    }
    return data;
}

Result<Bytes> read_payload(const ByteSource& source, const Chunk& chunk, std::size_t limit) {
    return read_range(source, chunk.offset,
                      static_cast<std::size_t>(std::min<std::uint64_t>(chunk.size, limit)));
}

Status copy_range(const ByteSource& source, std::uint64_t offset, std::uint64_t size, PendingFile& file) {
    for (std::uint64_t done = 0; done < size;) {
        const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(size - done, copy_block_bytes));
        DUBPLATE_TRY(const Bytes block, read_range(source, offset + done, part));
        DUBPLATE_CHECK(file.append(block));
        done += part;
    }
    return {};
}

Status copy_chunk(const ByteSource& source, const Chunk& chunk, ByteOrder order, PendingFile& file) {
    ByteBuilder header(order);
    header.text(chunk.id).u32(static_cast<std::uint32_t>(std::min<std::uint64_t>(chunk.size, unknown_size)));
    DUBPLATE_CHECK(file.append(header.result()));
    DUBPLATE_CHECK(copy_range(source, chunk.offset, chunk.size, file));
    if (chunk.size % 2 != 0) return file.append(std::array{std::byte{0}});
    return {};
}

std::string chunk_text(std::span<const std::byte> data, std::size_t limit) {
    std::string text;
    for (const std::byte b : data) {
        if (b == std::byte{0}) break;
        text += static_cast<char>(b);
    }
    return std::string(truncate_utf8(clean_text(utf8_or_latin1(text)), limit));
}

}  // namespace dubplate
