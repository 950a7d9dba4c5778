#include "analysis/pulse.h"
#include "analysis/local_tempo.h"

namespace dubplate {

namespace {

// A steady piece of music has a pulse of 0.3 to 0.9; below this it is worth to look for a tempo that moves.
constexpr double weak_pulse = 0.3;
// What has been straightened to fit must fit clearly better.
constexpr double needed_gain = 1.5;

std::vector<float> summed(const std::vector<Onset>& onsets) {
    std::vector<float> sums;
    sums.reserve(onsets.size());
    for (const Onset& onset : onsets) sums.push_back(onset[0] + onset[1] + onset[2] + onset[3]);
    return sums;
}

}  // namespace

Pulse find_pulse(const std::vector<Onset>& onsets, double hop_s, const OnsetCounts& counts) {
    Pulse pulse{find_levels(find_periodicity(onsets, hop_s), counts), {}};
    if (pulse.levels.pulse >= weak_pulse || onsets.size() < 2) return pulse;
    std::vector<float> periods = free_periods(sharpened(summed(onsets), hop_s), hop_s);
    Levels straight = find_levels(find_periodicity(straightened(onsets, periods), hop_s), counts);
    if (straight.pulse < needed_gain * pulse.levels.pulse) return pulse;
    return {std::move(straight), std::move(periods)};
}

}  // namespace dubplate
