#include "exports/analysis/run.h"

#include <algorithm>
#include <cmath>

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
    if (plan.spec.facts_only) {
        item.analysis = planned.facts;
        return {};
    }
    progress.stage("analyzing", planned.name);
    const FileStamp stamp = stamp_of(planned.input.path);
    DUBPLATE_TRY(const OpenedAudio opened, planned.input.open());
    DUBPLATE_TRY(Examined examined,
                 examine(opened, planned.input.stem,
                         {.analyze = options_of(plan.spec), .pictures = !planned.picture.empty()},
                         progress.part(0, share_of_decoding), stop));
    if (!planned.input.path.empty()) DUBPLATE_CHECK(check_unchanged(planned.input.path, stamp));
    item.analysis = std::move(examined.analysis);
    if (examined.pictures) DUBPLATE_CHECK(draw_item(plan, planned, *examined.pictures, item));
    if (plan.spec.write_tags && planned.tags_refused) return Error(*planned.tags_refused);
    if (plan.spec.write_tags) DUBPLATE_CHECK(write_item_tags(plan, planned, item, stop));
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

Json item_json(const AnalyzedItem& item) {
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

}  // namespace

int AnalysisReport::done_count() const {
    return static_cast<int>(std::ranges::count(items, "done", &AnalyzedItem::status));
}

int AnalysisReport::failed_count() const {
    return static_cast<int>(std::ranges::count(items, "failed", &AnalyzedItem::status));
}

AnalysisReport run_analysis(const AnalysisPlan& plan, const AnalysisRunOptions& options, Progress& progress,
                            std::stop_token stop) {
    const auto started = plan.target.clock->now();
    progress.set_audio_seconds(plan.spec.facts_only ? 0 : plan.audio_seconds);
    AnalysisReport report{.version = std::string(version()),
                          .created_utc = to_iso8601(plan.target.clock->utc())};
    std::vector<Progress::Part> parts;
    for (const PlannedAnalysis& planned : plan.items) {
        report.items.push_back({.input = planned.name,
                                .status = planned.error ? "failed" : "canceled",  // until it is settled
                                .error = planned.error});
        const double share = plan.audio_seconds > 0 ? planned.facts.seconds() / plan.audio_seconds : 0;
        parts.push_back(progress.part(planned.error ? 0 : share));
    }
    run_each(
        plan.items.size(), std::max(options.jobs, 1),
        [&](std::size_t i, const std::stop_token&) {
            if (plan.items[i].error) return Status{};
            settle(report.items[i], run_item(plan, plan.items[i], report.items[i], parts[i], stop));
            parts[i].finish();
            return Status{};
        },
        stop);
    for (const AnalyzedItem& item : report.items)
        if (item.status == "done") report.audio_seconds += item.analysis->seconds();
    report.wall_seconds = std::chrono::duration<double>(plan.target.clock->now() - started).count();
    if (!stop.stop_requested()) progress.complete();
    return report;
}

Json to_json(const AnalysisReport& report, const AnalysisSpec& spec) {
    Json items = Json::array();
    for (const AnalyzedItem& item : report.items) items.push_back(item_json(item));
    const int inputs = static_cast<int>(report.items.size());
    const int done = report.done_count();
    const int failed = report.failed_count();
    return {{"items", std::move(items)},
            {"summary",
             {{"kind", "analysis"},
              {"version", report.version},
              {"analyzer_version", analyzer_version},
              {"created_utc", report.created_utc},
              {"inputs", inputs},
              {"done", done},
              {"failed", failed},
              {"canceled", inputs - done - failed},
              {"wall_seconds", rounded(report.wall_seconds, 0.001)},
              {"audio_seconds", rounded(report.audio_seconds, 0.001)},
              {"times_real_time", report.wall_seconds > 0 && !spec.facts_only
                                      ? rounded(report.audio_seconds / report.wall_seconds, 0.1)
                                      : Json(nullptr)}}},
            {"spec", write_analysis_spec(spec)}};
}

}  // namespace dubplate
