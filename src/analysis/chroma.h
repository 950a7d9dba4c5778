// chroma.h: how strongly each of the twelve notes sounds, moment by moment.
//
// What     a listener to long frames. Peaks of the spectrum between 55 and 1000 Hz are counted with their magnitude into 36 thirds
//          of a semitone each; the recording's own tuning decides which third is the middle of a note.
// Shape    one frame each 0.19 s (time_s of the grid); index 0 is C, 11 is B.
// Units    linear magnitude; tuning in cents from A = 440 Hz, -50 to 50.
// Memory   144 bytes a frame: 2.8 MB an hour.
// Threads  thread-compatible.
#pragma once

#include <array>
#include <vector>

#include "analysis/frames.h"

namespace dubplate {

inline constexpr std::size_t notes_in_octave = 12;
using NoteStrengths = std::array<float, notes_in_octave>;

class Chroma final : public FrameListener {
  public:
    void begin(const FrameGrid& grid) override;
    void frame(std::span<const float> magnitudes) override;
    void end() override;

    const FrameGrid& grid() const { return grid_; }
    // After end().
    double tuning_cents() const { return tuning_cents_; }
    std::vector<NoteStrengths> notes() const;
    // The share of the spectrum's energy that stands in narrow peaks, 0 (noise) to 1 (tones); loud frames weigh more.
    double tonality() const;

  private:
    static constexpr std::size_t thirds = 3 * notes_in_octave;
    using Thirds = std::array<float, thirds>;

    FrameGrid grid_;
    std::vector<Thirds> frames_;
    std::array<double, 100> cents_{};  // strength of peaks by their distance to the next note, 1 cent each
    double peak_energy_ = 0;
    double all_energy_ = 0;
    double tuning_cents_ = 0;
};

}  // namespace dubplate
