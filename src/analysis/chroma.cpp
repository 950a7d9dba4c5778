#include "analysis/chroma.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace dubplate {

namespace {

constexpr double lowest_hz = 55;
constexpr double highest_hz = 1000;
constexpr double bass_hz = 165;
constexpr double a4_hz = 440;
constexpr double a4_note = 69;
constexpr float least_magnitude = 1e-6f;  // -120 dBFS
// A tone's own main lobe is four bins: a reach of eight leaves the mean to its surroundings.
constexpr int floor_reach = 8;
constexpr float floor_share = 1.0f;

// Where between bins a peak is: the vertex of a parabola through the logarithms, exact to a hundredth for a lone sine.
double vertex(float before, float here, float after) {
    const double a = std::log(std::max(static_cast<double>(before), 1e-9));
    const double b = std::log(static_cast<double>(here));
    const double c = std::log(std::max(static_cast<double>(after), 1e-9));
    return std::clamp(0.5 * (a - c) / std::min(a - 2 * b + c, -1e-9), -0.5, 0.5);
}

// The mean magnitude of the bins around one: what noise and drums put under a tone.
class FloorMean {
  public:
    explicit FloorMean(std::span<const float> magnitudes) : sums_(magnitudes.size() + 1, 0.0f) {
        for (std::size_t i = 0; i < magnitudes.size(); ++i) sums_[i + 1] = sums_[i] + magnitudes[i];
    }
    float around(int bin) const {
        const int begin = std::max(0, bin - floor_reach);
        const int end = std::min(static_cast<int>(sums_.size()) - 1, bin + floor_reach + 1);
        return (sums_[static_cast<std::size_t>(end)] - sums_[static_cast<std::size_t>(begin)]) /
               static_cast<float>(end - begin);
    }

  private:
    std::vector<float> sums_;
};

template <class Moment>
void join_neighbors(std::vector<Moment>& moments) {
    for (std::size_t i = 0; i < moments.size() / 2; ++i)
        for (std::size_t n = 0; n < moments[i].size(); ++n)
            moments[i][n] = moments[2 * i][n] + moments[2 * i + 1][n];
    moments.resize(moments.size() / 2);
}

std::array<double, notes_in_octave> shares(const std::vector<NoteStrengths>& frames) {
    std::array<double, notes_in_octave> sums{};
    double all = 0;
    for (const NoteStrengths& frame : frames)
        for (std::size_t n = 0; n < notes_in_octave; ++n) {
            sums[n] += static_cast<double>(frame[n]);
            all += static_cast<double>(frame[n]);
        }
    for (double& sum : sums) sum = all > 0 ? sum / all : 0;
    return sums;
}

}  // namespace

void Chroma::begin(const FrameGrid& grid) {
    grid_ = grid;
}

void Chroma::frame(std::span<const float> magnitudes) {
    const int begin = std::max(grid_.bin_at(lowest_hz), 1);
    const int end = std::min(grid_.bin_at(highest_hz), grid_.bins - 1);
    const FloorMean floor(magnitudes);
    for (int bin = begin; bin < end; ++bin) {
        const float* const here = magnitudes.data() + bin;
        all_energy_ += static_cast<double>(*here * *here);
        if (*here <= here[-1] || *here < here[1] || *here < least_magnitude) continue;
        peak_energy_ += static_cast<double>(here[-1] * here[-1] + *here * *here + here[1] * here[1]);
        const double hz = (bin + vertex(here[-1], *here, here[1])) * grid_.bin_width_hz;
        const double note = a4_note + 12 * std::log2(hz / a4_hz);
        const double place = (note - std::round(note) + 0.5) * static_cast<double>(cents_.size());
        cents_[std::min(static_cast<std::size_t>(std::max(place, 0.0)), cents_.size() - 1)] +=
            static_cast<double>(*here);
        const std::size_t third = static_cast<std::size_t>(std::lround(note * 3)) % thirds;
        const float above = std::max(0.0f, *here - floor_share * floor.around(bin));
        current_[third] += above;
        if (hz < bass_hz) current_bass_[third] += above;
    }
    if (++in_current_ == frames_in_moment_) close_moment();
}

void Chroma::close_moment() {
    moments_.push_back(std::exchange(current_, {}));
    bass_moments_.push_back(std::exchange(current_bass_, {}));
    in_current_ = 0;
    if (moments_.size() < most_moments) return;
    join_neighbors(moments_);
    join_neighbors(bass_moments_);
    frames_in_moment_ *= 2;
}

// The circular mean of the distances to the next note, and how long its vector is.
void Chroma::end() {
    if (in_current_ > 0) close_moment();
    double x = 0;
    double y = 0;
    double all = 0;
    for (std::size_t c = 0; c < cents_.size(); ++c) {
        const double turn = (static_cast<double>(c) + 0.5) / static_cast<double>(cents_.size()) - 0.5;
        x += cents_[c] * std::cos(2 * std::numbers::pi * turn);
        y += cents_[c] * std::sin(2 * std::numbers::pi * turn);
        all += cents_[c];
    }
    if (all <= 0) return;
    tuning_cents_ = 100 * std::atan2(y, x) / (2 * std::numbers::pi);
    agreement_ = std::hypot(x, y) / all;
}

// A third counts for the note that is nearest once the tuning is taken off, the less the farther it is.
std::vector<NoteStrengths> Chroma::fold(const std::vector<Thirds>& moments) const {
    std::array<std::size_t, thirds> note_of{};
    std::array<float, thirds> weight{};
    for (std::size_t third = 0; third < thirds; ++third) {
        const double place = (static_cast<double>(third) - tuning_cents_ * 3 / 100) / 3;
        const double nearest = std::round(place);
        weight[third] = static_cast<float>(1 - std::abs(place - nearest));
        note_of[third] = static_cast<std::size_t>(nearest + notes_in_octave) % notes_in_octave;
    }
    std::vector<NoteStrengths> result;
    result.reserve(moments.size());
    for (const Thirds& moment : moments) {
        NoteStrengths notes{};
        for (std::size_t third = 0; third < thirds; ++third)
            notes[note_of[third]] += moment[third] * weight[third];
        result.push_back(notes);
    }
    return result;
}

double Chroma::tonality() const {
    return all_energy_ > 0 ? std::min(1.0, peak_energy_ / all_energy_) : 0;
}

ChromaSummary summarize(const Chroma& chroma) {
    const std::vector<NoteStrengths> notes = chroma.notes();
    const FrameGrid& grid = chroma.grid();
    return {shares(notes), shares(chroma.bass()), chroma.tonality(), chroma.agreement(),
            static_cast<double>(notes.size()) * chroma.moment_s() / grid.window_s};
}

}  // namespace dubplate
