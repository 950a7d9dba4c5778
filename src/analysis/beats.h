// beats.h: where the beats are, given about how far they are apart.
//
// What     place_beats() puts each beat where most begins, at the distance wanted, by dynamic programming over the whole piece (Ellis,
//          "Beat tracking by dynamic programming", 2007). The distance may change as the piece goes on.
// Units    periods and places in frames of the envelope.
// Threads  pure functions.
#pragma once

#include <vector>

namespace dubplate {

// The places between frames where a parabola through the envelope peaks, in order.
std::vector<double> place_beats(const std::vector<float>& envelope, const std::vector<float>& periods);

}  // namespace dubplate
