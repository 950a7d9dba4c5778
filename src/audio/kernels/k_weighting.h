// k_weighting.h: the K-weighting filter of BS.1770 at any sample rate, two channels and many steps of time at once.
//
// Shape    planar float in, the sum of squares of the filtered signal out, for each step of about 10 ms.
// Method   a high shelf (+4 dB above 1.7 kHz) and a high pass (38 Hz), each second order, in double. Both are
//          computed from their analog prototypes by the bilinear transform, which at 48 kHz gives the
//          coefficients of BS.1770-5 Annex 1 Tables 1 and 2 to their last printed digit.
// Steps    a recursive filter knows its past, so steps cannot simply be filtered side by side. But it is linear: each step
//          is filtered from rest, and what rings on from the state before it is added afterwards. Of the sum of squares
//          of both, the ringing's own part is a constant for each pair of states, and the mixed part is what the
//          step from rest has in common with the ringing of each state. So one run over the samples is enough.
// Quiet    what is left of a signal after it ends decays towards numbers that the processor handles slowly;
//          at the end of each step it is set to zero once it is 600 dB down.
// Threads  thread-compatible.
// Source   ITU-R BS.1770-5 Annex 1; the analog parameters are those that its tables follow from.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

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

// The design as it is computed:
//   s = x - a1 s1 - a2 s2;  v = s + b1 s1 + b2 s2                       the shelf, 1 / b0 of it
//   d = v + keep d1 - pull u1;  u = u1 + d;  w = d - d1                 the high pass
// where u is the signal behind the poles of the high pass and d what it changed by. Kept as a change, what is left of a
// low sound is not the small difference of large numbers.
struct KWeightingSteps {
    double a1 = 0;
    double a2 = 0;
    double b1 = 0;
    double b2 = 0;
    double keep = 0;
    double pull = 0;
    double energy = 1;  // what the squares of w are to be multiplied by
};

// What the steps of a group come to from rest, one column for each step of each channel.
struct StepsFromRest {
    double squares[row_columns];       // the sum of squares
    double crossings[4][row_columns];  // the sum of products with the ringing of each part of the state
    double states[4][row_columns];     // the state after the step
};

class KWeightedPair {
  public:
    static constexpr std::size_t group = 8;  // steps that are filtered side by side

    // s1, s2, u1 and d1.
    using State = std::array<double, 4>;
    using Sums = std::array<std::array<double, group>, 2>;  // for each channel, for each step
    using Lengths = std::span<const std::int64_t, group>;

    // shortest: the frames of a step; some may be one frame longer.
    KWeightedPair(const KWeighting& design, std::int64_t shortest);

    // A group of steps that follow each other; lengths[j] is `shortest` or one more. One frame more than they hold must
    // be readable. first and second may be the same.
    Sums sums_of_squares(const float* first, const float* second, Lengths lengths);
    // The end of a stream, which fills no group: one channel, a step or a part of one.
    double sum_of_squares(std::size_t channel, const float* samples, std::int64_t frames);

  private:
    using Matrix = std::array<State, 4>;

    void place_columns(const float* first, const float* second, Lengths lengths);
    void join_steps(std::size_t channel, Lengths lengths, std::array<double, group>& sums);

    KWeightingSteps filter_;
    std::int64_t shortest_;
    std::vector<double> ringing_;  // for each frame, what each part of a state of 1 gives there
    Matrix ringing_squares_{};     // the sum over the frames, for each two parts
    Matrix carried_{};             // what a state becomes over a step of zeros: [after][before]
    std::array<State, 2> states_{};
    std::vector<Row> rows_;  // the frames, and that by which a step may be longer
    StepsFromRest from_rest_{};
};

}  // namespace dubplate
