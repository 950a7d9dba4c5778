#include "analysis/beats.h"
#include "analysis/periodicity.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace dubplate {

namespace {

constexpr double window_s = 6;
constexpr double step_s = 1;
// Tempos in steps of 2 %.
constexpr int states_below = 25;
constexpr int states = 51;
constexpr double state_ratio = 1.02;
// The price of changing by one state from one window to the next, in units of a window's comb.
constexpr double change_price = 0.04;
constexpr double steady_share = 0.04;
// Ellis's tightness: how much a beat off its distance costs against its strength in deviations of the envelope.
constexpr double tightness = 60;

double ratio_of(int state) {
    return std::pow(state_ratio, state - states_below);
}

std::vector<float> window_correlation(const std::vector<float>& envelope, std::size_t begin, std::size_t end,
                                      std::size_t lags) {
    std::vector<float> sums(lags, 0.0f);
    for (std::size_t t = begin; t < end; ++t) {
        const std::size_t most = std::min(lags, end - t);
        for (std::size_t lag = 0; lag < most; ++lag) sums[lag] += envelope[t] * envelope[t + lag];
    }
    const float whole = std::max(sums.empty() ? 0.0f : sums[0], 1e-9f);
    for (float& sum : sums) sum /= whole;
    return sums;
}

using States = std::vector<double>;

std::vector<States> score_windows(const std::vector<float>& envelope, double period, double hop_s) {
    const auto window = static_cast<std::size_t>(std::max(window_s / hop_s, 4 * period));
    const auto step = static_cast<std::size_t>(step_s / hop_s);
    const auto lags = static_cast<std::size_t>(4 * period * ratio_of(states - 1)) + 2;
    std::vector<States> scores;
    for (std::size_t center = 0; center < envelope.size(); center += step) {
        const std::size_t begin = center - std::min(center, window / 2);
        const std::size_t end = std::min(envelope.size(), begin + window);
        const std::vector<float> correlation = window_correlation(envelope, begin, end, lags);
        States row(states);
        for (int s = 0; s < states; ++s) {
            const double p = period * ratio_of(s);
            row[static_cast<std::size_t>(s)] =
                value_at(correlation, p) + value_at(correlation, 2 * p) + 0.5 * value_at(correlation, 4 * p);
        }
        scores.push_back(std::move(row));
    }
    return scores;
}

// The path through the windows that loses least to changes.
std::vector<int> best_path(const std::vector<States>& scores) {
    std::vector<States> best = scores;
    std::vector<std::vector<int>> from(scores.size(), std::vector<int>(states, 0));
    for (std::size_t w = 1; w < scores.size(); ++w)
        for (int s = 0; s < states; ++s) {
            double most = -1e9;
            for (int before = 0; before < states; ++before) {
                const double value =
                    best[w - 1][static_cast<std::size_t>(before)] - change_price * std::abs(s - before);
                if (value <= most) continue;
                most = value;
                from[w][static_cast<std::size_t>(s)] = before;
            }
            best[w][static_cast<std::size_t>(s)] += most;
        }
    std::vector<int> path(scores.size(), states_below);
    if (path.empty()) return path;
    path.back() = static_cast<int>(std::ranges::max_element(best.back()) - best.back().begin());
    for (std::size_t w = path.size() - 1; w > 0; --w)
        path[w - 1] = from[w][static_cast<std::size_t>(path[w])];
    return path;
}

std::vector<float> in_deviations(const std::vector<float>& envelope) {
    double squares = 0;
    for (const float value : envelope) squares += static_cast<double>(value) * static_cast<double>(value);
    const double deviation =
        std::sqrt(squares / static_cast<double>(std::max<std::size_t>(envelope.size(), 1)));
    std::vector<float> scaled(envelope.size(), 0.0f);
    if (deviation <= 0) return scaled;
    for (std::size_t i = 0; i < scaled.size(); ++i) scaled[i] = envelope[i] / static_cast<float>(deviation);
    return scaled;
}

double peak_place(const std::vector<float>& envelope, std::size_t at) {
    if (at == 0 || at + 1 >= envelope.size()) return static_cast<double>(at);
    const auto before = static_cast<double>(envelope[at - 1]);
    const auto here = static_cast<double>(envelope[at]);
    const auto after = static_cast<double>(envelope[at + 1]);
    const double bend = before - 2 * here + after;
    if (bend >= 0) return static_cast<double>(at);
    return static_cast<double>(at) + std::clamp(0.5 * (before - after) / bend, -0.5, 0.5);
}

}  // namespace

std::vector<float> local_periods(const std::vector<float>& envelope, double period, double hop_s) {
    const std::vector<int> path = best_path(score_windows(envelope, period, hop_s));
    const auto step = static_cast<std::size_t>(step_s / hop_s);
    std::vector<float> periods(envelope.size(), static_cast<float>(period));
    for (std::size_t i = 0; i < periods.size(); ++i)
        periods[i] =
            static_cast<float>(period * ratio_of(path[std::min((i + step / 2) / step, path.size() - 1)]));
    return periods;
}

std::vector<double> place_beats(const std::vector<float>& envelope, const std::vector<float>& periods) {
    const std::vector<float> strength = in_deviations(envelope);
    std::vector<double> total(envelope.size());
    std::vector<std::ptrdiff_t> from(envelope.size(), -1);
    for (std::size_t t = 0; t < envelope.size(); ++t) {
        const auto period = static_cast<double>(periods[t]);
        const auto nearest = static_cast<std::size_t>(std::max(1.0, period / 2));
        const auto farthest = static_cast<std::size_t>(period * 2);
        double best = 0;  // to be the first beat
        for (std::size_t back = nearest; back <= farthest && back <= t; ++back) {
            const double off = std::log(static_cast<double>(back) / period);
            const double value = total[t - back] - tightness * off * off;
            if (value <= best) continue;
            best = value;
            from[t] = static_cast<std::ptrdiff_t>(t - back);
        }
        total[t] = best + static_cast<double>(strength[t]);
    }
    // The last beat is the best of the last period.
    if (total.empty()) return {};
    const auto last_period = static_cast<std::ptrdiff_t>(periods.back());
    const auto tail = total.end() - std::min(last_period, static_cast<std::ptrdiff_t>(total.size()));
    std::vector<double> beats;
    for (auto t = std::max_element(tail, total.end()) - total.begin(); t >= 0;
         t = from[static_cast<std::size_t>(t)])
        beats.push_back(peak_place(envelope, static_cast<std::size_t>(t)));
    std::ranges::reverse(beats);
    return beats;
}

bool is_steady(const std::vector<float>& periods) {
    if (periods.empty()) return true;
    std::vector<float> sorted = periods;
    std::ranges::sort(sorted);
    const float median = sorted[sorted.size() / 2];
    const auto off = static_cast<double>(std::ranges::count_if(periods, [median](float period) {
        return std::abs(period / median - 1) > static_cast<float>(steady_share);
    }));
    return off <= 0.1 * static_cast<double>(periods.size());
}

}  // namespace dubplate
