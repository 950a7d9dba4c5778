// convert.h: one source of a pack into its samples, proven.
//
// Passes   the source is decoded once into all of its samples side by side; once more before that where silence is trimmed or
//          levels are measured; and by itself for each that loops.
// Proof    each file is read back: its header by the format's own reader, which did not write it, its length, and every byte
//          of its audio.
// Memory   a few blocks for each sample that is under way.
// Threads  re-entrant; sources go side by side.
// Errors   what concerns the whole source. What concerns one sample is in it.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "core/progress.h"
#include "exports/pack/made_sample.h"

namespace dubplate {

// Makes a file that waits; the path is relative to the pack.
using CreateFile = std::function<Result<std::unique_ptr<PendingFile>>(const std::filesystem::path&)>;

// samples: of this one source.
Result<std::vector<MadeSample>> convert_source(const PackPlan& plan, const PackSource& source,
                                               const std::vector<const PlannedSample*>& samples,
                                               const CreateFile& create, Progress::Part progress,
                                               std::stop_token stop);

}  // namespace dubplate
