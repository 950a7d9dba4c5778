#include <algorithm>
#include <array>
#include <string_view>

#include "formats/audio/chunks.h"
#include "formats/audio/format.h"
#include "formats/audio/libav_reader.h"

namespace dubplate {

namespace {

constexpr std::array<std::string_view, 3> extensions{"ogg", "oga", "opus"};
constexpr std::string_view page_mark = "OggS";
// RFC 3533, 6: 27 bytes, 255 lengths, and 255 segments of 255 bytes.
constexpr std::uint64_t max_page_bytes = 27 + 255 + 255 * 255;

bool recognizes(std::span<const std::byte> head) {
    return std::string_view(reinterpret_cast<const char*>(head.data()), head.size()).starts_with(page_mark);
}

// Is this page whole, and does it say that a stream ends with it?
bool ends_a_stream(std::span<const std::byte> page) {
    constexpr unsigned end_of_stream = 4;
    ByteReader reader(page, ByteOrder::little);
    reader.skip(5);  // the mark, the version
    const unsigned flags = reader.u8();
    reader.skip(20);  // position, serial number, sequence number, checksum
    std::size_t body_bytes = 0;
    for (const std::byte length : reader.take(reader.u8()))
        body_bytes += std::to_integer<std::size_t>(length);
    reader.skip(body_bytes);
    return reader.ok() && (flags & end_of_stream) != 0;
}

// The last page of a whole file ends a stream; a tag of another kind may follow it.
Result<bool> is_cut_off(const ByteSource& source) {
    const std::uint64_t tail_bytes = std::min(source.size(), 2 * max_page_bytes);
    DUBPLATE_TRY(const Bytes tail,
                 read_range(source, source.size() - tail_bytes, static_cast<std::size_t>(tail_bytes)));
    const std::string_view text(reinterpret_cast<const char*>(tail.data()), tail.size());
    const std::size_t last_page = text.rfind(page_mark);
    return last_page == std::string_view::npos || !ends_a_stream(std::span(tail).subspan(last_page));
}

Result<std::unique_ptr<AudioReader>> open(const ByteSource& source) {
    LibavRequest request;
    request.demuxer = LibavDemuxer::ogg;
    request.known.format = "ogg";
    DUBPLATE_TRY(const bool cut_off, is_cut_off(source));
    if (cut_off)
        request.known.warnings.emplace_back(
            "the file ends before its last page does: its end may be missing");
    DUBPLATE_TRY(request.known.metadata, read_tags(source, "ogg", request.known.losses));
    return open_libav(source, std::move(request));
}

}  // namespace

extern const AudioFormat ogg_format;
const AudioFormat ogg_format{
    .name = "ogg",
    .title = "Ogg",
    .extensions = extensions,
    .writer_library = {},
    .lossless = false,
    .depths = {},
    .rates_hz = {},
    .recognizes = &recognizes,
    .open = &open,
};

}  // namespace dubplate
