#include "analysis/chroma.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace dubplate {

namespace {

constexpr double lowest_hz = 55;
constexpr double highest_hz = 1000;
constexpr double a4_hz = 440;
constexpr double a4_note = 69;

}  // namespace

void Chroma::begin(const FrameGrid& grid) {
    grid_ = grid;
}

void Chroma::frame(std::span<const float> magnitudes) {
    Thirds counted{};
    const int begin = std::max(grid_.bin_at(lowest_hz), 1);
    const int end = std::min(grid_.bin_at(highest_hz), grid_.bins - 1);
    for (int bin = begin; bin < end; ++bin) {
        const auto at = static_cast<std::size_t>(bin);
        const auto before = static_cast<double>(magnitudes[at - 1]);
        const auto here = static_cast<double>(magnitudes[at]);
        const auto after = static_cast<double>(magnitudes[at + 1]);
        all_energy_ += here * here;
        if (here <= before || here < after || here <= 1e-7) continue;
        // The vertex of a parabola through the logarithms: exact to a hundredth of a bin for a lone sine.
        const double a = std::log(std::max(before, 1e-9));
        const double b = std::log(here);
        const double c = std::log(std::max(after, 1e-9));
        const double offset = std::clamp(0.5 * (a - c) / std::min(a - 2 * b + c, -1e-9), -0.5, 0.5);
        peak_energy_ += before * before + here * here + after * after;
        const double note = a4_note + 12 * std::log2((bin + offset) * grid_.bin_width_hz / a4_hz);
        const double nearest = std::round(note);
        const auto cent = static_cast<std::size_t>(std::clamp((note - nearest + 0.5) * 100, 0.0, 99.0));
        cents_[cent] += here;
        const auto third = static_cast<int>(std::floor(note * 3 + 0.5));
        counted[static_cast<std::size_t>(((third % 36) + 36) % 36)] += magnitudes[at];
    }
    frames_.push_back(counted);
}

// The circular mean of the distances to the next note.
void Chroma::end() {
    double x = 0;
    double y = 0;
    for (std::size_t c = 0; c < cents_.size(); ++c) {
        const double angle =
            2 * std::numbers::pi * (static_cast<double>(c) + 0.5) / static_cast<double>(cents_.size());
        x += cents_[c] * std::cos(angle);
        y += cents_[c] * std::sin(angle);
    }
    if (x == 0 && y == 0) return;
    double turn = std::atan2(y, x) / (2 * std::numbers::pi);
    if (turn < 0) turn += 1;
    tuning_cents_ = 100 * turn - 50;
}

std::vector<NoteStrengths> Chroma::notes() const {
    // A note is the third in which its center lies and the two beside it, the farther one counting less.
    const double shift = tuning_cents_ * 3 / 100;  // in thirds
    std::vector<NoteStrengths> result;
    result.reserve(frames_.size());
    for (const Thirds& frame : frames_) {
        NoteStrengths notes{};
        for (std::size_t third = 0; third < thirds; ++third) {
            const double place = (static_cast<double>(third) - shift) / 3;
            const double nearest = std::round(place);
            const auto off = static_cast<float>(std::abs(place - nearest));
            const auto note = static_cast<std::size_t>(static_cast<int>(nearest + 12) % 12);
            notes[note] += frame[third] * (1 - off);
        }
        result.push_back(notes);
    }
    return result;
}

double Chroma::tonality() const {
    return all_energy_ > 0 ? std::min(1.0, peak_energy_ / all_energy_) : 0;
}

}  // namespace dubplate
