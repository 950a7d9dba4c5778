#include "analysis/onset_times.h"

#include <algorithm>
#include <cmath>

namespace dubplate {

namespace {

constexpr double neighbor_s = 0.03;
constexpr double around_s = 0.25;
constexpr double apart_s = 0.05;
constexpr double over_mean = 2;  // noise reads up to 1.9
constexpr float least_rise = 3;  // a loud beat reads 3 to 30
// The window of a frame reaches ahead, so that the rise is highest so much before the onset.
constexpr double early_frames = 0.5;

}  // namespace

std::vector<double> find_onsets(const OnsetEnvelope& envelope) {
    const std::vector<float> rises = envelope.summed();
    const FrameGrid& grid = envelope.grid();
    if (rises.empty() || grid.hop_s <= 0) return {};
    const auto in_frames = [&](double seconds) {
        return static_cast<std::ptrdiff_t>(std::lround(seconds / grid.hop_s));
    };
    const auto count = static_cast<std::ptrdiff_t>(rises.size());
    const std::ptrdiff_t around = in_frames(around_s);
    const std::ptrdiff_t neighbor = in_frames(neighbor_s);
    std::vector<double> sums(rises.size() + 1);
    for (std::size_t i = 0; i < rises.size(); ++i) sums[i + 1] = sums[i] + static_cast<double>(rises[i]);

    std::vector<double> onsets;
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        const float here = rises[static_cast<std::size_t>(i)];
        if (here < least_rise) continue;
        const std::ptrdiff_t begin = std::max<std::ptrdiff_t>(i - around, 0);
        const std::ptrdiff_t end = std::min(i + around + 1, count);
        const double mean = (sums[static_cast<std::size_t>(end)] - sums[static_cast<std::size_t>(begin)]) /
                            static_cast<double>(end - begin);
        if (static_cast<double>(here) < over_mean * mean) continue;
        const auto* const first = rises.data() + std::max<std::ptrdiff_t>(i - neighbor, 0);
        const auto* const last = rises.data() + std::min(i + neighbor + 1, count);
        if (std::max_element(first, last) != rises.data() + i) continue;
        const double time = i == 0 ? 0 : grid.time_s(static_cast<double>(i) + early_frames);
        if (onsets.empty() || time - onsets.back() >= apart_s) onsets.push_back(time);
    }
    return onsets;
}

}  // namespace dubplate
