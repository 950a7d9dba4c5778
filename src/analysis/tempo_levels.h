// tempo_levels.h: which of the pulses of a piece is the beat.
//
// What     music repeats on many levels at once: sixteenths, beats, bars. find_levels() finds the strongest period, refines it, adds its
//          simple ratios, describes each by cues (how strong the pulse is, its half and its double; what the bass and the hats
//          do; how many onsets a beat has; how common such a tempo is) and gives each its probability by a conditional
//          logit.
// Source   the weights were fitted on the tuning half of bench/analysis_pieces.py by bench/analysis_tune.py.
// Threads  pure functions.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "analysis/periodicity.h"

namespace dubplate {

inline constexpr double slowest_bpm = 20;
inline constexpr double fastest_bpm = 320;

inline constexpr std::size_t level_cues = 24;
using LevelCues = std::array<double, level_cues>;

struct Level {
    double period = 0;  // frames
    double bpm = 0;
    LevelCues cues{};
    double probability = 0;
};

struct Levels {
    std::vector<Level> levels;  // the most probable first; empty where nothing repeats
    double pulse = 0;           // the comb of the strongest period: -0.1 (none) to 1 (a metronome)
};

struct OnsetCounts {
    double per_second = 0;  // of all that stand out
    double contrast = 0;    // deviation of the envelope over its mean: noise 0.2, music 0.7 and more
    int count = 0;
};
OnsetCounts count_onsets(const std::vector<float>& summed_envelope, double hop_s);

Levels find_levels(const Periodicity& periodicity, const OnsetCounts& onsets);

// "half", "double", "2:3", ... of `bpm` to `answer_bpm`; "other" where no simple ratio is within 3 %.
std::string relation_of(double bpm, double answer_bpm);

}  // namespace dubplate
