// local_tempo.h: a tempo that wanders or changes, followed through a piece.
//
// What     each second, the envelope of the six seconds around it is compared with itself; the path through these windows that fits best
//          while changing least is the local tempo (Viterbi).
// Shape    one period for each frame of the envelope, in frames.
// Threads  pure functions.
#pragma once

#include <vector>

#include "analysis/onset_envelope.h"

namespace dubplate {

// Around a known period: between 0.6 and 1.65 of it.
std::vector<float> local_periods(const std::vector<float>& envelope, double period, double hop_s);

// Nothing is known yet: 40 to 240 beats a minute.
std::vector<float> free_periods(const std::vector<float>& envelope, double hop_s);

float median_of(std::vector<float> periods);

// Whether the periods stay within 4 % of their median for nine tenths of the time.
bool is_steady(const std::vector<float>& periods);

// The piece as it would be if every period had the length of the median.
std::vector<Onset> straightened(const std::vector<Onset>& onsets, const std::vector<float>& periods);

}  // namespace dubplate
