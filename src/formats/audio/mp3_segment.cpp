#include "formats/audio/mp3_segment.h"

#include <algorithm>

#include "formats/audio/lame_encoder.h"
#include "formats/audio/mp3_header.h"

namespace dubplate {

namespace {

// Frames `first` to `end` of the stream; fewer where there are no more.
Result<Mp3Segment> take_frames(const Bytes& stream, std::int64_t first, std::int64_t end) {
    Mp3Segment segment;
    std::size_t at = 0;
    std::size_t begin = 0;
    for (std::int64_t i = 0; at < stream.size() && i < end; ++i) {
        if (i == first) begin = at;
        const auto header = parse_mp3_header(std::span(stream).subspan(at));
        if (!header || at + static_cast<std::size_t>(header->frame_bytes) > stream.size())
            return fail(ErrorCode::internal, "LAME gave out something that is no frame");
        at += static_cast<std::size_t>(header->frame_bytes);
        segment.frames += i >= first ? 1 : 0;
    }
    const std::span frames = std::span(stream).subspan(begin, at - begin);
    segment.bytes.assign(frames.begin(), frames.end());
    return segment;
}

}  // namespace

bool can_split_mp3(const WriterSettings& settings) {
    const auto bitrates = mp3_bitrates_of(settings.stream.sample_rate_hz);
    return !settings.mp3.vbr_quality && !bitrates.empty() && settings.mp3.bitrate_kbps == bitrates.back();
}

std::int64_t mp3_frame_samples(int sample_rate_hz) {
    return sample_rate_hz >= 32'000 ? 1152 : 576;  // MPEG-1, and its halves
}

Result<Mp3Segment> encode_mp3_segment(BlockView<const float> samples, const WriterSettings& settings,
                                      Mp3Place place, std::stop_token stop) {
    DUBPLATE_TRY(LameEncoder encoder, LameEncoder::make(settings, {.reservoir = false}));
    Bytes stream;
    for (std::int64_t begin = 0; begin < samples.frames(); begin += block_frames) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        const SubBlock part(samples, begin, std::min(block_frames, samples.frames() - begin));
        DUBPLATE_CHECK(encoder.encode(part.view(), stream));
    }
    if (place.is_last) DUBPLATE_CHECK(encoder.flush(stream));

    const std::int64_t first = place.is_first ? 0 : mp3_warm_up_frames;
    const std::int64_t end = place.is_last ? encoder.frames() : mp3_segment_frames + mp3_warm_up_frames;
    DUBPLATE_TRY(Mp3Segment segment, take_frames(stream, first, end));
    if (segment.frames != end - first)
        return fail(ErrorCode::internal, "LAME holds back more frames than it is known to");
    segment.delay = encoder.delay();
    segment.padding = encoder.padding();
    segment.lowpass_hz = encoder.lowpass_hz();
    return segment;
}

}  // namespace dubplate
