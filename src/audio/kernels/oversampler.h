// oversampler.h: the signal between the samples, by a polyphase windowed sinc.
//
//      x[i-2H+1] ... x[i-H]   |   x[i-H+1] ... x[i]        2H frames are seen for each frame i
//                         place i - H + phase / factor     phase 1 .. factor-1; phase 0 is the sample itself
//
// Shape    one channel of floats, with history() frames standing before the first.
// Readings meter_oversampler(): what BS.1770-5 Annex 2 asks for, by the 49-tap filter whose readings are the common
//          reference of loudness meters; it reads up to 0.44 dB too little and 0.11 dB too much near the top of the
//          band. precise_oversampler(): 4x by 48 taps for each place, flat within 0.01 dB up to 0.46 of the sample
//          rate; what lies between its places is for the caller to estimate.
// Threads  immutable after construction.
#pragma once

#include "audio/kernels/lanes.h"

#include <cstdint>
#include <vector>

namespace dubplate {

class Oversampler {
  public:
    enum class Window { hann, kaiser };

    // factor: 1 (nothing between), 2 or 4. half_width: H, in frames.
    Oversampler(int factor, int half_width, Window window);

    int factor() const { return factor_; }
    int delay() const { return half_width_; }
    int history() const { return 2 * half_width_ - 1; }
    // No place between samples reads more than bound() times the largest sample that it sees.
    float bound() const { return bound_; }

    // The largest magnitude between the samples that each of `frames` frames sees; a multiple of four.
    float peak(const float* x, std::int64_t frames) const;
    // All that peak() looked at: rows[phase - 1][i]. frames is a multiple of four.
    void read(const float* x, std::int64_t frames, float* const* rows) const;

  private:
    template <class Take>
    void each_group(const float* x, std::int64_t frames, Take&& take) const;

    int factor_;
    int half_width_;
    float bound_ = 1;
    // The phases are mirror images of each other, so the sums of two mirrored samples carry the even part and their
    // differences the odd one. For each pair of samples: middle phase, even part, odd part of the outer two.
    std::vector<FloatLanes> middle_;
    std::vector<FloatLanes> even_;
    std::vector<FloatLanes> odd_;
};

Oversampler meter_oversampler(int sample_rate_hz);
Oversampler precise_oversampler();

}  // namespace dubplate
