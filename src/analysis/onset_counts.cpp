#include "analysis/onset_counts.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace dubplate {

namespace {

constexpr double apart_s = 0.04;
constexpr double beginning_s = 0.15;
constexpr float standing_out = 0.25f;
// What makes a metronome: even to a frame and 2 %, alike to an angle of 14 degrees between the groups' strengths and to a third of each
// group's own, with one in ten allowed to be otherwise. The angle alone does not tell a hat from a kick under a hat.
constexpr std::size_t fewest_clicks = 4;
constexpr double even_share = 0.02;
constexpr double least_likeness = 0.97;
constexpr float least_ratio = 0.35f;
constexpr float heard_share = 0.02f;  // of all groups: less is nothing to compare
constexpr double needed_share = 0.9;

float sum(const Onset& onset) {
    return onset[0] + onset[1] + onset[2] + onset[3];
}

// Deviation over mean, and the mean over the highest of all. The first moments are left out: there, everything begins.
void measure_contrast(const std::vector<Onset>& onsets, double hop_s, OnsetCounts& counts) {
    double total = 0;
    double squares = 0;
    float highest = 0;
    const auto begin =
        std::min(onsets.size() / 2, static_cast<std::size_t>(std::lround(beginning_s / hop_s)));
    for (std::size_t i = 0; i < onsets.size(); ++i) {
        highest = std::max(highest, sum(onsets[i]));
        if (i < begin) continue;
        const auto value = static_cast<double>(sum(onsets[i]));
        total += value;
        squares += value * value;
    }
    const auto frames = static_cast<double>(onsets.size() - begin);
    const double mean = total / frames;
    if (mean <= 0) return;
    counts.contrast = std::sqrt(std::max(0.0, squares / frames - mean * mean)) / mean;
    counts.floor = mean / static_cast<double>(highest);
}

std::vector<std::size_t> places_that_stand_out(const std::vector<Onset>& onsets, double hop_s) {
    std::vector<float> sums(onsets.size());
    std::ranges::transform(onsets, sums.begin(), sum);
    const float floor = standing_out * *std::ranges::max_element(sums);
    const auto reach = static_cast<std::size_t>(std::lround(apart_s / hop_s));
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < sums.size(); ++i) {
        if (sums[i] <= 0 || sums[i] < floor) continue;
        const auto begin = sums.begin() + static_cast<std::ptrdiff_t>(i - std::min(i, reach));
        const auto end = sums.begin() + static_cast<std::ptrdiff_t>(std::min(sums.size(), i + reach + 1));
        if (std::max_element(begin, end) == sums.begin() + static_cast<std::ptrdiff_t>(i))
            places.push_back(i);
    }
    return places;
}

// The cosine of the angle between the strengths of the groups.
double likeness(const Onset& a, const Onset& b) {
    double product = 0;
    double square_a = 0;
    double square_b = 0;
    for (std::size_t g = 0; g < onset_groups; ++g) {
        product += static_cast<double>(a[g]) * static_cast<double>(b[g]);
        square_a += static_cast<double>(a[g]) * static_cast<double>(a[g]);
        square_b += static_cast<double>(b[g]) * static_cast<double>(b[g]);
    }
    return product / std::sqrt(std::max(square_a * square_b, 1e-12));
}

bool are_alike(const Onset& a, const Onset& b) {
    const float heard = heard_share * std::max(sum(a), sum(b));
    for (std::size_t g = 0; g < onset_groups; ++g) {
        const auto [less, more] = std::minmax(a[g], b[g]);
        if (more > heard && less < least_ratio * more) return false;
    }
    return likeness(a, b) >= least_likeness;
}

double even_period(const std::vector<Onset>& onsets, const std::vector<std::size_t>& places) {
    if (places.size() < fewest_clicks) return 0;
    std::vector<std::size_t> gaps;
    for (std::size_t i = 1; i < places.size(); ++i) gaps.push_back(places[i] - places[i - 1]);
    std::vector<std::size_t> sorted = gaps;
    std::ranges::sort(sorted);
    const auto median = static_cast<double>(sorted[sorted.size() / 2]);
    const Onset& middle = onsets[places[places.size() / 2]];
    std::size_t fitting = 0;
    for (std::size_t i = 0; i < gaps.size(); ++i) {
        const bool even = std::abs(static_cast<double>(gaps[i]) - median) <= 1 + even_share * median;
        if (even && are_alike(onsets[places[i]], middle)) ++fitting;
    }
    if (static_cast<double>(fitting) < needed_share * static_cast<double>(gaps.size())) return 0;
    return static_cast<double>(places.back() - places.front()) / static_cast<double>(gaps.size());
}

}  // namespace

OnsetCounts count_onsets(const std::vector<Onset>& onsets, double hop_s) {
    if (onsets.empty()) return {};
    const std::vector<std::size_t> places = places_that_stand_out(onsets, hop_s);
    OnsetCounts counts;
    counts.count = static_cast<int>(places.size());
    counts.per_second = counts.count / (static_cast<double>(onsets.size()) * hop_s);
    measure_contrast(onsets, hop_s, counts);
    counts.even_period = even_period(onsets, places);
    return counts;
}

}  // namespace dubplate
