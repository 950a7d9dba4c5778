#include "exports/analysis/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "exports/analysis/examine.h"
#include "exports/analysis/json_values.h"
#include "exports/analysis/write_tags.h"
#include "organize/file_name.h"

namespace dubplate {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view input_mark = "{input}";
// One core of a current machine, stereo at 44.1 kHz.
constexpr double analyzed_times_real_time = 400;
constexpr double seconds_for_facts = 0.001;

Result<fs::path> picture_path(const AnalysisSpec& spec, const AnalysisTarget& target, const std::string& stem,
                              UniqueNames& names) {
    const fs::path wanted = spec.picture;
    std::string name = wanted.stem().string();
    if (const auto mark = name.find(input_mark); mark != std::string::npos)
        name.replace(mark, input_mark.size(), safe_name(stem));
    const fs::path path =
        wanted.parent_path() / names.take(name, std::string_view(wanted.extension().native()).substr(1));
    if (!target.overwrite && target.store->exists(path))
        return fail(ErrorCode::already_exists, path.string() + " exists already",
                    "use --overwrite to replace it");
    return path;
}

PlannedAnalysis plan_input(ExpandedInput expanded, const AnalysisSpec& spec, const AnalysisTarget& target,
                           UniqueNames& pictures) {
    PlannedAnalysis item;
    item.name = std::move(expanded.name);
    if (!expanded.input) {
        item.error = std::move(expanded.input).error();
        return item;
    }
    item.input = *std::move(expanded.input);
    const Result<OpenedAudio> opened = item.input.open();
    if (!opened) {
        const bool is_named = opened.error().to_string().find(item.name) != std::string::npos;
        item.error = is_named ? opened.error() : Error(opened.error()).in_context(item.name);
        return item;
    }
    const SourceInfo& source = opened->reader->info();
    item.seconds = facts_of(*opened).seconds();
    item.seconds_exact = source.frames_exact;
    if (source.frames == 0 && source.frames_exact) {
        item.error = fail(ErrorCode::corrupt, item.name + ": holds no audio, 0 frames");
        return item;
    }
    if (spec.write_tags) item.tags_skipped = skip_tags(source);
    if (spec.write_tags && item.tags_skipped.empty()) item.tags_refused = refuse_tags(item.input, source);
    if (spec.picture.empty()) return item;
    if (auto path = picture_path(spec, target, item.input.stem, pictures)) {
        item.picture = *std::move(path);
    } else {
        item.error = std::move(path).error();
    }
    return item;
}

}  // namespace

Result<AnalysisPlan> plan_analysis(const AnalysisSpec& spec, const AnalysisTarget& target,
                                   std::stop_token stop) {
    DUBPLATE_CHECK(validate(spec));
    if (spec.inputs.empty())
        return fail(ErrorCode::invalid_argument, "no input is given", "name a file, a folder, or -");
    std::vector<ExpandedInput> inputs = expand_inputs(spec.inputs, stop);
    if (!spec.picture.empty() && inputs.size() > 1 && spec.picture.find(input_mark) == std::string::npos)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("picture: {} is one file, but there are {} inputs",
                                escape_control(spec.picture), inputs.size()),
                    "put {input} into its name, as in \"{input}.png\"");
    AnalysisPlan plan{.spec = spec, .target = target};
    UniqueNames pictures;
    for (ExpandedInput& expanded : inputs) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        plan.items.push_back(plan_input(std::move(expanded), spec, target, pictures));
        if (plan.items.back().error) continue;
        plan.audio_seconds += plan.items.back().seconds;
        plan.estimated_cpu_seconds += seconds_for_facts;
    }
    if (!spec.facts_only) plan.estimated_cpu_seconds += plan.audio_seconds / analyzed_times_real_time;
    return plan;
}

Json to_json(const PlannedAnalysis& item) {
    return {{"input", to_valid_utf8(item.name)},
            {"status", item.error ? "failed" : "planned"},
            {"error", error_json(item.error)},
            {"duration_seconds", item.error ? Json(nullptr) : rounded(item.seconds, time_step)},
            {"picture", text_or_null(item.picture.string())},
            {"tags_refused", error_json(item.tags_refused)},
            {"not_written", text_or_null(item.tags_skipped)}};
}

Json to_json(const AnalysisPlan& plan) {
    const auto failed =
        std::ranges::count_if(plan.items, [](const auto& item) { return item.error.has_value(); });
    return {{"spec", write_analysis_spec(plan.spec)},
            {"summary",
             {{"kind", "analysis"},
              {"inputs", plan.items.size()},
              {"failed", failed},
              {"audio_seconds", plan.audio_seconds},
              {"estimated_cpu_seconds", plan.estimated_cpu_seconds}}}};
}

}  // namespace dubplate
