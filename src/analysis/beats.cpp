#include "analysis/beats.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace dubplate {

namespace {

// Ellis's tightness: how much a beat off its distance costs against its strength in deviations of the envelope.
constexpr double tightness = 60;

// Of the last beat, in deviations: that of a beat that sounds is 1 to 10.
constexpr float least_last_strength = 0.1f;

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

// What a beat costs at each distance from the one before, from half a period to two.
struct Distances {
    std::size_t nearest = 1;
    std::vector<double> prices;
};

Distances prices_of(double period) {
    Distances distances;
    distances.nearest = static_cast<std::size_t>(std::max(1.0, period / 2));
    const auto farthest = static_cast<std::size_t>(period * 2);
    for (std::size_t back = distances.nearest; back <= farthest; ++back) {
        const double off = std::log(static_cast<double>(back) / period);
        distances.prices.push_back(tightness * off * off);
    }
    return distances;
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
    Distances distances;
    for (std::size_t t = 0; t < envelope.size(); ++t) {
        if (t == 0 || periods[t] != periods[t - 1]) distances = prices_of(static_cast<double>(periods[t]));
        double best = 0;  // to be the first beat
        const std::size_t reachable = t < distances.nearest ? 0 : t - distances.nearest + 1;
        for (std::size_t i = 0; i < std::min(distances.prices.size(), reachable); ++i) {
            const std::size_t back = distances.nearest + i;
            const double value = total[t - back] - distances.prices[i];
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
    // Where nothing begins any more, as at the cut end of a loop, there is no beat to tell.
    const auto is_silent = [&](double beat) {
        return strength[static_cast<std::size_t>(std::lround(beat))] < least_last_strength;
    };
    if (!beats.empty() && is_silent(beats.front())) beats.erase(beats.begin());
    std::ranges::reverse(beats);
    return beats;
}

}  // namespace dubplate
