// key_model.h: the constants of the key that were fitted, and to what.
//
// Source   bench/analysis_tune.py on the tuning half of bench/analysis_pieces.py. The other half was never looked at for them.
#pragma once

#include <array>

namespace dubplate::key_model {

// How much each note of the scale on a tonic sounds, from the tonic up.
inline constexpr std::array<double, 12> major_profile = {6.6, 2.0, 3.5, 2.3, 4.6, 4.0,
                                                         2.5, 5.2, 2.4, 3.7, 2.3, 3.4};
inline constexpr std::array<double, 12> minor_profile = {6.5, 2.7, 3.5, 5.4, 2.6, 3.5,
                                                         2.5, 5.2, 4.0, 2.7, 4.3, 3.2};
inline constexpr double sharpness = 20;
inline constexpr double least_tonality = 0.5;

}  // namespace dubplate::key_model
