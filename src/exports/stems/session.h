// session.h: the delivery as a DAW is to open it.
#pragma once

#include <string>
#include <vector>

#include "exports/stems/plan.h"

namespace dubplate {

// Its name, tempo map, markers and metadata, without tracks. A marker past the end is left out with a warning.
// Errors: what the markers' file gives; a tempo or time signature that no piece has.
Result<DawSession> make_session(const StemsSpec& spec, int sample_rate_hz, std::int64_t frames,
                                std::vector<std::string>& warnings);

// A stem with the first of its files; without one where it has an error.
DawTrack make_track(const StemsPlan& plan, std::size_t stem);

}  // namespace dubplate
