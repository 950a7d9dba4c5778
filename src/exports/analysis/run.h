// run.h: carries a plan out: each input is heard once, measured, drawn and tagged, side by side with others.
//
// Batch    an item that fails does not stop the others; its error is in the report. Items are in the plan's order, and none
//          depends on another.
// Stop     looked at for every block; what is finished stays, what is not leaves nothing behind.
// Threads  re-entrant.
// Errors   none: what concerns one item stands in it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/progress.h"
#include "exports/analysis/plan.h"
#include "exports/analysis/write_tags.h"

namespace dubplate {

struct AnalyzedItem {
    std::string input;   // as the user named it
    std::string status;  // "done", "failed", "canceled"
    std::optional<Error> error{};
    std::optional<Analysis> analysis{};  // also where only a picture or the tags failed
    std::string picture{};               // as it was written; empty: none
    std::vector<WrittenTag> written{};
    std::string not_written{};  // why tags were asked for and none written
};

struct AnalysisReport {
    std::vector<AnalyzedItem> items{};
    std::string version{};      // of Dubplate
    std::string created_utc{};  // ISO 8601
    double wall_seconds = 0;
    double audio_seconds = 0;  // of the items that are done

    int done_count() const;
    int failed_count() const;
};

struct AnalysisRunOptions {
    int jobs = 1;  // inputs side by side, at most
};

AnalysisReport run_analysis(const AnalysisPlan& plan, const AnalysisRunOptions& options, Progress& progress,
                            std::stop_token stop);

// {"items": [...], "summary": {...}, "spec": {...}}: the analysis of each item beside its input, status and error.
Json to_json(const AnalysisReport& report, const AnalysisSpec& spec);

}  // namespace dubplate
