// mixing.h: channels mixed into one, and the range of samples that a picture of the waveform shows.
//
// Shape    planar floats.
// Method   sums in double, channel after channel; rounded once.
// Bad      what is not a number is in no range.
// Threads  free functions, no state.
#pragma once

#include <cstdint>
#include <span>

namespace dubplate {

struct SampleRange {
    float low = 0;
    float high = 0;
};

// to[i] = the sum of weights[c] * channels[c][i].
void mix_channels(std::span<const float* const> channels, std::span<const double> weights, float* to,
                  std::int64_t count);

// `range`, widened by the samples.
SampleRange widened(SampleRange range, const float* samples, std::int64_t count);

}  // namespace dubplate
