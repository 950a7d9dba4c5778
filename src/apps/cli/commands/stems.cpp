#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "apps/cli/command.h"
#include "apps/cli/commands/history.h"
#include "apps/cli/config_file.h"
#include "apps/cli/progress_bar.h"
#include "apps/cli/report_files.h"
#include "apps/cli/stems_output.h"
#include "core/json.h"
#include "core/text.h"
#include "exports/stems/report.h"
#include "exports/stems/run.h"
#include "exports/stems/tracks.h"

namespace dubplate::cli {

namespace {

constexpr const char* example = R"(
Examples:
  dubplate stems tracks/ --mix mix.wav --daw reaper,ardour -o out
  dubplate stems tracks/ -f flac --bpm 93.5 --markers song.txt --subfolders --daw dawproject -o out
  dubplate stems --init tracks/ > session.json
  dubplate stems session.json --daw reaper --template mine.rpp --zip -o out
)";

struct StemsOptions {
    CommonOptions common;
    ParamOptions params;
    std::vector<std::string> inputs;
    std::string output = ".";
    std::string init;
    std::string config;
    std::string tags_file;
    std::vector<std::string> reports;
    std::string catalog;
    bool print_schema = false;
};

bool is_session(const std::string& name) {
    return to_lower_ascii(std::filesystem::path(name).extension().string()) == ".json";
}

// What the configuration says, checked alone so that a mistake is told of its file.
Result<Json> read_config(const std::string& path) {
    DUBPLATE_TRY(Json json, read_toml(path));
    if (const auto spec = read_stems_spec(json); !spec) return Error(spec.error()).in_context(path);
    return json;
}

// Configuration, session, tags from a file, command line: later wins.
Result<StemsSpec> read_spec(const StemsOptions& options) {
    Json json = Json::object();
    if (!options.config.empty()) {
        DUBPLATE_TRY(json, read_config(options.config));
    }
    DUBPLATE_TRY(Json asked, options.params.collect());
    if (!options.tags_file.empty()) {
        DUBPLATE_TRY(Json tags, read_tags_file(options.tags_file));
        overlay(tags, asked);
        asked = std::move(tags);
    }
    const auto session = std::ranges::find_if(options.inputs, is_session);
    if (session == options.inputs.end()) {
        overlay(json, asked);
        if (!options.inputs.empty()) json["inputs"] = options.inputs;
        return read_stems_spec(json);
    }
    if (options.inputs.size() > 1)
        return fail(ErrorCode::invalid_argument, *session + " is a session, and other inputs are given, too",
                    "give one session, or audio files and folders");
    DUBPLATE_TRY(const Json in_file, read_json(*session));
    if (!in_file.is_object())
        return fail(ErrorCode::invalid_argument, *session + ": a session must be a JSON object");
    overlay(json, in_file);
    // What the command line names is relative to the working folder, what the session names to the session.
    Result<StemsSpec> in_session = read_stems_spec(json, std::filesystem::absolute(*session).parent_path());
    if (!in_session) return std::move(in_session).error().in_context(*session);
    Json merged = write_stems_spec(*in_session);
    merged.merge_patch(asked);
    return read_stems_spec(merged);
}

Result<int> print_session(const StemsOptions& options, std::stop_token stop) {
    DUBPLATE_TRY(const StemsSpec spec, propose_session(options.init, std::move(stop)));
    Json json = write_stems_spec(spec);
    for (Json& track : json["tracks"])
        track["file"] = (std::filesystem::path(options.init) / track["file"].get<std::string>()).string();
    if (!spec.mix.empty()) json["mix"] = (std::filesystem::path(options.init) / spec.mix).string();
    print_json(json);
    return 0;
}

void print_errors(const StemsManifest& manifest) {
    const auto print = [](const std::optional<Error>& error) {
        if (error && error->code != ErrorCode::canceled) print_message(error->to_string());
    };
    for (const ManifestItem& item : manifest.audio.items) {
        print(item.error);
        for (const ManifestFile& file : item.files) print(file.error);
    }
    for (const ExtraFile& extra : manifest.extras) print(extra.error);
    print(manifest.null_test_error);
    if (manifest.null_test && !manifest.null_test->passed)
        print_message("the stems do not sum to " + manifest.null_test->against + ": see the null test");
}

// 0: all of it; 1: some; else the first error's own.
int exit_status_of(const StemsManifest& manifest) {
    if (manifest.passed()) return 0;
    for (const ManifestItem& item : manifest.audio.items)
        for (const ManifestFile& file : item.files)
            if (!file.error) return 1;
    for (const ManifestItem& item : manifest.audio.items)
        if (item.error) return info(item.error->code).exit_status;
    return 1;
}

Result<int> run_plan(const StemsPlan& plan, const StemsOptions& options, const History& history,
                     std::stop_token stop) {
    ProgressBar bar(options.common.quiet || options.common.json);
    Progress progress(bar.listener());
    const RunOptions run{.jobs = job_count(options.common),
                         .memory_bytes = memory_bytes(options.common),
                         .pictures = !options.reports.empty()};
    const Result<StemsManifest> manifest = run_stems(plan, run, progress, stop);
    bar.clear();
    if (!manifest && manifest.error().code == ErrorCode::canceled)
        return report_error(
            fail(ErrorCode::canceled, "canceled; files that were finished stay, the others are gone"),
            options.common.json);
    if (!manifest) return manifest.error();
    Status kept = write_reports(options.reports, options.common.overwrite, [&](bool html) {
        return html ? render_html(*manifest) : dump_json(to_json(*manifest, true));
    });
    const Status remembered = remember(
        history, [&] { return record_of("stems", options.output, manifest->audio, to_json(*manifest)); });
    if (kept) kept = remembered;
    if (options.common.json) {
        print_json(to_json(*manifest));
    } else if (!options.common.quiet) {
        std::fputs(manifest_text(*manifest, plan).c_str(), stdout);
    }
    print_errors(*manifest);
    return kept ? exit_status_of(*manifest) : report_error(kept.error(), false);
}

Result<int> print_plan(const StemsPlan& plan, const CommonOptions& common) {
    if (common.json) {
        print_json(to_json(plan));
    } else if (!common.quiet) {
        std::fputs(plan_text(plan).c_str(), stdout);
    }
    for (const PlannedStem& stem : plan.stems)
        if (stem.error) print_message(stem.error->to_string());
    return plan.failed_count() > 0 ? 1 : 0;
}

Result<int> run_stems_command(const StemsOptions& options, std::stop_token stop) {
    if (options.print_schema) {
        print_json(stems_spec_schema());
        return 0;
    }
    if (!options.init.empty()) return print_session(options, stop);
    Result<StemsSpec> spec = read_spec(options);
    if (!spec) return options.params.as_typed(std::move(spec).error());
    DUBPLATE_CHECK(check_reports(options.reports, options.common.overwrite));
    FileStore store;
    const ExportTarget target{
        .store = &store, .output = options.output, .overwrite = options.common.overwrite};
    DUBPLATE_TRY(const StemsPlan plan, plan_stems(*spec, target, stop));
    if (options.common.dry_run) return print_plan(plan, options.common);
    DUBPLATE_TRY(const History history, find_history(options.catalog));
    return run_plan(plan, options, history, stop);
}

}  // namespace

void add_stems_command(CLI::App& program, std::stop_token stop, int& exit_status) {
    CLI::App& command = *program.add_subcommand(
        "stems", "multitrack delivery: stems, DAW projects, and proof that they sum to the mix");
    const auto options = std::make_shared<StemsOptions>();
    command.add_option("INPUT", options->inputs, "audio files, folders, globs, or one session (.json)");
    command.add_option("-o,--output", options->output, "where the folder of the delivery is made [here]")
        ->type_name("DIR");
    command.add_option("--init", options->init, "print a session for the audio in a folder, to be edited")
        ->type_name("DIR");
    options->params.add_to(command, stems_spec_params().params());
    command.add_option("--tags", options->tags_file, "tags from a JSON file")->type_name("FILE.json");
    command.add_option("--config", options->config, "the session's values from a TOML file")
        ->type_name("FILE.toml");
    add_report_option(command, options->reports);
    add_catalog_option(command, options->catalog);
    command.add_flag("--schema", options->print_schema, "print the session's keys as a JSON Schema");
    add_common_options(command, options->common);
    add_memory_option(command, options->common);
    command.footer(example);
    command.callback([options, &exit_status, stop] {
        Result<int> status = run_stems_command(*options, stop);
        exit_status = status ? *status : report_error(status.error(), options->common.json);
    });
}

}  // namespace dubplate::cli
