// beat_phase.h: which sounds are the beats: those that were found, or those halfway between them.
//
// What     a series of strong sounds one beat apart may be the hats or the bass between the beats. Both series are compared by what begins at
//          them in each band: kick and snare sound on beats, with low and middle bands together; hats and bass also between.
// Result   beats_s, or the places halfway, each moved to the strongest onset within 30 ms.
// Threads  a pure function.
#pragma once

#include <vector>

#include "analysis/onset_envelope.h"

namespace dubplate {

std::vector<double> on_the_beat(std::vector<double> beats_s, const OnsetEnvelope& onsets);

}  // namespace dubplate
