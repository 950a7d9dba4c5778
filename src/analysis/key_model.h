// key_model.h: the constants of the key that were fitted, and to what.
//
// Source   bench/analysis_tune.py on the tuning half of bench/analysis_pieces.py, drawn towards the profiles of Temperley, "Music and
//          Probability" (2007). The other half was never looked at for them.
#pragma once

#include <array>

namespace dubplate::key_model {

// Of the compressed share of a note, so many half steps above the tonic, in all that sounds and in the bass.
inline constexpr double compression = 50;
inline constexpr std::array<double, 12> major_notes = {1.9847,  -1.1923, 0.4168,  -1.2796, 1.3901,  0.6094,
                                                       -1.3744, 1.6145,  -0.9387, -0.0490, -1.4069, 0.2253};
inline constexpr std::array<double, 12> major_bass = {0.8406,  -0.1548, -0.1524, -0.3717, 0.1820,  -0.2683,
                                                      -0.3276, 0.4111,  -0.2232, 0.1506,  -0.2214, 0.1353};
inline constexpr std::array<double, 12> minor_notes = {2.2013,  -1.5877, 0.5700, 1.5282,  -1.7316, 0.6480,
                                                       -1.2138, 1.7881,  0.5811, -1.8654, -0.5743, -0.3439};
inline constexpr std::array<double, 12> minor_bass = {0.9087,  -0.4724, -0.0607, -0.0965, -0.4423, 0.3988,
                                                      -0.0847, 0.2933,  0.3851,  -0.6033, 0.0166,  -0.2426};
inline constexpr double minor_bias = 0.1411;
// Of 1, the logit of the key's probability, and the agreement on a tuning.
inline constexpr std::array<double, 3> confidence_weights = {0.3533, 1.3296, 0.1849};

// Drums agree on no tuning: 0.12 at most, music 0.14 at least. One window of noise agrees by chance on up to 0.2.
inline constexpr double least_agreement = 0.125;
inline constexpr double agreement_of_one_window = 0.2;
// A kick drum under hats or a lone note with its harmonics has 1 to 2, a snore 3.6, music 4.7 and more.
inline constexpr double least_notes = 4;
// Clicks leave 0.15 to 0.3 of their energy in narrow peaks, music 0.6 and more.
inline constexpr double least_tonality = 0.45;

}  // namespace dubplate::key_model
