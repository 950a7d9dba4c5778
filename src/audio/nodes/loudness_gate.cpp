#include "audio/nodes/loudness_gate.h"

#include <algorithm>
#include <cmath>

namespace dubplate {

namespace {

// BS.1770-5 Annex 1: the constant that makes a 997 Hz sine at 0 dBFS in one front channel read -3.01 LUFS.
constexpr double loudness_offset = -0.691;
constexpr double absolute_gate_lufs = -70;
constexpr double relative_gate = 0.1;  // -10 LU
constexpr double range_gate = 0.01;    // -20 LU, EBU Tech 3342
constexpr double range_low = 0.10;
constexpr double range_high = 0.95;

double lufs_to_power(double lufs) {
    return std::pow(10.0, (lufs - loudness_offset) / 10.0);
}

struct Mean {
    double sum = 0;
    std::int64_t count = 0;
};

Mean mean_above(std::span<const LoudnessSteps* const> programs, double threshold) {
    Mean mean;
    for (const LoudnessSteps* steps : programs) {
        for (std::size_t last = momentary_steps - 1; last < steps->energies.size(); ++last) {
            const double power = steps->power(last, momentary_steps);
            if (power <= threshold) continue;
            mean.sum += power;
            ++mean.count;
        }
    }
    return mean;
}

double at_percentile(const std::vector<double>& sorted, double fraction) {
    return sorted[static_cast<std::size_t>(static_cast<double>(sorted.size() - 1) * fraction + 0.5)];
}

}  // namespace

double power_to_lufs(double power) {
    return power > 0 ? loudness_offset + 10.0 * std::log10(power) : silence_db;
}

std::int64_t LoudnessSteps::end_frame(std::size_t steps) const {
    return (static_cast<std::int64_t>(steps) * sample_rate_hz + 5) / 10;
}

double LoudnessSteps::power(std::size_t last, std::size_t count) const {
    double energy = 0;
    for (std::size_t i = last + 1 - count; i <= last; ++i) energy += energies[i];
    return energy / static_cast<double>(end_frame(last + 1) - end_frame(last + 1 - count));
}

double gated_lufs(std::span<const LoudnessSteps* const> programs) {
    const double absolute = lufs_to_power(absolute_gate_lufs);
    const Mean first = mean_above(programs, absolute);
    if (first.count == 0) return silence_db;
    const double relative = first.sum / static_cast<double>(first.count) * relative_gate;
    const Mean second = mean_above(programs, std::max(absolute, relative));
    return power_to_lufs(second.sum / static_cast<double>(second.count));
}

double loudness_range_lu(const LoudnessSteps& steps) {
    std::vector<double> powers;
    double sum = 0;
    for (std::size_t last = short_term_steps - 1; last < steps.energies.size(); ++last) {
        const double power = steps.power(last, short_term_steps);
        if (power < lufs_to_power(absolute_gate_lufs)) continue;
        powers.push_back(power);
        sum += power;
    }
    if (powers.empty()) return 0;
    const double threshold = sum / static_cast<double>(powers.size()) * range_gate;
    std::erase_if(powers, [&](double power) { return power < threshold; });
    std::sort(powers.begin(), powers.end());
    return power_to_lufs(at_percentile(powers, range_high)) - power_to_lufs(at_percentile(powers, range_low));
}

std::vector<float> loudness_series(const LoudnessSteps& steps, std::size_t count) {
    std::vector<float> series;
    for (std::size_t last = count - 1; last < steps.energies.size(); ++last)
        series.push_back(static_cast<float>(power_to_lufs(steps.power(last, count))));
    return series;
}

}  // namespace dubplate
