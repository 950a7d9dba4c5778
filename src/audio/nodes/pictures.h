// pictures.h: what the report draws, gathered while a stream passes.
//
// Waveform  the lowest and highest sample of each of at most `columns` equal stretches, over all channels. Memory does
//           not grow with the length: stretches are joined two by two as it goes on.
// Spectrum  the mean power in third-octave-like bands, dBFS (a full-scale sine reads -3.01), by a Hann window of 8192
//           frames at half overlap over the mean of the channels' power.
// Threads   thread-compatible.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "audio/stream.h"

namespace dubplate {

struct WaveformColumn {
    float low = 0;
    float high = 0;
};

class WaveformPicture final : public Sink<float> {
  public:
    explicit WaveformPicture(int columns = 1200);
    ~WaveformPicture() override;
    Status start(const StreamFormat& format) override;
    Status process(BlockView<const float> block) override;
    Status finish() override;
    const std::vector<WaveformColumn>& columns()
        const;               // after finish(): at most `columns` (columns/2 or more for long streams)
    double seconds() const;  // after finish()

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

struct SpectrumBand {
    double frequency_hz = 0;  // center
    double level_db = 0;
};

class SpectrumPicture final : public Sink<float> {
  public:
    SpectrumPicture();
    ~SpectrumPicture() override;
    Status start(const StreamFormat& format) override;
    Status process(BlockView<const float> block) override;
    Status finish() override;
    const std::vector<SpectrumBand>& bands() const;  // after finish()

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace dubplate
