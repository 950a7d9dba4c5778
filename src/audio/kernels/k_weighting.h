// k_weighting.h: the K-weighting filter of BS.1770 at any sample rate, two channels at a time.
//
// Shape    planar float in, the sum of squares of the filtered signal out.
// Method   a high shelf (+4 dB above 1.7 kHz) and a high pass (38 Hz), each second order, in double. Both are
//          computed from their analog prototypes by the bilinear transform, which at 48 kHz gives the
//          coefficients of BS.1770-5 Annex 1 Tables 1 and 2 to their last printed digit.
// Quiet    what is left of a signal after it ends decays towards numbers that the processor handles slowly;
//          settle() sets it to zero once it is 600 dB down.
// Threads  thread-compatible.
// Source   ITU-R BS.1770-5 Annex 1; the analog parameters are those that its tables follow from.
#pragma once

#include "audio/kernels/lanes.h"

#include <array>
#include <cstdint>

namespace dubplate {

// y[n] = b0 x[n] + b1 x[n-1] + b2 x[n-2] - a1 y[n-1] - a2 y[n-2]
struct Biquad {
    double b0 = 1;
    double b1 = 0;
    double b2 = 0;
    double a1 = 0;
    double a2 = 0;
};

struct KWeighting {
    Biquad shelf;
    Biquad high_pass;
};

KWeighting design_k_weighting(int sample_rate_hz);

class KWeightedPair {
  public:
    explicit KWeightedPair(const KWeighting& design) : design_(design) {}

    // The sums of squares of both channels after the filter. first and second may be the same.
    std::array<double, 2> sum_of_squares(const float* first, const float* second, std::int64_t frames);
    void settle();

  private:
    KWeighting design_;
    DoubleLanes input_[2] = {};     // one and two frames ago
    DoubleLanes shelved_[2] = {};   // the same, after the shelf
    DoubleLanes weighted_[2] = {};  // the same, after both
};

}  // namespace dubplate
