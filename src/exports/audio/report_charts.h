// report_charts.h: the pictures of a manifest as charts.
//
// What     waveform with the places of the true peaks, loudness over time with the target, the limiter's gain reduction,
//          and the spectrum. The source stands behind the deliverable where both are as long.
// Threads  pure functions.
#pragma once

#include "exports/manifest.h"

#include <string>
#include <vector>

namespace dubplate::report {

// HTML figures; empty where nothing was gathered.
std::string charts_of(const ManifestFile& file, const ManifestItem& source);

}  // namespace dubplate::report
