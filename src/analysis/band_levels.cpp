#include "analysis/band_levels.h"

#include <algorithm>
#include <cmath>

namespace dubplate {

namespace {

constexpr double lowest_hz = 40;
constexpr double highest_hz = 10'000;
constexpr float range_db = 42;
constexpr double loudest_share = 0.98;
constexpr double fall_s = 0.16;
constexpr float silence_power = 1e-10F;
// How much of a band's scale is its own; the rest is that of the loudest band, so that a quiet band stays lower.
constexpr float own_share = 0.7F;

double mel(double hz) {
    return 2595 * std::log10(1 + hz / 700);
}
double mel_to_hz(double value) {
    return 700 * (std::pow(10.0, value / 2595) - 1);
}

float to_db(float power) {
    return 10 * std::log10(std::max(power, silence_power));
}

float percentile_of(const std::vector<float>& values, std::size_t stride, std::size_t offset) {
    std::vector<float> picked;
    for (std::size_t i = offset; i < values.size(); i += stride) picked.push_back(values[i]);
    if (picked.empty()) return 0;
    const auto place = static_cast<std::ptrdiff_t>(loudest_share * static_cast<double>(picked.size() - 1));
    std::nth_element(picked.begin(), picked.begin() + place, picked.end());
    return picked[static_cast<std::size_t>(place)];
}

// Decibels to levels, and slower where they fall.
void finish(std::vector<float>& values, std::size_t stride, std::size_t offset, float top_db, float keep) {
    float shown = 0;
    for (std::size_t i = offset; i < values.size(); i += stride) {
        const float level = std::clamp((values[i] - top_db) / range_db + 1, 0.0F, 1.0F);
        shown = std::max(level, shown * keep);
        values[i] = shown;
    }
}

}  // namespace

void BandLevels::begin(const FrameGrid& grid) {
    grid_ = grid;
    levels_.clear();
    loudness_.clear();
    edges_.clear();
    for (int i = 0; i <= bands; ++i) {
        const double hz =
            mel_to_hz(mel(lowest_hz) + (mel(highest_hz) - mel(lowest_hz)) * i / static_cast<double>(bands));
        // At the bottom bands are narrower than bins: each has one at least.
        const int least = edges_.empty() ? 1 : edges_.back() + 1;
        edges_.push_back(std::min(std::max(grid.bin_at(hz), least), grid.bins));
    }
}

void BandLevels::frame(std::span<const float> magnitudes) {
    float whole = 0;
    for (std::size_t band = 0; band < static_cast<std::size_t>(bands); ++band) {
        float power = 0;
        for (int bin = edges_[band]; bin < edges_[band + 1]; ++bin) {
            const float magnitude = magnitudes[static_cast<std::size_t>(bin)];
            power += magnitude * magnitude;
        }
        whole += power;
        levels_.push_back(to_db(power));
    }
    loudness_.push_back(to_db(whole));
}

void BandLevels::end() {
    const auto keep = static_cast<float>(std::exp(-grid_.hop_s / fall_s));
    constexpr auto stride = static_cast<std::size_t>(bands);
    std::vector<float> tops;
    for (std::size_t band = 0; band < stride; ++band) tops.push_back(percentile_of(levels_, stride, band));
    const float loudest = *std::ranges::max_element(tops);
    for (std::size_t band = 0; band < stride; ++band)
        finish(levels_, stride, band, own_share * tops[band] + (1 - own_share) * loudest, keep);
    finish(loudness_, 1, 0, percentile_of(loudness_, 1, 0), keep);
}

}  // namespace dubplate
