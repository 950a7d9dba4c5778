// decimator.h: a mono signal at an integer fraction of its rate.
//
// What     y[n] is x filtered, at the place of x[n * factor]: the filter is symmetric and its delay is taken back.
// Filter   a sinc under a Kaiser window: -60 dB above 0.58 of the new rate, flat up to 0.42 of it; what lies between
//          folds over itself at the top of the band, where nothing of ours listens.
// Length   ceil(frames / factor), after finish(). Factor 1 passes everything unchanged.
// Blocks   the result does not depend on how the stream was cut: each sum has its own fixed order.
// Threads  thread-compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace dubplate {

class Decimator {
  public:
    explicit Decimator(int factor);

    // Appends to `output` what can be told from what has come so far.
    void process(std::span<const float> input, std::vector<float>& output);
    void finish(std::vector<float>& output);

  private:
    void drain(std::vector<float>& output);

    std::size_t factor_;
    std::vector<float> taps_;
    std::vector<float> pending_;  // begins with the first sample that the next result needs
    std::vector<float> phase_;    // scratch
};

}  // namespace dubplate
