// pulse.h: the pulses of a piece, whether its tempo stands still or not.
//
// What     find_pulse() looks for a tempo that holds from the first bar to the last; where that explains little, it follows the
//          tempo through the piece, straightens the piece, and looks again.
// Threads  pure functions.
#pragma once

#include <vector>

#include "analysis/tempo_levels.h"

namespace dubplate {

struct Pulse {
    Levels levels;
    // Where the piece had to be straightened: one period for each frame, whose median stands for levels.levels[i].period at
    // the ratio median_period to that. Empty where the tempo holds.
    std::vector<float> followed;
};

Pulse find_pulse(const std::vector<Onset>& onsets, double hop_s, const OnsetCounts& counts);

}  // namespace dubplate
