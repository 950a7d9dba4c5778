// k_weighting.h: the K-weighting filter of BS.1770 at any sample rate, two channels and many steps of time at once.
//
// Shape    planar float in, the sum of squares of the filtered signal out, for each step of about 10 ms. Before the first
//          frame that is given stand the two frames that came before it in the stream.
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

// What the steps of a group come to from rest, one column for each step of each channel.
struct StepsFromRest {
    double squares[row_columns];       // the sum of squares
    double crossings[4][row_columns];  // the sum of products with the ringing of each part of the state
    double states[4][row_columns];     // the state after the step
};

class KWeightedPair {
  public:
    static constexpr std::size_t group = 8;  // steps that are filtered side by side

    // The newest two outputs of the shelf, then of the high pass.
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

    void place_columns(std::size_t channel, const float* samples, Lengths lengths);
    void join_steps(std::size_t channel, Lengths lengths, std::array<double, group>& sums);
    double advance_longer(std::size_t column, State& state) const;

    KWeighting design_;
    std::int64_t shortest_;
    std::vector<double> ringing_;  // for each frame, what each part of a state of 1 gives there
    Matrix ringing_squares_{};     // the sum over the frames, for each two parts
    Matrix carried_{};             // what a state becomes over a step of zeros: [after][before]
    std::array<State, 2> states_{};
    std::vector<Row> rows_;  // two rows of the frames before, and then one for each frame
    StepsFromRest from_rest_{};
};

}  // namespace dubplate
