// downbeats.h: which of the beats begin a bar.
//
// What     bars begin where the bass begins and where the harmony changes. Each beat gets what begins in the bass at it and how much the
//          notes after it differ from those before; the meter (four or three) and phase whose beats stand out most win.
// Honesty  empty where no phase stands out: by three standard errors, and by one more than the next phase. Empty, too, for drums alone: their
//          kicks and snares stand out as much within a bar as at its beginning.
// Threads  pure functions.
#pragma once

#include <vector>

#include "analysis/chroma.h"
#include "analysis/onset_envelope.h"

namespace dubplate {

// A part of beats_s, in order.
std::vector<double> find_downbeats(const std::vector<double>& beats_s, const OnsetEnvelope& onsets,
                                   const Chroma& chroma);

}  // namespace dubplate
