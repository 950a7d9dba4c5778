#include "analysis/periodicity.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace dubplate {

namespace {

constexpr double longest_lag_s = 10;
constexpr double longest_share = 0.7;
constexpr double mean_radius_s = 0.4;
// Segments of this length are summed in float, and their sums in double.
constexpr std::size_t segment_frames = 4096;

struct Tooth {
    int multiple;
    double weight;
};
// Multiples of three and of two both, so that the comb takes no side in the meter.
constexpr std::array<Tooth, 6> teeth = {{{1, 1.0}, {2, 0.9}, {3, 0.4}, {4, 0.8}, {6, 0.3}, {8, 0.5}}};

void remove_mean(std::vector<float>& values) {
    double sum = 0;
    for (const float value : values) sum += static_cast<double>(value);
    const auto mean = static_cast<float>(sum / static_cast<double>(std::max<std::size_t>(values.size(), 1)));
    for (float& value : values) value -= mean;
}

// Lags side by side, frame after frame: no sum goes across lanes.
std::vector<double> autocorrelation(const std::vector<float>& values, std::size_t lags) {
    std::vector<double> sums(lags, 0.0);
    std::vector<float> part(lags);
    std::vector<float> padded = values;
    padded.resize(values.size() + lags, 0.0f);
    for (std::size_t begin = 0; begin < values.size(); begin += segment_frames) {
        std::ranges::fill(part, 0.0f);
        const std::size_t end = std::min(begin + segment_frames, values.size());
        for (std::size_t t = begin; t < end; ++t) {
            const float now = padded[t];
            const float* const later = padded.data() + t;
            float* const row = part.data();
            for (std::size_t lag = 0; lag < lags; ++lag) row[lag] += now * later[lag];
        }
        for (std::size_t lag = 0; lag < lags; ++lag) sums[lag] += static_cast<double>(part[lag]);
    }
    return sums;
}

// 1 at lag 0; each lag as if all frames had a partner.
std::vector<float> normalized(const std::vector<double>& sums, std::size_t frames) {
    std::vector<float> result(sums.size(), 0.0f);
    if (sums.empty() || sums[0] <= 1e-9) return result;
    for (std::size_t lag = 0; lag < sums.size(); ++lag) {
        const double share = static_cast<double>(frames - lag) / static_cast<double>(frames);
        result[lag] = static_cast<float>(sums[lag] / (sums[0] * share));
    }
    return result;
}

double fit(const std::vector<float>& correlation, double period, int multiples) {
    double sum = 0;
    for (int k = 1; k <= multiples; ++k) sum += value_at(correlation, k * period);
    return sum;
}

}  // namespace

std::vector<float> sharpened(const std::vector<float>& envelope, double hop_s) {
    const auto frames = static_cast<std::ptrdiff_t>(envelope.size());
    const auto radius = static_cast<std::ptrdiff_t>(std::lround(mean_radius_s / hop_s));
    std::vector<double> sums(envelope.size() + 1, 0.0);
    for (std::size_t i = 0; i < envelope.size(); ++i)
        sums[i + 1] = sums[i] + static_cast<double>(envelope[i]);
    std::vector<float> above(envelope.size());
    for (std::ptrdiff_t i = 0; i < frames; ++i) {
        const std::ptrdiff_t begin = std::max<std::ptrdiff_t>(0, i - radius);
        const std::ptrdiff_t end = std::min(frames, i + radius + 1);
        const double mean = (sums[static_cast<std::size_t>(end)] - sums[static_cast<std::size_t>(begin)]) /
                            static_cast<double>(end - begin);
        const auto at = static_cast<std::size_t>(i);
        above[at] = std::max(0.0f, envelope[at] - static_cast<float>(mean));
    }
    std::vector<float> wide(envelope.size());
    for (std::size_t i = 0; i < wide.size(); ++i) {
        const float before = i > 0 ? above[i - 1] : 0.0f;
        const float after = i + 1 < wide.size() ? above[i + 1] : 0.0f;
        wide[i] = 0.25f * before + 0.5f * above[i] + 0.25f * after;
    }
    return wide;
}

Periodicity find_periodicity(const std::vector<Onset>& onsets, double hop_s) {
    Periodicity result;
    result.hop_s = hop_s;
    const std::size_t frames = onsets.size();
    const auto lags = static_cast<std::size_t>(
        std::min(longest_lag_s / result.hop_s, longest_share * static_cast<double>(frames)));
    result.all.assign(lags, 0.0f);
    std::vector<float> group(frames);
    int sounding = 0;
    for (std::size_t g = 0; g < onset_groups; ++g) {
        for (std::size_t i = 0; i < frames; ++i) group[i] = onsets[i][g];
        std::vector<float> values = sharpened(group, result.hop_s);
        remove_mean(values);
        result.groups[g] = normalized(autocorrelation(values, lags), frames);
        sounding += lags > 0 && result.groups[g][0] > 0 ? 1 : 0;
        for (std::size_t lag = 0; lag < lags; ++lag) result.all[lag] += result.groups[g][lag];
    }
    for (float& value : result.all) value /= static_cast<float>(std::max(sounding, 1));
    return result;
}

double value_at(const std::vector<float>& correlation, double lag) {
    const auto below = static_cast<std::size_t>(lag);
    if (lag < 0 || below + 1 >= correlation.size()) return 0;
    const double part = lag - static_cast<double>(below);
    return (1 - part) * static_cast<double>(correlation[below]) +
           part * static_cast<double>(correlation[below + 1]);
}

double comb(const std::vector<float>& correlation, double period) {
    double sum = 0;
    double weights = 0;
    for (const Tooth& tooth : teeth) {
        if (tooth.multiple * period + 1 >= static_cast<double>(correlation.size())) continue;
        sum += tooth.weight * value_at(correlation, tooth.multiple * period);
        weights += tooth.weight;
    }
    return weights > 0 ? sum / weights : 0;
}

double refined_period(const std::vector<float>& correlation, double period) {
    struct Step {
        int multiples;
        double reach;
    };
    // Each step looks as far as the one before may have erred, with four times as many multiples.
    constexpr std::array<Step, 4> steps = {{{4, 0.02}, {16, 0.006}, {64, 0.0015}, {256, 0.0004}}};
    constexpr int points = 20;  // to each side
    double best = period;
    for (const Step& step : steps) {
        const auto most = static_cast<int>(static_cast<double>(correlation.size()) / best);
        const int multiples = std::max(1, std::min(step.multiples, most));
        const double center = best;
        double best_fit = fit(correlation, center, multiples);
        for (int i = -points; i <= points; ++i) {
            const double candidate = center * (1 + step.reach * i / points);
            const double candidate_fit = fit(correlation, candidate, multiples);
            if (candidate_fit <= best_fit) continue;
            best_fit = candidate_fit;
            best = candidate;
        }
    }
    return best;
}

}  // namespace dubplate
