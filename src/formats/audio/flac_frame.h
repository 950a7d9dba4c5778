// flac_frame.h: encodes frames of FLAC.
//
// What     a frame is a header with its number, one subframe for each channel and a checksum. Two channels are stored as
//          they are or as two of left, right, half their sum and their difference, whichever the autocorrelations of all
//          four promise to be shortest; the windowed channels are added and subtracted, so two of the four are free.
// Range    16 and 24 bits, 1 to 8 channels, up to flac_block_frames frames, numbers of up to 36 bits.
// Exact    a frame depends on its samples and its number alone: not on frames before it, nor on the kind of processor.
// Threads  thread-compatible; holds what it works in, to be used for one frame after the other.
// Source   RFC 9639 section 9.1.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "audio/stream.h"
#include "formats/audio/flac_subframe.h"
#include "formats/audio/format.h"

namespace dubplate {

inline constexpr int flac_block_frames = 4096;

class FlacFrameEncoder {
  public:
    FlacFrameEncoder(StreamFormat stream, int bits);

    // samples: 1 to flac_block_frames.
    void append(BlockView<const std::int32_t> samples, std::uint64_t number, Bytes& to);

  private:
    using Channel = std::span<const std::int32_t>;

    // A channel behind the window, with the zeros around it that autocorrelate() asks for.
    class Windowed {
      public:
        Windowed();
        double* samples() { return values_.data() + most_prediction_order; }

      private:
        std::vector<double> values_;
    };

    Autocorrelation correlate(Channel channel, Windowed& windowed);
    void append_pair(Channel left, Channel right, std::uint64_t number, BitWriter& writer);
    void append_channel(Channel channel, BitWriter& writer);
    void append_header(std::size_t frames, unsigned channels, std::uint64_t number, BitWriter& writer) const;
    void set_window(std::size_t frames);

    StreamFormat stream_;
    int bits_;
    std::vector<float> window_;
    std::array<Windowed, 2> windowed_;
    std::vector<std::int32_t> mid_;
    std::vector<std::int32_t> side_;
    FlacSubframe subframe_;
    Bytes frame_;
};

}  // namespace dubplate
