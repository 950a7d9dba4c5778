// onset_times.h: where something begins to sound.
//
// What     the peaks of the onset envelope that stand out: higher than their neighbors within 30 ms, twice
//          the mean of the half second around them, and more than what noise reads; at least 50 ms apart.
// Units    seconds from the first sample. Clicks are found within 10 ms (tested).
// Threads  a pure function.
#pragma once

#include <vector>

#include "analysis/onset_envelope.h"

namespace dubplate {

std::vector<double> find_onsets(const OnsetEnvelope& envelope);

}  // namespace dubplate
