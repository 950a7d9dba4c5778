#include "formats/audio/m4a.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "formats/audio/m4a_boxes.h"
#include "formats/audio/mp3_header.h"

namespace dubplate {

namespace {

constexpr std::array<std::string_view, 3> extensions{"m4a", "mp4", "aac"};

bool is_mp4(std::span<const std::byte> head) {
    if (head.size() < 8) return false;
    const std::string_view type(reinterpret_cast<const char*>(head.data()) + 4, 4);
    return type == "ftyp" || type == "moov";
}

bool recognizes(std::span<const std::byte> head) {
    return is_mp4(head) || starts_with_adts(head);
}

}  // namespace

Result<LibavRequest> m4a_request(const ByteSource& source) {
    std::array<std::byte, 8> head{};
    DUBPLATE_TRY(const std::size_t got, source.read_at(0, head));
    LibavRequest request;
    request.known.format = "m4a";
    request.demuxer = LibavDemuxer::aac;
    request.trusts_duration = false;
    if (is_mp4(std::span(head).first(got))) {
        request.demuxer = LibavDemuxer::mov;
        DUBPLATE_TRY(const M4aTiming timing, read_m4a_timing(source));
        request.trim = m4a_trim(timing);
        request.libav_trims =
            !timing.edits.empty();  // iTunes' comment alone is libav's to read in some versions
        request.known.frames_exact = request.trim && !timing.is_cut_off;
        request.trusts_duration = !timing.is_fragmented && !timing.is_cut_off;
        if (timing.is_cut_off) request.known.warnings.emplace_back("the file ends before its last box does");
    }
    return request;
}

Result<std::unique_ptr<AudioReader>> open_m4a(const ByteSource& source) {
    DUBPLATE_TRY(LibavRequest request, m4a_request(source));
    DUBPLATE_TRY(request.known.metadata, read_tags(source, "m4a", request.known.losses));
    return open_libav(source, std::move(request));
}

extern const AudioFormat m4a_format;
const AudioFormat m4a_format{
    .name = "m4a",
    .title = "M4A",
    .extensions = extensions,
    .writer_library = {},
    .lossless = false,
    .depths = {},
    .rates_hz = {},
    .recognizes = &recognizes,
    .open = &open_m4a,
};

}  // namespace dubplate
