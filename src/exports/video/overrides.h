// overrides.h: settings of a project that are given with a request: "lead.spin_speed=90". Internal to exports/video.
//
// Shape    a track by its id or its name (or "stage"), a setting of its synth, else of the first of its effects that has it, and a value as in
//          JSON; what is no JSON is a text.
// Threads  plain functions.
// Errors   invalid_argument: not of that form; not_found: no such track or setting, with the nearest.
#pragma once

#include <string>
#include <vector>

#include "score/project.h"

namespace dubplate {

Status apply_settings(Project& project, const std::vector<std::string>& settings);

}  // namespace dubplate
