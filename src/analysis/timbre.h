// timbre.h: what a stream sounds like, moment by moment and as a whole.
//
// What     a listener to short frames. The power of each frame is summed into 64 bands on the mel scale and kept in cells of
//          equal length; centroid, spread, rolloff and flatness of each audible frame go into means and deviations.
// Shape    at most most_cells cells. A cell begins as one frame (10 ms); whenever there are too many, neighbors are joined two
//          by two, so memory does not grow with the length: at most 1 MB.
// Units    power: 1 is a sine of full scale; frequencies in Hz; flatness 0 (one tone) to 1 (white noise).
// Source   rolloff: below it lie 85 % of the power (Tzanetakis and Cook, "Musical genre classification of audio signals", 2002).
// Threads  thread-compatible.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "analysis/frames.h"

namespace dubplate {

inline constexpr std::size_t mel_band_count = 64;
using MelPowers = std::array<float, mel_band_count>;

struct Spread {
    double mean = 0;
    double deviation = 0;
    bool operator==(const Spread&) const = default;
};

struct SpectralShape {
    Spread centroid_hz;
    Spread spread_hz;
    Spread rolloff_hz;
    Spread flatness;
    bool operator==(const SpectralShape&) const = default;
};

class Timbre final : public FrameListener {
  public:
    static constexpr std::size_t most_cells = 4096;  // even

    void begin(const FrameGrid& grid) override;
    void frame(std::span<const float> magnitudes) override;
    void end() override;

    // After end(). Cell i reaches from i * cell_s() to (i + 1) * cell_s(), the last one perhaps less far.
    const std::vector<MelPowers>& cells() const { return cells_; }
    double cell_s() const { return static_cast<double>(frames_in_cell_) * grid_.hop_s; }
    static double band_center_hz(std::size_t band);
    // Zeros where no frame is audible.
    SpectralShape shape() const;

  private:
    struct Band {
        std::size_t first_bin = 0;
        std::vector<float> weights;
    };
    struct Moments {
        double sum = 0;
        double squares = 0;
        void add(double value);
        Spread over(std::int64_t count) const;
    };

    void add_shape(std::span<const float> magnitudes);
    void close_cell();
    void join_neighbors();

    FrameGrid grid_;
    std::vector<Band> bands_;
    std::vector<float> powers_;  // of the bins of one frame
    std::vector<MelPowers> cells_;
    MelPowers current_{};
    std::int64_t in_current_ = 0;  // frames
    std::int64_t frames_in_cell_ = 1;
    std::int64_t audible_frames_ = 0;
    Moments centroid_;
    Moments spread_;
    Moments rolloff_;
    Moments flatness_;
};

}  // namespace dubplate
