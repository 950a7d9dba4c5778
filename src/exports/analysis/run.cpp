#include "exports/analysis/run.h"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <map>
#include <mutex>

#include "core/version.h"
#include "core/worker_pool.h"
#include "exports/analysis/examine.h"
#include "exports/analysis/figure.h"
#include "exports/analysis/file_stamp.h"
#include "exports/analysis/json_values.h"

namespace dubplate {

namespace {

// Facts and picture cost next to nothing beside the decoding.
constexpr double share_of_decoding = 0.97;

AnalyzeOptions options_of(const AnalysisSpec& spec) {
    return {.tempo = spec.tempo,
            .key = spec.key,
            .structure = spec.structure,
            .min_bpm = spec.min_bpm,
            .max_bpm = spec.max_bpm};
}

Status write_item_tags(const AnalysisPlan& plan, const PlannedAnalysis& planned, AnalyzedItem& item,
                       std::stop_token stop) {
    const std::vector<WrittenTag> tags = tags_to_write(*item.analysis, plan.spec.min_confidence);
    if (tags.empty()) {
        item.not_written = "nothing new is known well enough";
        return {};
    }
    DUBPLATE_CHECK(write_tags(*plan.target.store, planned.input, tags, std::move(stop)));
    item.written = tags;
    return {};
}

Status draw_item(const AnalysisPlan& plan, const PlannedAnalysis& planned, const AnalysisPictures& pictures,
                 AnalyzedItem& item) {
    DUBPLATE_TRY(const std::string svg, draw_figure(planned.input.stem, *item.analysis, pictures));
    DUBPLATE_CHECK(write_figure(*plan.target.store, planned.picture, plan.target.overwrite, svg));
    item.picture = planned.picture.string();
    return {};
}

Status run_item(const AnalysisPlan& plan, const PlannedAnalysis& planned, AnalyzedItem& item,
                Progress::Part progress, std::stop_token stop) {
    if (!plan.spec.facts_only) progress.stage("analyzing", planned.name);
    const FileStamp stamp = stamp_of(planned.input.path);
    DUBPLATE_TRY(const OpenedAudio opened, planned.input.open());
    if (plan.spec.facts_only) {
        item.analysis = facts_of(opened);
        return {};
    }
    DUBPLATE_TRY(Examined examined,
                 examine(opened, planned.input.stem,
                         {.analyze = options_of(plan.spec), .pictures = !planned.picture.empty()},
                         progress.part(0, share_of_decoding), stop));
    if (!planned.input.path.empty()) DUBPLATE_CHECK(check_unchanged(planned.input.path, stamp));
    item.analysis = std::move(examined.analysis);
    if (examined.pictures) DUBPLATE_CHECK(draw_item(plan, planned, *examined.pictures, item));
    if (planned.tags_refused) return Error(*planned.tags_refused);
    item.not_written = planned.tags_skipped;
    if (plan.spec.write_tags && planned.tags_skipped.empty())
        DUBPLATE_CHECK(write_item_tags(plan, planned, item, stop));
    return {};
}

// The message names the input once.
Error named(Error error, const std::string& input) {
    if (error.to_string().find(input) != std::string::npos) return error;
    return std::move(error).in_context(input);
}

void settle(AnalyzedItem& item, Status status) {
    if (status) {
        item.status = "done";
        return;
    }
    item.status = status.error().code == ErrorCode::canceled ? "canceled" : "failed";
    item.error = named(std::move(status).error(), item.input);
}

// Every item has the same keys: of one that failed there is nothing to tell under them.
Json nothing_told() {
    Json json = to_json(Analysis{});
    for (auto& [key, value] : json.items()) value = key == "warnings" ? Json::array() : Json(nullptr);
    return json;
}

// Puts what is done in any order into the plan's order.
class InOrder {
  public:
    explicit InOrder(const TakeAnalyzed& take) : take_(take) {}

    // Waits where the item is far ahead of the one that is still missing.
    void put(std::size_t index, AnalyzedItem item, const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        // Asked to stop, nobody may be at work on the missing one.
        (void)moved_on_.wait(lock, stop, [&] { return index < next_ + most_ahead; });
        waiting_.emplace(index, std::move(item));
        for (auto first = waiting_.begin(); first != waiting_.end() && first->first == next_;
             first = waiting_.erase(first), ++next_)
            take_(std::move(first->second));
        moved_on_.notify_all();
    }

    // Those that were never put, where the run was stopped, are `missing`.
    void finish(std::size_t count, const std::function<AnalyzedItem(std::size_t index)>& missing) {
        for (; next_ < count; ++next_) {
            const auto found = waiting_.find(next_);
            take_(found == waiting_.end() ? missing(next_) : std::move(found->second));
        }
    }

  private:
    static constexpr std::size_t most_ahead = 256;

    const TakeAnalyzed& take_;
    std::mutex mutex_;
    std::condition_variable_any moved_on_;
    std::map<std::size_t, AnalyzedItem> waiting_;  // guarded by mutex_
    std::size_t next_ = 0;                         // guarded by mutex_
};

AnalyzedItem unsettled(const PlannedAnalysis& planned) {
    return {.input = planned.name, .status = planned.error ? "failed" : "canceled", .error = planned.error};
}

}  // namespace

AnalysisSummary run_analysis(const AnalysisPlan& plan, const AnalysisRunOptions& options, Progress& progress,
                             std::stop_token stop, const TakeAnalyzed& take) {
    const auto started = plan.target.clock->now();
    progress.set_audio_seconds(plan.spec.facts_only ? 0 : plan.audio_seconds);
    AnalysisSummary summary{.version = std::string(version()),
                            .created_utc = to_iso8601(plan.target.clock->utc()),
                            .inputs = static_cast<int>(plan.items.size())};
    const TakeAnalyzed count_and_take = [&](AnalyzedItem item) {
        summary.done += item.status == "done" ? 1 : 0;
        summary.failed += item.status == "failed" ? 1 : 0;
        if (item.status == "done") summary.audio_seconds += item.analysis->seconds();
        take(std::move(item));
    };
    InOrder in_order(count_and_take);
    run_each(
        plan.items.size(), std::max(options.jobs, 1),
        [&](std::size_t i, const std::stop_token&) {
            const PlannedAnalysis& planned = plan.items[i];
            AnalyzedItem item = unsettled(planned);
            const double share = plan.audio_seconds > 0 ? planned.seconds / plan.audio_seconds : 0;
            Progress::Part part = progress.part(planned.error ? 0 : share);
            if (!planned.error) settle(item, run_item(plan, planned, item, part, stop));
            part.finish();
            in_order.put(i, std::move(item), stop);
            return Status{};
        },
        stop);
    in_order.finish(plan.items.size(), [&](std::size_t i) { return unsettled(plan.items[i]); });
    summary.wall_seconds = std::chrono::duration<double>(plan.target.clock->now() - started).count();
    if (!stop.stop_requested()) progress.complete();
    return summary;
}

AnalysisReport run_analysis(const AnalysisPlan& plan, const AnalysisRunOptions& options, Progress& progress,
                            std::stop_token stop) {
    AnalysisReport report;
    report.summary = run_analysis(plan, options, progress, std::move(stop),
                                  [&](AnalyzedItem item) { report.items.push_back(std::move(item)); });
    return report;
}

Json to_json(const AnalyzedItem& item) {
    Json json = item.analysis ? to_json(*item.analysis) : nothing_told();
    json["input"] = to_valid_utf8(item.input);
    json["status"] = item.status;
    json["error"] = error_json(item.error);
    json["picture"] = text_or_null(item.picture);
    json["not_written"] = text_or_null(item.not_written);
    json["tags_written"] = Json::array();
    for (const WrittenTag& tag : item.written)
        json["tags_written"].push_back(
            {{"name", tag.name}, {"before", text_or_null(tag.before)}, {"now", tag.now}});
    return json;
}

Json to_json(const AnalysisSummary& summary, const AnalysisSpec& spec) {
    const bool has_speed = summary.wall_seconds > 0 && !spec.facts_only;
    return {{"summary",
             {{"kind", "analysis"},
              {"version", summary.version},
              {"analyzer_version", analyzer_version},
              {"created_utc", summary.created_utc},
              {"inputs", summary.inputs},
              {"done", summary.done},
              {"failed", summary.failed},
              {"canceled", summary.inputs - summary.done - summary.failed},
              {"wall_seconds", rounded(summary.wall_seconds, 0.001)},
              {"audio_seconds", rounded(summary.audio_seconds, 0.001)},
              {"times_real_time",
               has_speed ? rounded(summary.audio_seconds / summary.wall_seconds, 0.1) : Json(nullptr)}}},
            {"spec", write_analysis_spec(spec)}};
}

}  // namespace dubplate
