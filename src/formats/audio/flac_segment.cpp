#include "formats/audio/flac_segment.h"

#include <algorithm>

namespace dubplate {

Result<FlacSegment> encode_flac_segment(BlockView<const std::int32_t> samples, const WriterSettings& settings,
                                        std::uint64_t first_number, std::stop_token stop) {
    FlacFrameEncoder encoder(settings.stream, bits_of(settings.depth));
    FlacSegment segment;
    for (std::int64_t begin = 0; begin < samples.frames(); begin += flac_block_frames) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        const SubBlock block(samples, begin,
                             std::min<std::int64_t>(flac_block_frames, samples.frames() - begin));
        const std::size_t before = segment.bytes.size();
        encoder.append(block.view(), first_number + segment.frame_bytes.size(), segment.bytes);
        segment.frame_bytes.push_back(segment.bytes.size() - before);
    }
    return segment;
}

}  // namespace dubplate
