// periodicity.h: how much a piece resembles itself after each time lag.
//
// What     the autocorrelation of each group of the onset envelope and of their mean, 1 at lag 0. The envelope is freed from its
//          local mean first, so that a slow swell is no rhythm, and widened by 10 ms, so that a player's timing is.
// Shape    index = lag in frames, up to 10 s or 0.7 of the piece, whichever is less.
// Cost     lags x frames multiplications for each group: a thousandth of the playing time.
// Threads  pure functions.
#pragma once

#include <array>
#include <vector>

#include "analysis/onset_envelope.h"

namespace dubplate {

struct Periodicity {
    double hop_s = 0;
    std::array<std::vector<float>, onset_groups> groups;
    std::vector<float> all;

    double longest_lag() const { return all.empty() ? 0.0 : static_cast<double>(all.size() - 1); }
};

// The prepared envelope: one value a frame, at least 0.
std::vector<float> sharpened(const std::vector<float>& envelope, double hop_s);

Periodicity find_periodicity(const std::vector<Onset>& onsets, double hop_s);

// Between two lags on a straight line; 0 beyond the longest.
double value_at(const std::vector<float>& correlation, double lag);

// The mean of the correlation at multiples of a period, the near ones counting more: how well `period` (in frames)
// explains the piece.
double comb(const std::vector<float>& correlation, double period);

// The period near `period` whose multiples up to the longest lag fit best, to about 0.02 %.
double refined_period(const std::vector<float>& correlation, double period);

}  // namespace dubplate
