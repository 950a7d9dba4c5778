#include "zip/deflater.h"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <new>

namespace dubplate {

namespace {

constexpr int raw_window_bits = -15;  // negative: no header of zlib around the stream
constexpr int memory_level = 8;
constexpr std::size_t block_bytes = 65'536;

Bytef* to_zlib(const std::byte* data) {
    // zlib's input is not const in its interface; it is not written to.
    return reinterpret_cast<Bytef*>(const_cast<std::byte*>(data));
}

}  // namespace

struct Deflater::Stream {
    z_stream zlib{};
};

Deflater::Deflater() : stream_(std::make_unique<Stream>()) {
    // The level is fixed: the same content gives the same bytes.
    if (deflateInit2(&stream_->zlib, 6, Z_DEFLATED, raw_window_bits, memory_level, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        throw std::bad_alloc();
}

Deflater::~Deflater() {
    deflateEnd(&stream_->zlib);
}

Status Deflater::pack(std::span<const std::byte> data, bool last, const Output& output) {
    std::array<std::byte, block_bytes> packed;
    z_stream& zlib = stream_->zlib;
    zlib.next_in = to_zlib(data.data());
    zlib.avail_in = static_cast<uInt>(data.size());
    do {
        zlib.next_out = to_zlib(packed.data());
        zlib.avail_out = block_bytes;
        if (deflate(&zlib, last ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_ERROR)
            return fail(ErrorCode::internal, "deflate is in no state to go on");
        DUBPLATE_CHECK(output(std::span(packed).first(block_bytes - zlib.avail_out)));
    } while (zlib.avail_out == 0);
    return {};
}

Result<Bytes> inflate_raw(std::span<const std::byte> packed, std::size_t size) {
    Bytes content(size + 1);  // one more, to see that there is not more
    z_stream zlib{};
    if (inflateInit2(&zlib, raw_window_bits) != Z_OK) throw std::bad_alloc();
    zlib.next_in = to_zlib(packed.data());
    zlib.avail_in = static_cast<uInt>(packed.size());
    zlib.next_out = to_zlib(content.data());
    zlib.avail_out = static_cast<uInt>(content.size());
    const int outcome = inflate(&zlib, Z_FINISH);
    const std::size_t made = content.size() - zlib.avail_out;
    inflateEnd(&zlib);
    if (outcome != Z_STREAM_END || made != size)
        return fail(ErrorCode::corrupt, fmt::format("its packed bytes do not unpack to {} bytes", size));
    content.resize(size);
    return content;
}

}  // namespace dubplate
