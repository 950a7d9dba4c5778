// resample.h: another sample rate, by libsoxr at its very high quality.
//
// Length   exactly resampled_frames(frames in, from, to) come out (units.h), aligned: the filter's delay is removed.
// Quality  SOXR_VHQ: 28-bit, linear phase, pass band to 0.913 of the lower Nyquist. One thread (its OpenMP spins).
// Equal    rates pass through untouched.
// Threads  thread-compatible. Memory: a few blocks for each channel.
// Errors   start(): unsupported rates (below 1 kHz or above 768 kHz); internal when libsoxr fails.
#pragma once

#include <memory>

#include "audio/stream.h"

namespace dubplate {

class Resampler final : public Filter<float, float> {
  public:
    explicit Resampler(int target_rate_hz);
    ~Resampler() override;

    Status start(const StreamFormat& format) override;
    Status process(BlockView<const float> block) override;
    Status finish() override;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace dubplate
