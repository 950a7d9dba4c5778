// tempo_model.h: the constants of the tempo that were fitted, and to what.
//
// Source   bench/analysis_tune.py on the tuning half of bench/analysis_pieces.py. The other half was never looked at for them.
#pragma once

#include <array>

namespace dubplate::tempo_model {

// Of the cues in tempo_levels.cpp, in their order: the logit of a level to be the beat.
inline constexpr std::array<double, 24> level_weights = {
    0.6289,  -1.5198, -0.0199, 1.3625, -0.2827, -2.3823, -1.5018, 0.2037, 1.2700,  2.0474,  0.3909,  0.6915,
    -2.9454, 0.4488,  2.4708,  0.5166, 1.1516,  -0.5410, 0.8802,  3.5364, -2.4399, -0.5040, -0.4856, 1.4877};
// Of 1, the logit of the level's probability, and the pulse.
inline constexpr std::array<double, 3> confidence_weights = {0.1235, 1.1343, 0.6376};

}  // namespace dubplate::tempo_model
