// stems_output.h: what `dubplate stems` prints for people: the plan, and the proof.
//
// Shape    aligned tables (table.h): a row for each track, then the null test, the projects, and a line of summary.
#pragma once

#include <string>

#include "exports/stems/manifest.h"
#include "exports/stems/plan.h"

namespace dubplate::cli {

std::string plan_text(const StemsPlan& plan);
std::string manifest_text(const StemsManifest& manifest, const StemsPlan& plan);

}  // namespace dubplate::cli
