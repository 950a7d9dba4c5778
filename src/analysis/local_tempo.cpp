#include "analysis/local_tempo.h"
#include "analysis/periodicity.h"
#include "audio/kernels/sliding.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace dubplate {

namespace {

constexpr double window_s = 6;
constexpr double step_s = 1;
// Tempos in steps of 2 %.
constexpr double state_ratio = 1.02;
constexpr int states_around = 25;
constexpr int states_free = 45;
constexpr double free_center_bpm = 98;
// The price of changing by one state from one window to the next, in units of a window's fit.
constexpr double change_price = 0.04;
constexpr double steady_share = 0.04;

// Periods of center * 1.02^-reach to center * 1.02^reach.
struct States {
    double center;
    int reach;

    int count() const { return 2 * reach + 1; }
    double period(int state) const { return center * std::pow(state_ratio, state - reach); }
};

// Of the window alone: what lies behind its end counts as silence.
std::vector<float> window_correlation(std::span<const float> window, std::size_t lags) {
    std::vector<float> padded(window.begin(), window.end());
    padded.resize(window.size() + lags, 0.0f);
    std::vector<float> sums(lags, 0.0f);
    add_sliding_products(padded.data(), padded.data(), static_cast<std::int64_t>(window.size()), sums.data(),
                         static_cast<std::int64_t>(lags));
    const float whole = std::max(sums.empty() ? 0.0f : sums[0], 1e-9f);
    for (float& sum : sums) sum /= whole;
    return sums;
}

std::vector<std::vector<double>> score_windows(const std::vector<float>& envelope, const States& states,
                                               double hop_s) {
    const auto window = static_cast<std::size_t>(std::max(window_s / hop_s, 4 * states.center));
    const auto step = static_cast<std::size_t>(step_s / hop_s);
    const auto lags = static_cast<std::size_t>(4 * states.period(states.count() - 1)) + 2;
    std::vector<std::vector<double>> scores;
    for (std::size_t center = 0; center < envelope.size(); center += step) {
        const std::size_t begin = center - std::min(center, window / 2);
        const std::size_t end = std::min(envelope.size(), begin + window);
        const std::vector<float> correlation =
            window_correlation(std::span(envelope).subspan(begin, end - begin), lags);
        std::vector<double> row;
        for (int s = 0; s < states.count(); ++s) {
            const double p = states.period(s);
            row.push_back(value_at(correlation, p) + value_at(correlation, 2 * p) +
                          0.5 * value_at(correlation, 4 * p));
        }
        scores.push_back(std::move(row));
    }
    return scores;
}

// The best state before each state: of those that lie within reach of what one window may change.
std::vector<int> best_before(const std::vector<double>& before, std::vector<double>& now) {
    std::vector<int> from(now.size());
    for (std::size_t s = 0; s < now.size(); ++s) {
        double most = -1e9;
        for (std::size_t b = 0; b < before.size(); ++b) {
            const double value =
                before[b] - change_price * std::abs(static_cast<double>(s) - static_cast<double>(b));
            if (value <= most) continue;
            most = value;
            from[s] = static_cast<int>(b);
        }
        now[s] += most;
    }
    return from;
}

std::vector<int> best_path(std::vector<std::vector<double>> scores) {
    std::vector<std::vector<int>> from(scores.size());
    for (std::size_t w = 1; w < scores.size(); ++w) from[w] = best_before(scores[w - 1], scores[w]);
    std::vector<int> path(scores.size());
    if (path.empty()) return path;
    path.back() = static_cast<int>(std::ranges::max_element(scores.back()) - scores.back().begin());
    for (std::size_t w = path.size() - 1; w > 0; --w)
        path[w - 1] = from[w][static_cast<std::size_t>(path[w])];
    return path;
}

std::vector<float> follow(const std::vector<float>& envelope, const States& states, double hop_s) {
    const std::vector<int> path = best_path(score_windows(envelope, states, hop_s));
    const auto step = static_cast<std::size_t>(step_s / hop_s);
    std::vector<float> periods(envelope.size());
    for (std::size_t i = 0; i < periods.size(); ++i)
        periods[i] =
            static_cast<float>(states.period(path[std::min((i + step / 2) / step, path.size() - 1)]));
    return periods;
}

}  // namespace

std::vector<float> local_periods(const std::vector<float>& envelope, double period, double hop_s) {
    return follow(envelope, {period, states_around}, hop_s);
}

std::vector<float> free_periods(const std::vector<float>& envelope, double hop_s) {
    return follow(envelope, {60 / (free_center_bpm * hop_s), states_free}, hop_s);
}

float median_of(std::vector<float> periods) {
    if (periods.empty()) return 0;
    std::ranges::nth_element(periods, periods.begin() + static_cast<std::ptrdiff_t>(periods.size() / 2));
    return periods[periods.size() / 2];
}

bool is_steady(const std::vector<float>& periods) {
    const float median = median_of(periods);
    const auto off = static_cast<double>(std::ranges::count_if(periods, [median](float period) {
        return std::abs(period / median - 1) > static_cast<float>(steady_share);
    }));
    return off <= 0.1 * static_cast<double>(periods.size());
}

std::vector<Onset> straightened(const std::vector<Onset>& onsets, const std::vector<float>& periods) {
    const auto median = static_cast<double>(median_of(periods));
    std::vector<Onset> straight;
    straight.reserve(onsets.size() + onsets.size() / 16);
    double place = 0;  // of onsets[i] in the straight piece
    for (std::size_t i = 0; i + 1 < onsets.size(); ++i) {
        const double next = place + median / static_cast<double>(periods[i]);
        for (; static_cast<double>(straight.size()) < next;) {
            const auto part =
                static_cast<float>((static_cast<double>(straight.size()) - place) / (next - place));
            Onset between{};
            for (std::size_t g = 0; g < onset_groups; ++g)
                between[g] = (1 - part) * onsets[i][g] + part * onsets[i + 1][g];
            straight.push_back(between);
        }
        place = next;
    }
    return straight;
}

}  // namespace dubplate
