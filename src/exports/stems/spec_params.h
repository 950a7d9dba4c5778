// spec_params.h: the tables of the lists in a session. Internal to exports/stems.
#pragma once

#include "exports/stems/spec.h"

namespace dubplate {

const ParamTable<StemTrack>& stem_track_params();
const ParamTable<StemTempo>& stem_tempo_params();
const ParamTable<StemTimeSignature>& stem_time_signature_params();
const ParamTable<StemMarker>& stem_marker_params();

}  // namespace dubplate
