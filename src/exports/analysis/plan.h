// plan.h: everything that an analysis will do, found out before any audio is decoded.
//
// What     plan_analysis() opens each input and reads its facts. It tells which tags can be written and where pictures go.
//          An input that cannot be read carries its error; the others go on. Nothing is written.
// Memory   two kilobytes for each input: its name, its length, and what is wrong with it; the facts are read again in the run.
// Estimate rough, measured on one core of a current machine.
// Threads  re-entrant; a plan is a plain value.
// Errors   invalid_argument: no input, a spec that contradicts itself, one picture for several inputs; canceled.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/store.h"
#include "exports/analysis/analysis.h"
#include "exports/analysis/spec.h"
#include "exports/audio/input.h"

namespace dubplate {

// Where pictures and tags are written. Borrowed, and must outlive plan and run.
struct AnalysisTarget {
    Store* store = nullptr;
    bool overwrite = false;  // pictures alone: a file whose tags are written is replaced by its own copy
    const Clock* clock = &Clock::system();
};

struct PlannedAnalysis {
    std::string name;  // as the user named it
    AudioInput input;
    double seconds = 0;
    bool seconds_exact = false;
    std::filesystem::path picture;      // empty: none
    std::string tags_skipped;           // why no tags go into a file of this format; empty: they may
    std::optional<Error> tags_refused;  // set: why the tags that were asked for cannot be written
    std::optional<Error> error;         // set: it cannot be analyzed
};

struct AnalysisPlan {
    AnalysisSpec spec;
    AnalysisTarget target;
    std::vector<PlannedAnalysis> items{};
    double audio_seconds = 0;
    double estimated_cpu_seconds = 0;
};

Result<AnalysisPlan> plan_analysis(const AnalysisSpec& spec, const AnalysisTarget& target,
                                   std::stop_token stop = {});

Json to_json(const PlannedAnalysis& item);
// {"spec": {...}, "summary": {...}}: what follows the items in the document of a plan.
Json to_json(const AnalysisPlan& plan);

}  // namespace dubplate
