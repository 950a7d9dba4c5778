// tempo_evidence.h: what the audio says and what is known from outside, weighed against each other.
//
// Order    an ACID chunk's beats in exactly the file's length; the tag or name or chunk that the audio bears out, whose level
//          then decides between half and double; the audio alone, made exact by the length where that is whole bars.
// Threads  pure functions.
#pragma once

#include "analysis/tempo.h"
#include "analysis/tempo_levels.h"

namespace dubplate {

// Noise, or a sound that goes on and on: nothing begins clearly after its start.
bool is_steady_sound(const OnsetCounts& onsets);

// one_shot where the chunk says so or one onset alone is heard; unknown otherwise.
Material material_before_search(const TempoInput& input, const TempoEvidence& evidence,
                                const OnsetCounts& onsets);

// Where the audio has no tempo: what the outside says, if anything; `unheard` otherwise.
Tempo from_outside(Tempo unheard, const TempoInput& input, const TempoEvidence& evidence);

// `levels` is not empty. Fills everything but alternatives and beats.
Tempo choose_tempo(const Levels& levels, const OnsetCounts& onsets, const TempoInput& input,
                   const TempoOptions& options);

}  // namespace dubplate
