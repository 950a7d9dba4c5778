// onset_counts.h: how many onsets stand out, how clearly, and whether they are one sound in even steps.
//
// Units    periods in frames of the envelope.
// Threads  pure functions.
#pragma once

#include <vector>

#include "analysis/onset_envelope.h"

namespace dubplate {

struct OnsetCounts {
    int count =
        0;  // of all that stand out: the highest within 40 ms, a quarter of the highest of all or more
    double per_second = 0;   // the same
    double contrast = 0;     // deviation of the envelope over its mean: noise 0.2, music 0.7 and more
    double floor = 0;        // mean of the envelope over its highest: 0 where one sound dies away
    double even_period = 0;  // of a metronome: one sound in even steps; 0 for all else
};

OnsetCounts count_onsets(const std::vector<Onset>& onsets, double hop_s);

}  // namespace dubplate
