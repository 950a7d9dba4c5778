#include "analysis/beat_phase.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "analysis/tempo_model.h"

namespace dubplate {

namespace {

constexpr double reach_s = 0.03;
constexpr std::size_t fewest_beats = 4;

struct Stretch {
    std::size_t begin = 0;
    std::size_t end = 0;
};

Stretch around(double time_s, const OnsetEnvelope& onsets) {
    const double hop_s = onsets.grid().hop_s;
    const auto frame = [&](double at_s) {
        return std::min(static_cast<std::size_t>(std::max(0.0, std::round(at_s / hop_s))),
                        onsets.onsets().size());
    };
    return {frame(time_s - reach_s), std::min(frame(time_s + reach_s) + 1, onsets.onsets().size())};
}

// What begins at these places: the mean, over the places, of the highest in each band.
std::array<double, onset_groups> strengths_at(const std::vector<double>& places_s,
                                              const OnsetEnvelope& onsets) {
    std::array<double, onset_groups> sums{};
    for (const double place_s : places_s) {
        const Stretch stretch = around(place_s, onsets);
        Onset highest{};
        for (std::size_t i = stretch.begin; i < stretch.end; ++i)
            for (std::size_t g = 0; g < onset_groups; ++g)
                highest[g] = std::max(highest[g], onsets.onsets()[i][g]);
        for (std::size_t g = 0; g < onset_groups; ++g)
            sums[g] += static_cast<double>(highest[g]) / static_cast<double>(places_s.size());
    }
    return sums;
}

double low_share(const std::array<double, onset_groups>& strengths) {
    const double all = std::reduce(strengths.begin(), strengths.end());
    return all > 0 ? (strengths[0] + strengths[1]) / all : 0;
}

// The logit of the first to be the beat, and not the second.
double lead(const std::array<double, onset_groups>& first, const std::array<double, onset_groups>& second) {
    double logit = 0;
    for (std::size_t g = 0; g < onset_groups; ++g)
        logit += tempo_model::phase_weights[g] * (first[g] - second[g]) / (first[g] + second[g] + 0.05);
    const double low = low_share(first) - low_share(second);
    return logit + tempo_model::phase_weights[onset_groups] * 10 * low * low * low;
}

double strongest_near(double time_s, const OnsetEnvelope& onsets) {
    const Stretch stretch = around(time_s, onsets);
    float most = 0;
    double at_s = time_s;
    for (std::size_t i = stretch.begin; i < stretch.end; ++i) {
        const Onset& onset = onsets.onsets()[i];
        const float sum = std::reduce(onset.begin(), onset.end());
        if (sum <= most) continue;
        most = sum;
        at_s = onsets.grid().time_s(static_cast<double>(i));
    }
    return at_s;
}

// One before the first and one after the last, too, where there is room.
std::vector<double> places_between(const std::vector<double>& beats_s, double end_s) {
    std::vector<double> between;
    const double first_gap_s = beats_s[1] - beats_s[0];
    const double last_gap_s = beats_s.back() - beats_s[beats_s.size() - 2];
    if (beats_s.front() - first_gap_s / 2 > -reach_s)
        between.push_back(std::max(0.0, beats_s.front() - first_gap_s / 2));
    for (std::size_t b = 0; b + 1 < beats_s.size(); ++b) between.push_back((beats_s[b] + beats_s[b + 1]) / 2);
    if (beats_s.back() + last_gap_s / 2 < end_s) between.push_back(beats_s.back() + last_gap_s / 2);
    return between;
}

}  // namespace

std::vector<double> on_the_beat(std::vector<double> beats_s, const OnsetEnvelope& onsets) {
    if (beats_s.size() < fewest_beats) return beats_s;
    const double end_s = onsets.grid().time_s(static_cast<double>(onsets.onsets().size()));
    std::vector<double> between = places_between(beats_s, end_s);
    if (lead(strengths_at(beats_s, onsets), strengths_at(between, onsets)) >= 0) return beats_s;
    for (double& place_s : between) place_s = strongest_near(place_s, onsets);
    return between;
}

}  // namespace dubplate
