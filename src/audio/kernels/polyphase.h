// polyphase.h: a signal at another sample rate, by one windowed sinc, read at as many phases as the ratio has.
//
//   output n stands at the input's place n * M / L          44.1 to 48 kHz: M = 147, L = 160
//   x[i-H+1] ... x[i] | x[i+1] ... x[i+H]                    2H taps around it, i = floor(n * M / L)
//
// Quality  pass band to 0.913 of the lower Nyquist, all above that Nyquist 140 dB down; linear phase. Each phase passes a
//          constant as it is. Sums are of floats.
// Method   after M frames the phases come round again. So 16 stretches of the input, one after the other and a whole number
//          of rounds long, stand side by side in columns, and one weight serves all of them.
// Rates    those whose table is small: all that music is kept in, from each to each. suits() tells.
// Threads  immutable after construction.
#pragma once

#include <cstdint>
#include <vector>

#include "audio/kernels/columns.h"

namespace dubplate {

// What a frame counts for two outputs that follow each other.
struct PairedWeight {
    float first = 0;
    float second = 0;
};

class PolyphaseFilter {
  public:
    static bool suits(int from_hz, int to_hz);

    PolyphaseFilter(int from_hz, int to_hz);  // two that suits() says yes to

    std::int64_t half_taps() const { return half_taps_; }  // H
    std::int64_t taps() const { return 2 * half_taps_; }
    std::int64_t stretch_in() const { return rounds_ * round_in_; }    // frames of each column
    std::int64_t stretch_out() const { return rounds_ * round_out_; }  // and what becomes of them
    // Of the input, for run(): H - 1 of those before the stretch, the stretch, and more than H of those after it.
    std::int64_t rows() const { return stretch_in() + width_; }

    // rows: rows() of them. out: stretch_out().
    void run(const Row* rows, Row* out) const;

  private:
    std::int64_t half_taps_ = 0;
    std::int64_t round_in_ =
        1;  // M and L, or twice as much: outputs are made in pairs, which share what they read
    std::int64_t round_out_ = 1;
    std::int64_t rounds_ = 1;            // in a stretch
    std::int64_t width_ = 0;             // rows that a pair reads
    std::vector<std::int64_t> starts_;   // the first row of each pair of a round
    std::vector<PairedWeight> weights_;  // width_ for each pair of a round
};

}  // namespace dubplate
