// tempo_evidence.h: what the audio says and what is known from outside, weighed against each other.
//
// Order    an ACID chunk's beats in exactly the file's length; the tag or name or chunk that the audio bears out, whose level
//          then decides between half and double; the audio alone, made exact by the length where that is whole bars.
// Threads  pure functions.
#pragma once

#include "analysis/tempo.h"
#include "analysis/tempo_levels.h"

namespace dubplate {

// one_shot where the chunk says so or one onset alone is heard; unknown otherwise.
Material material_before_search(const TempoInput& input, const TempoEvidence& evidence,
                                const OnsetCounts& onsets);

// Where the audio has no tempo: what the outside says, if anything; `unheard` otherwise.
Tempo from_outside(Tempo unheard, const TempoInput& input, const TempoEvidence& evidence);

// `levels` is not empty. Fills everything but alternatives and beats.
Tempo choose_tempo(const Levels& levels, const TempoInput& input, const TempoOptions& options);

}  // namespace dubplate
