// run.h: makes the pack: samples side by side, the project, the sheets, and the proof of each.
//
// Order    1. each source becomes its samples (convert.h), proven before they are delivered, in the order of the plan;
//          2. the project's table is written of the pads that were delivered, read back, and compared pad by pad;
//          3. pictures, contact sheets, and at last manifest.json.
// Failures a sample that fails is left out, and its pads stay empty; the rest is delivered.
// Stop     looked at for every block; of a folder finished files stay, of an archive nothing does.
// Memory   a few blocks for each source under way, and a line for each sample.
// Threads  one call for each plan.
// Errors   what concerns the whole pack: no room on the disk, what is in the way; canceled.
#pragma once

#include <stop_token>

#include "core/progress.h"
#include "exports/pack/manifest.h"
#include "exports/pack/plan.h"

namespace dubplate {

Result<PackManifest> run_pack(const PackPlan& plan, int jobs, Progress& progress, std::stop_token stop);

}  // namespace dubplate
