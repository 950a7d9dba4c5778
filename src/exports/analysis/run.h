// run.h: carries a plan out: each input is heard once, measured, drawn and tagged, side by side with others.
//
// Stream   items are handed over in the plan's order, by one thread at a time, as soon as those before them are done: what is in
//          memory does not grow with their number. Where one takes long, the others run ahead of it by 256 items at most.
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

struct AnalysisSummary {
    std::string version{};      // of Dubplate
    std::string created_utc{};  // ISO 8601
    int inputs = 0;
    int done = 0;
    int failed = 0;
    double wall_seconds = 0;
    double audio_seconds = 0;  // of the items that are done
};

struct AnalysisReport {
    std::vector<AnalyzedItem> items{};
    AnalysisSummary summary{};
};

struct AnalysisRunOptions {
    int jobs = 1;  // inputs side by side, at most
};

using TakeAnalyzed = std::function<void(AnalyzedItem item)>;

AnalysisSummary run_analysis(const AnalysisPlan& plan, const AnalysisRunOptions& options, Progress& progress,
                             std::stop_token stop, const TakeAnalyzed& take);
// All items kept.
AnalysisReport run_analysis(const AnalysisPlan& plan, const AnalysisRunOptions& options, Progress& progress,
                            std::stop_token stop);

// The analysis of an item beside its input, status and error.
Json to_json(const AnalyzedItem& item);
// {"spec": {...}, "summary": {...}}: what follows the items in the document of a run.
Json to_json(const AnalysisSummary& summary, const AnalysisSpec& spec);

}  // namespace dubplate
