// band_levels.h: how loud a stream is in each band of hearing, moment by moment, for pictures that move with it.
//
// What     a listener to short frames. Powers are summed into bands of equal width on the mel scale from 40 Hz to 10 kHz; after the end each
//          band is scaled by its own loudest moments and those of all, and falls no faster than an eye likes to see.
// Shape    levels()[frame * bands + band] and loudness()[frame], 0 to 1; time_s(frame) of the grid is its place.
// Method   decibels; 0 is 42 dB under the 98th percentile, which is 1. What rises shows at once; what falls does so by a factor e in 160 ms.
// Memory   100 bytes a frame: 36 MB an hour.
// Threads  thread-compatible.
#pragma once

#include <vector>

#include "analysis/frames.h"

namespace dubplate {

class BandLevels final : public FrameListener {
  public:
    static constexpr int bands = 24;

    void begin(const FrameGrid& grid) override;
    void frame(std::span<const float> magnitudes) override;
    void end() override;

    const FrameGrid& grid() const { return grid_; }
    // After end().
    const std::vector<float>& levels() const { return levels_; }
    const std::vector<float>& loudness() const { return loudness_; }

  private:
    FrameGrid grid_;
    std::vector<int> edges_;       // the first bin of each band, and the end of the last
    std::vector<float> levels_;    // decibels until end()
    std::vector<float> loudness_;  // likewise
};

}  // namespace dubplate
