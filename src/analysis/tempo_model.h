// tempo_model.h: the constants of the tempo that were fitted, and to what.
//
// Source   bench/analysis_tune.py on the tuning half of bench/analysis_pieces.py. The other half was never looked at for them.
#pragma once

#include <array>

namespace dubplate::tempo_model {

// Of the cues in tempo_levels.cpp, in their order: the logit of a level to be the beat.
inline constexpr std::array<double, 24> level_weights = {
    0.6244,  -1.5327, -0.0091, 1.4637, -0.2506, -2.4748, -1.5381, 0.2068, 1.0453,  1.9766,  0.1954,  0.8261,
    -3.0202, 0.4659,  2.4516,  0.5313, 1.2092,  -0.5519, 0.9942,  3.5788, -2.4681, -0.5003, -0.4825, 1.3170};
// Of 1, the logit of the level's probability, and the pulse.
inline constexpr std::array<double, 3> confidence_weights = {0.1638, 1.1027, 0.6499};

// Of what begins in each band at a series of beats against the places between them, and of the cube of the low bands' share: the logit to be
// the beats. Fitted with drum machines whose kick has no click, beside that half.
inline constexpr std::array<double, 5> phase_weights = {1.40, -1.24, 2.34, 0.67, 1.80};

}  // namespace dubplate::tempo_model
