// tempo_model.h: the constants of the tempo that were fitted, and to what.
//
// Source   bench/analysis_tune.py on the tuning half of bench/analysis_pieces.py. The other half was never looked at for them.
#pragma once

#include <array>

namespace dubplate::tempo_model {

// Of the cues in tempo_levels.cpp, in their order: the logit of a level to be the beat.
inline constexpr std::array<double, 24> level_weights = {0.0, -3.0, 0.0, 1.0, 0.5, 0.0, 0.0,  0.5,
                                                         0.0, 0.5,  0.0, 0.0, 0.0, 0.0, 0.0,  0.0,
                                                         0.0, 0.0,  0.0, 0.0, 0.0, 0.0, -0.3, 3.0};

}  // namespace dubplate::tempo_model
