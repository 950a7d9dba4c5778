// flac_frame_reader.h: one frame of FLAC, from its bytes.
//
// What     the header with its checksum, the channels, how two of them were stored, and the checksum over all. Nothing of it
//          is shared with the encoder but the checksums.
// Shape    planar integers, right-justified, of the stream's depth.
// Hostile  any bytes: nothing past them counts. The bytes must go on for BitReader::slack_bytes, whatever is there.
// Memory   the samples of one frame, 65535 for each channel at most, used again.
// Threads  thread-compatible.
// Source   RFC 9639 sections 9.1 to 9.3.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "audio/stream.h"
#include "formats/audio/flac_metadata.h"
#include "formats/audio/flac_subframe_reader.h"

namespace dubplate {

struct FlacFrameHeader {
    std::int64_t frames = 0;
    int sample_rate_hz = 0;
    int channels = 0;
    int bits = 0;
    std::optional<StereoCode> stereo{};
    std::size_t bytes = 0;  // of the header
};

// None: no frame begins here. What a frame leaves to the stream is taken from `info`.
std::optional<FlacFrameHeader> parse_flac_frame_header(std::span<const std::byte> data,
                                                       const FlacStreamInfo& info);

enum class FlacFrameState {
    good,
    bad_checksum,
    bad_samples,  // this is no frame
    cut_short,    // the data end within it
};

class FlacFrameReader {
  public:
    // data: from the frame's first byte on, longer than it. bytes(): how long it is, after `good` and `bad_checksum`.
    FlacFrameState read(const FlacFrameHeader& header, std::span<const std::byte> data);
    std::size_t bytes() const { return bytes_; }

    // Of the last frame, until the next.
    BlockView<const std::int32_t> samples() const { return {pointers_, frames_}; }

  private:
    bool read_channels(const FlacFrameHeader& header, BitReader& reader);
    void restore_wide_mid_and_side();

    FlacSubframeReader subframe_;
    std::vector<std::vector<std::int32_t>> channels_;
    std::vector<const std::int32_t*> pointers_;
    std::int64_t frames_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace dubplate
