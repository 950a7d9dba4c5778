// export_output.h: what `dubplate export` prints for people: the plan, and the proof.
//
// Shape    aligned tables (table.h); one block for each input, then one line of summary.
#pragma once

#include <string>

#include "exports/audio/plan.h"
#include "exports/manifest.h"

namespace dubplate::cli {

std::string plan_text(const AudioPlan& plan);
std::string manifest_text(const Manifest& manifest, const AudioPlan& plan);
Json presets_json(const std::map<std::string, Json>& user_presets);
std::string presets_text(const std::map<std::string, Json>& user_presets);

}  // namespace dubplate::cli
