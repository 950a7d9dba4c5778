// extras.h: the files beside the audio: projects, read back; sheets; the ZIP. Internal to exports/stems.
#pragma once

#include <stop_token>

#include "core/progress.h"
#include "exports/stems/manifest.h"
#include "exports/stems/plan.h"

namespace dubplate {

// Adds them to the manifest, whose audio is there. One that fails carries its error.
void add_extras(const StemsPlan& plan, StemsManifest& manifest, const Progress::Part& progress,
                std::stop_token stop);

// The session with the tracks that were delivered.
DawSession delivered_session(const StemsPlan& plan, const StemsManifest& manifest);

}  // namespace dubplate
