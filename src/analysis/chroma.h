// chroma.h: how strongly each of the twelve notes sounds, moment by moment.
//
// What     a listener to long frames. Peaks of the spectrum between 55 and 1000 Hz are counted with their magnitude into 36 thirds
//          of a semitone each; the recording's own tuning decides which third is the middle of a note. Peaks below 165 Hz
//          are counted once more as the bass.
// Shape    moments of equal length: one for each frame (0.19 s), until there would be more than most_moments; then two neighbors
//          become one, as often as needed. Index 0 is C, 11 is B.
// Units    linear magnitude; tuning in cents from A = 440 Hz, -50 to 50.
// Memory   flat: 288 bytes for each of most_moments at most, 2.4 MB.
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
    static constexpr std::size_t most_moments = 8192;  // even; 26 minutes of single frames

    void begin(const FrameGrid& grid) override;
    void frame(std::span<const float> magnitudes) override;
    void end() override;

    const FrameGrid& grid() const { return grid_; }

    // After end(). Moment i is centered at first_moment_s() + i * moment_s() from the first sample.
    double moment_s() const { return static_cast<double>(frames_in_moment_) * grid_.hop_s; }
    double first_moment_s() const { return static_cast<double>(frames_in_moment_ - 1) / 2 * grid_.hop_s; }
    double tuning_cents() const { return tuning_cents_; }
    // How well the peaks agree on one tuning: 0 (noise) to 1 (every peak on its note).
    double agreement() const { return agreement_; }
    // The share of the energy that stands in narrow peaks: about 0.5 for noise, near 1 for tones.
    double tonality() const;
    std::vector<NoteStrengths> notes() const { return fold(moments_); }
    std::vector<NoteStrengths> bass() const { return fold(bass_moments_); }

  private:
    static constexpr std::size_t thirds = 3 * notes_in_octave;
    using Thirds = std::array<float, thirds>;
    void close_moment();
    std::vector<NoteStrengths> fold(const std::vector<Thirds>& moments) const;

    FrameGrid grid_;
    std::vector<Thirds> moments_;
    std::vector<Thirds> bass_moments_;
    Thirds current_{};
    Thirds current_bass_{};
    std::int64_t in_current_ = 0;  // frames
    std::int64_t frames_in_moment_ = 1;
    std::array<double, 100> cents_{};  // strength of peaks by their distance to the next note, 1 cent each
    double peak_energy_ = 0;
    double all_energy_ = 0;
    double tuning_cents_ = 0;
    double agreement_ = 0;
};

// A whole piece.
struct ChromaSummary {
    std::array<double, notes_in_octave> notes{};  // sum to 1; all 0 for silence
    std::array<double, notes_in_octave> bass{};   // the same
    double tonality = 0;
    double agreement = 0;
    double windows = 0;  // that share no sample: how much there is to go by
};
ChromaSummary summarize(const Chroma& chroma);

}  // namespace dubplate
