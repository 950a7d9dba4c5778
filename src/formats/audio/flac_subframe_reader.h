// flac_subframe_reader.h: one channel of a FLAC frame, from its bits.
//
// What     every kind that there is: constant, verbatim, fixed and linear prediction, with low bits that are all 0, codes of
//          both widths and residuals as they are. Nothing of it is shared with the encoder.
// Shape    samples in 64 bits, because the difference of two 32-bit channels has 33.
// Hostile  any bits: what a stream may not hold is told, and nothing past the bits is read.
// Memory   holds what it works in, to be used for one channel after the other.
// Threads  thread-compatible.
// Source   RFC 9639 section 9.2.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "audio/kernels/bit_reader.h"
#include "audio/kernels/reconstruction.h"

namespace dubplate {

class FlacSubframeReader {
  public:
    // bits: of a sample, 4 to 33; frames: of the block. False: this is no subframe, or the bits end within it. `to` gets the
    // lower 32 bits of the samples; samples() has all.
    bool read(BitReader& reader, int bits, std::int64_t frames, std::int32_t* to);

    // Of what was read last, until the next.
    const std::int64_t* samples() const { return samples_.data() + longest_prediction; }

  private:
    std::int64_t* mutable_samples() { return samples_.data() + longest_prediction; }
    bool read_samples(BitReader& reader, unsigned type);
    bool read_constant(BitReader& reader);
    bool read_verbatim(BitReader& reader);
    bool read_fixed(BitReader& reader, std::size_t order);
    bool read_linear(BitReader& reader, std::size_t order);
    bool read_warm_up(BitReader& reader, std::size_t order);
    bool read_predicted_samples(BitReader& reader, const LinearPredictor& predictor);
    bool read_partitions(BitReader& reader, const LinearPredictor& predictor, std::int64_t order);

    unsigned bits_ = 0;
    std::int64_t frames_ = 0;
    std::vector<std::int64_t> samples_;  // behind as many zeros as a prediction looks back
};

}  // namespace dubplate
