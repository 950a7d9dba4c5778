#include <memory>

#include "apps/cli/analyze_output.h"
#include "apps/cli/command.h"
#include "apps/cli/json_list.h"
#include "apps/cli/progress_bar.h"
#include "core/json.h"
#include "exports/analysis/run.h"

namespace dubplate::cli {

namespace {

constexpr const char* example = R"(
Examples:
  dubplate analyze loops/ --key
  dubplate analyze "Night Drive.wav" --key --picture night-drive.png
  dubplate analyze samples/ --facts --json
  dubplate analyze loops/ --key --write-tags --min-confidence 0.8
)";

struct AnalyzeCommand {
    CommonOptions common;
    ParamOptions params;
    std::vector<std::string> inputs;
    bool print_schema = false;
};

Result<AnalysisSpec> read_spec(const AnalyzeCommand& command) {
    DUBPLATE_TRY(Json json, command.params.collect());
    if (!command.inputs.empty()) json["inputs"] = command.inputs;
    return read_analysis_spec(json);
}

// 0 all done; 1 some of it; else the first error's own.
class Outcome {
  public:
    void add(const std::optional<Error>& error) {
        if (error && !first_) first_ = error->code;
        something_done_ = something_done_ || !error;
    }
    int exit_status() const {
        if (!first_) return 0;
        return something_done_ ? 1 : info(*first_).exit_status;
    }

  private:
    std::optional<ErrorCode> first_;
    bool something_done_ = false;
};

int print_plan(const AnalysisPlan& plan, const CommonOptions& common) {
    if (common.json) {
        JsonList document;
        for (const PlannedAnalysis& item : plan.items) document.item(to_json(item));
        document.finish_with(to_json(plan));
    } else if (!common.quiet) {
        std::fputs(plan_text(plan).c_str(), stdout);
    }
    Outcome outcome;
    for (const PlannedAnalysis& item : plan.items) {
        outcome.add(item.error);
        if (item.error) print_message(item.error->to_string());
    }
    return outcome.exit_status();
}

int run_plan(const AnalysisPlan& plan, const CommonOptions& common, std::stop_token stop) {
    ProgressBar bar(common.quiet || common.json);
    Progress progress(bar.listener());
    JsonList document;
    ReportText text(plan.spec, plan.items.size());
    Outcome outcome;
    std::vector<std::string> messages;
    const AnalysisSummary summary = run_analysis(
        plan, {.jobs = jobs_on_all_cores(common)}, progress, stop, [&](const AnalyzedItem& item) {
            outcome.add(item.error);
            if (item.error && item.error->code != ErrorCode::canceled)
                messages.push_back(item.error->to_string());
            if (common.json) {
                document.item(to_json(item));
            } else if (!common.quiet) {
                text.add(item);
            }
        });
    bar.clear();
    if (common.json) {
        document.finish_with(to_json(summary, plan.spec));
    } else if (!common.quiet) {
        std::fputs(text.finish(summary).c_str(), stdout);
    }
    for (const std::string& message : messages) print_message(message);
    // The report is the one JSON document, so the word of the stop goes to standard error alone.
    if (stop.stop_requested())
        return report_error(fail(ErrorCode::canceled, "canceled; nothing unfinished was left behind"), false);
    return outcome.exit_status();
}

Result<int> run_analyze(const AnalyzeCommand& command, std::stop_token stop) {
    if (command.print_schema) {
        print_json(analysis_spec_schema());
        return 0;
    }
    Result<AnalysisSpec> spec = read_spec(command);
    if (!spec) return command.params.as_typed(std::move(spec).error());
    FileStore store;
    const AnalysisTarget target{.store = &store, .overwrite = command.common.overwrite};
    DUBPLATE_TRY(const AnalysisPlan plan, plan_analysis(*spec, target, stop));
    if (command.common.dry_run) return print_plan(plan, command.common);
    return run_plan(plan, command.common, stop);
}

}  // namespace

void add_analyze_command(CLI::App& program, std::stop_token stop, int& exit_status) {
    CLI::App& command =
        *program.add_subcommand("analyze", "levels, loudness, tempo, key, structure and tags of audio files");
    const auto options = std::make_shared<AnalyzeCommand>();
    command.add_option("INPUT", options->inputs, "files, folders, globs, or - for standard input");
    options->params.add_to(command, analysis_spec_params().params());
    command.add_flag("--schema", options->print_schema, "print the spec's keys as a JSON Schema");
    add_common_options(command, options->common);
    command.footer(example);
    command.callback([options, &exit_status, stop] {
        Result<int> status = run_analyze(*options, stop);
        exit_status = status ? *status : report_error(status.error(), options->common.json);
    });
}

}  // namespace dubplate::cli
