// mono_mix.h: one channel out of several, for the analysis to hear.
//
// What     the mean of the channels. Of two channels in opposite phase that is silence: where half their difference has been 12 dB
//          louder than half their sum over the last second, the difference is taken, until it no longer is by 6 dB.
// Range    samples that are not finite count as 0; 1 to 8 channels. With three and more it is always the mean.
// Blocks   what is taken is decided each 1024 frames for the next ones: the result does not depend on how the stream was cut.
// Threads  thread-compatible.
#pragma once

#include <cstdint>
#include <vector>

#include "audio/stream.h"

namespace dubplate {

class MonoMix {
  public:
    // `mono` becomes as long as the block.
    void process(BlockView<const float> block, std::vector<float>& mono);
    float peak() const { return peak_; }

  private:
    void mix_pair(const float* left, const float* right, float* to, std::size_t count);
    void decide();

    std::int64_t in_chunk_ = 0;  // frames of the chunk that were mixed
    double sum_energy_ = 0;      // of the chunk so far
    double difference_energy_ = 0;
    double sum_level_ = 0;  // of the last second
    double difference_level_ = 0;
    float share_ = 0;         // of the difference: 0 or 1 ...
    float share_before_ = 0;  // ... to which it goes in a straight line within a chunk
    float peak_ = 0;
};

}  // namespace dubplate
