// flac_segment.h: a stretch of a FLAC stream, encoded by itself.
//
// What     encode_flac_segment() gives the frames of some blocks as if they had been encoded in their place in the whole:
//          libFLAC numbers them from 0, so their headers are written again. FLAC's frames do not know of each other in
//          any other way, and the encoder keeps nothing from one to the next at our level: the same bytes as of one long
//          run (tested).
// Order    a file is its segments one after the other, every one but the last of flac_segment_blocks() blocks.
// Errors   internal: libFLAC refuses; canceled.
// Threads  a pure function.
// Source   RFC 9639 section 9.1 (frame header), 9.1.5 (coded number), 9.1.8 and 9.3 (checksums).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "audio/stream.h"
#include "formats/audio/format.h"

namespace dubplate {

inline constexpr int flac_block_frames = 4096;  // libFLAC's choice at our level

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

// Appends a frame with another number, its checksums made right. `frame` is one that libFLAC made. Errors: internal, it is
// not.
Status append_flac_frame(std::span<const std::byte> frame, std::uint64_t number, Bytes& to);

}  // namespace dubplate
