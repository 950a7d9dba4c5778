// flac_segment.h: a stretch of a FLAC stream, encoded by itself.
//
// What     encode_flac_segment() gives the frames of some blocks. FLAC's frames do not know of each other but by their
//          number, so segments are encoded side by side and make the same stream as one long run.
// Order    a file is its segments one after the other, every one but the last of flac_segment_blocks() blocks.
// Errors   canceled.
// Threads  a pure function.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <vector>

#include "audio/stream.h"
#include "formats/audio/flac_frame.h"
#include "formats/audio/format.h"

namespace dubplate {

// So many that a segment holds half a megabyte of samples.
constexpr std::int64_t flac_segment_blocks(int channels) {
    return 32 / channels + 1;
}

struct FlacSegment {
    Bytes bytes;
    std::vector<std::size_t> frame_bytes;  // of each frame, in order
};

// first_number: of the first block in the stream.
Result<FlacSegment> encode_flac_segment(BlockView<const std::int32_t> samples, const WriterSettings& settings,
                                        std::uint64_t first_number, std::stop_token stop);

}  // namespace dubplate
