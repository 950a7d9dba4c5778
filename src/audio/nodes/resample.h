// resample.h: another sample rate.
//
// Length   exactly resampled_frames(frames in, from, to) come out (units.h), aligned: the filter's delay is removed.
// Quality  linear phase, pass band to 0.913 of the lower Nyquist, nothing folded back. All rates that music is kept in go
//          through our own filter (kernels/polyphase.h); the few whose ratio has too many phases, through libsoxr at its
//          very high quality.
// Ratio    where the two are only a ratio (a loop of 22,051 frames that is to have 24,001), their size is not looked at.
// Equal    rates pass through untouched.
// Threads  thread-compatible; our own filter works on `threads` parts of the stream side by side, to the same samples. Memory: a few blocks for each channel, and a table of up to 5 MiB.
// Errors   start(): unsupported rates (below 1 kHz or above 768 kHz); internal when libsoxr fails.
#pragma once

#include <memory>

#include "audio/stream.h"

namespace dubplate {

class Resampler final : public Filter<float, float> {
  public:
    explicit Resampler(int target_rate_hz, int threads = 1, bool is_ratio = false);
    ~Resampler() override;

    Status start(const StreamFormat& format) override;
    Status process(BlockView<const float> block) override;
    Status finish() override;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace dubplate
