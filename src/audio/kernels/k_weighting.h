// k_weighting.h: the K-weighting filter of BS.1770 at any sample rate, on sixteen stretches of a signal at once.
//
// Shape    planar float in, the sum of squares of the filtered signal out, for each step of each stretch.
// Method   a high shelf (+4 dB above 1.7 kHz) and a high pass (38 Hz), each second order. Both are computed from their
//          analog prototypes by the bilinear transform, which at 48 kHz gives the coefficients of BS.1770-5 Annex 1
//          Tables 1 and 2 to their last printed digit.
// Stretches stand side by side in columns (columns.h). A recursive filter knows its past, so each begins from rest 100 ms
//          before what counts: what was there before has decayed by 180 dB then.
// Accuracy floats. Both filters keep what their poles hold as a level and its change, so that no large numbers are taken
//          from each other and rounding stays 120 dB below the signal at all rates (tested against double precision).
// Quiet    what is left of a signal after it ends decays towards numbers that the processor handles slowly; it is set to
//          zero once it is 300 dB down.
// Range    samples up to 2^20; whoever has larger ones scales them down.
// Threads  immutable after construction.
// Source   ITU-R BS.1770-5 Annex 1; the analog parameters are those that its tables follow from.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "audio/kernels/columns.h"

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

// The design as it is computed, for each frame x; every name on the right is that of the frame before:
//   v = x + shelf_level * s + shelf_change * e      e = x - shelf_pull * s - shelf_turn * e      s = s + e
//   w = d - d before                                d = v - pass_pull * u - pass_turn * d        u = u + d
// s and u are the signals behind the poles, one frame late; e and d are what they change by.
struct KWeightingSteps {
    float shelf_level = 0;
    float shelf_change = 0;
    float shelf_pull = 0;
    float shelf_turn = 0;
    float pass_pull = 0;
    float pass_turn = 0;
};

class KWeightedColumns {
  public:
    using Energies = std::array<double, row_columns>;

    explicit KWeightedColumns(int sample_rate_hz);

    // What must be readable before each stretch; silence, where the signal begins.
    std::int64_t warm_up_frames() const { return warm_up_frames_; }

    // energies[i][j]: of step i of stretch j. lengths: those of the steps, which are the same in all stretches.
    void sum_squares(std::span<const float* const, row_columns> stretches,
                     std::span<const std::int64_t> lengths, std::span<Energies> energies) const;

  private:
    KWeightingSteps filter_;
    double scale_ = 1;  // what the squares of w are to be multiplied by
    std::int64_t warm_up_frames_;
};

}  // namespace dubplate
