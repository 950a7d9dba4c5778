// onset_envelope.h: how much begins to sound, moment by moment, in four bands.
//
// What     a listener to short frames. Magnitudes are summed into 36 bands on the mel scale, compressed by log(1 + c x), and the
//          rise against the frame 20 ms before is summed over the bands of each of four groups.
// Shape    one Onset for each frame; time_s(i) of the grid is its place. No unit: 0 is "nothing begins", a loud beat reads
//          3 to 30 in the sum of all four.
// Memory   16 bytes a frame: 5.8 MB an hour.
// Threads  thread-compatible.
#pragma once

#include <array>
#include <vector>

#include "analysis/frames.h"

namespace dubplate {

inline constexpr std::size_t onset_groups = 4;  // below 150 Hz, to 600 Hz, to 2.5 kHz, above
using Onset = std::array<float, onset_groups>;

class OnsetEnvelope final : public FrameListener {
  public:
    void begin(const FrameGrid& grid) override;
    void frame(std::span<const float> magnitudes) override;

    const FrameGrid& grid() const { return grid_; }
    const std::vector<Onset>& onsets() const { return onsets_; }
    std::vector<float> summed() const;  // over the groups
    // How much of the sound that rises falls elsewhere in the same moment, where most rises: near 0 for what begins, near 1 for a tone that
    // glides from band to band.
    double gliding() const { return rise_squares_ > 0 ? matched_rises_ / rise_squares_ : 0; }

  private:
    struct Band {
        int first_bin = 0;
        std::vector<float> weights;
        std::size_t group = 0;
    };
    struct Moment {
        std::vector<float> sums;  // of the magnitudes in each band
        std::vector<float> levels;
    };
    static float sum_of(const Band& band, std::span<const float> magnitudes);

    FrameGrid grid_;
    std::vector<Band> bands_;
    std::vector<Moment> moments_;  // of the last frames, by frame modulo the lag
    std::vector<Onset> onsets_;
    double matched_rises_ = 0;
    double rise_squares_ = 0;
};

}  // namespace dubplate
