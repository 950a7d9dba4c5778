#include "analysis/beats.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace dubplate {

namespace {

// Ellis's tightness: how much a beat off its distance costs against its strength in deviations of the envelope.
constexpr double tightness = 60;

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

}  // namespace dubplate
