// report.h: the proof of a multitrack delivery as one page: that of an audio export (exports/audio/report.h) with the null test,
// its picture, and the projects.
#pragma once

#include <string>

#include "exports/stems/manifest.h"

namespace dubplate {

std::string render_html(const StemsManifest& manifest);

}  // namespace dubplate
