// peak_reader.h: the true peak around every frame of one channel, as the limiter needs it.
//
// Shape    chunks of samples, with history() frames standing before each; a peak for each frame, delay() frames late.
// Method   four places for each frame by precise_oversampler(), and between those a parabola through three neighbors
//          wherever they come near the ceiling; also the places that a BS.1770 meter reads, whose filter reads up to
//          0.11 dB more than there is near the top of the band: what is limited must pass that judge too.
// Error    a sine of any phase up to 0.45 of the sample rate reads at most 0.06 dB too low (tested).
// Exact    stretches of which no place comes near the ceiling, by the filters' bounds, are not read: peak 0.
// Threads  thread-compatible.
#pragma once

#include "audio/kernels/oversampler.h"

#include <array>
#include <cstdint>
#include <span>

namespace dubplate {

class PeakReader {
  public:
    static constexpr std::int64_t stretch =
        32;  // two of them are not shorter than the history of either filter

    PeakReader(int sample_rate_hz, double ceiling);

    std::int64_t history() const { return precise_.history() + Oversampler::step; }
    std::int64_t delay() const { return precise_.delay(); }

    // Raises peaks[i] to what is read around frame i - delay(), for each frame i of x. The length is a multiple of
    // `stretch`.
    void read(const float* x, std::span<float> peaks);

  private:
    bool is_far(const float* x, std::int64_t frames);
    bool may_come_near(const Extent& seen) const;
    void catch_up(const float* x);
    void read_stretch(const float* x, float* peaks);

    Oversampler precise_;
    Oversampler meter_;
    float near_;  // what comes near the ceiling
    bool was_read_ = false;
    std::array<Extent, 2> before_;  // of the two stretches before, the newer one first
    float between_before_ = 0;      // the peak between the last frame of the stretch before and its successor
    float third_before_ = 0;        // its last place, at three quarters
};

}  // namespace dubplate
