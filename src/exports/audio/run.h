// run.h: carries a plan out: measure, find the level, encode, prove, correct, publish.
//
// Passes   each source is decoded once to be measured; once more, or a few times, where the limiter has to work and the
//          gain must be found with it; and once to be encoded, whatever the number of formats. Every file is then decoded
//          again by the proof (prove.h). Nothing is kept in memory but a few blocks.
// Level    docs/loudness.md has the rules and the named outcomes. A file whose level is out of spec is encoded again with
//          a corrected gain and ceiling, three times in all.
// Publish  no file of an item appears before all of its files are proven or given up.
// Batch    an item that fails does not stop the others; its error is in the manifest. Items that go side by side are at
//          different steps: the proof of one decodes while the next is encoded. Within an item, decoding, measuring, resampling,
//          encoding and hashing run beside each other, over stretches of time.
// Stop     looked at for every block; canceled items leave nothing behind, finished ones stay.
// Threads  re-entrant: concurrent calls are safe, also on one plan. Items run side by side on `jobs` threads; every
//          encoder has one of its own.
// Errors   what concerns the whole run: no room on the disk.
#pragma once

#include <cstdint>
#include <stop_token>

#include "core/progress.h"
#include "exports/audio/plan.h"
#include "exports/manifest.h"

namespace dubplate {

struct RunOptions {
    int jobs = 1;                    // inputs side by side, at most
    std::uint64_t memory_bytes = 0;  // fewer, where more than this would be needed; 0: no such limit
    bool pictures = false;           // gather what the report draws
};

// How many of the plan's inputs go side by side; at least 1.
int jobs_within(const AudioPlan& plan, const RunOptions& options);

Result<Manifest> run_audio(const AudioPlan& plan, RunOptions options, Progress& progress,
                           std::stop_token stop);
// As a part of something larger, which is not done when this is.
Result<Manifest> run_audio(const AudioPlan& plan, RunOptions options, const Progress::Part& progress,
                           std::stop_token stop);

}  // namespace dubplate
