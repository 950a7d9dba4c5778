#include <array>
#include <string_view>

#include "formats/audio/format.h"
#include "formats/audio/libav_reader.h"

namespace dubplate {

namespace {

constexpr std::array<std::string_view, 3> extensions{"ogg", "oga", "opus"};

bool recognizes(std::span<const std::byte> head) {
    return head.size() >= 4 && std::string_view(reinterpret_cast<const char*>(head.data()), 4) == "OggS";
}

Result<std::unique_ptr<AudioReader>> open(const ByteSource& source) {
    LibavRequest request;
    request.demuxer = LibavDemuxer::ogg;
    request.known.format = "ogg";
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
