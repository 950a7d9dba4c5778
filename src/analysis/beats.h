// beats.h: where the beats are, given about how far they are apart.
//
// What     local_periods() follows the beat through a piece whose tempo wanders or changes; place_beats() puts each beat where most
//          begins, at the distance wanted, by dynamic programming over the whole piece (Ellis, "Beat tracking by dynamic
//          programming", 2007).
// Units    periods and places in frames of the envelope.
// Threads  pure functions.
#pragma once

#include <vector>

namespace dubplate {

// One period for each frame of the envelope, between 0.6 and 1.65 of `period`.
std::vector<float> local_periods(const std::vector<float>& envelope, double period, double hop_s);

// The places between frames where a parabola through the envelope peaks, in order.
std::vector<double> place_beats(const std::vector<float>& envelope, const std::vector<float>& periods);

// Whether the periods stay within 4 % of their median for nine tenths of the time.
bool is_steady(const std::vector<float>& periods);

}  // namespace dubplate
