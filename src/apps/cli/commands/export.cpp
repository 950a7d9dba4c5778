#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "apps/cli/command.h"
#include "apps/cli/commands/history.h"
#include "apps/cli/config_file.h"
#include "apps/cli/export_output.h"
#include "apps/cli/progress_bar.h"
#include "apps/cli/report_files.h"
#include "core/json.h"
#include "core/text.h"
#include "exports/audio/presets.h"
#include "exports/audio/report.h"
#include "exports/audio/run.h"

namespace dubplate::cli {

namespace {

constexpr const char* example = R"(
Examples:
  dubplate export "Night Drive.wav" -f flac,mp3 -o out
  dubplate export album/ -f flac --album --preset spotify --name "{track:02} {title}" -o masters
  dubplate export mix.wav -f mp3 --vbr 0 --tag title="Night Drive" --cover front.jpg --report out/proof.html -o out
  cat mix.flac | dubplate export - -o mix.wav
)";

struct ExportOptions {
    CommonOptions common;
    ParamOptions params;
    std::vector<std::string> inputs;
    std::string output = ".";
    std::string config;
    std::string tags_file;
    std::vector<std::string> reports;
    std::string catalog;
    std::string save_preset;
    bool list_presets = false;
    bool print_schema = false;
};

// --trim-silence may stand without a value, and what follows it may then be an input.
Json with_default_trim(Json json, ExportOptions& options, const CLI::App& command) {
    const CLI::Option* trim = command.get_option("--trim-silence");
    if (trim->count() == 0) return json;
    const auto texts = trim->as<std::vector<std::string>>();
    const bool is_level = !texts.empty() && parse_number(texts.front()).has_value();
    if (is_level) return json;
    if (!texts.empty() && !texts.front().empty()) options.inputs.push_back(texts.front());
    set_at_path(json, "edit.trim_silence_dbfs", -60.0);
    return json;
}

// The formats that the output's extension asks for, where --format does not.
void format_from_output(Json& json, const ExportOptions& options) {
    const std::string extension = std::filesystem::path(options.output).extension().string();
    if (json.contains("formats") || extension.size() < 2 || std::filesystem::is_directory(options.output))
        return;
    const AudioFormat* format = find_format_by_extension(extension.substr(1));
    if (format != nullptr && format->writable()) json["formats"] = {std::string(format->name)};
}

// Configuration, then tags from a file, then the command line: later wins.
Result<Json> collect_spec(ExportOptions& options, const Json& asked) {
    Json json = Json::object();
    if (!options.config.empty()) {
        DUBPLATE_TRY(json, read_toml(options.config));
        if (Status known = check_known_keys(audio_spec_params().params(), json); !known)
            return std::move(known).error().in_context(options.config);
    }
    if (!options.tags_file.empty()) {
        DUBPLATE_TRY(const Json tags, read_tags_file(options.tags_file));
        overlay(json, tags);
    }
    overlay(json, asked);
    format_from_output(json, options);
    if (!options.inputs.empty()) json["inputs"] = options.inputs;
    return json;
}

Result<AudioSpec> read_spec(const Json& json) {
    std::vector<std::string> problems;
    const auto presets = load_user_presets(user_preset_folder(), problems);
    for (const std::string& problem : problems) print_message(problem);
    return read_audio_spec(json, presets);
}

struct Request {
    Json json;  // without the presets' values
    AudioSpec spec;
};

Result<Request> read_request(ExportOptions& options, const CLI::App& command) {
    DUBPLATE_TRY(Json asked, options.params.collect());
    asked = with_default_trim(std::move(asked), options, command);
    DUBPLATE_TRY(Json json, collect_spec(options, asked));
    DUBPLATE_TRY(AudioSpec spec, read_spec(json));
    DUBPLATE_CHECK(check_asked(asked, spec));
    return Request{std::move(json), std::move(spec)};
}

void print_errors(const Manifest& manifest) {
    const auto print = [](const std::optional<Error>& error) {
        if (error && error->code != ErrorCode::canceled) print_message(error->to_string());
    };
    for (const ManifestItem& item : manifest.items) {
        print(item.error);
        for (const ManifestFile& file : item.files) print(file.error);
    }
}

// 0 all done; 1 some of it; else the first error's own.
int exit_status_of(const Manifest& manifest) {
    const Error* first = nullptr;
    bool something_done = false;
    for (const ManifestItem& item : manifest.items) {
        if (item.error && first == nullptr) first = &*item.error;
        for (const ManifestFile& file : item.files) {
            if (file.error && first == nullptr) first = &*file.error;
            something_done = something_done || !file.error;
        }
    }
    if (first == nullptr) return 0;
    return something_done ? 1 : info(first->code).exit_status;
}

Result<int> print_plan(const AudioPlan& plan, const CommonOptions& common) {
    if (common.json) {
        print_json(to_json(plan));
    } else if (!common.quiet) {
        std::fputs(plan_text(plan).c_str(), stdout);
    }
    int failed = 0;
    int status = 0;
    for (const PlannedItem& item : plan.items) {
        if (!item.error) continue;
        print_message(item.error->to_string());
        if (failed++ == 0) status = info(item.error->code).exit_status;
    }
    return failed > 0 && failed < static_cast<int>(plan.items.size()) ? 1 : status;
}

Result<int> run_plan(const AudioPlan& plan, const ExportOptions& options, const History& history,
                     std::stop_token stop) {
    ProgressBar bar(options.common.quiet || options.common.json);
    Progress progress(bar.listener());
    const RunOptions run{.jobs = job_count(options.common),
                         .memory_bytes = memory_bytes(options.common),
                         .pictures = !options.reports.empty()};
    const Result<Manifest> manifest = run_audio(plan, run, progress, stop);
    bar.clear();
    if (!manifest) return manifest.error();
    Status kept;
    if (!stop.stop_requested()) {
        kept = write_reports(options.reports, options.common.overwrite, [&](bool html) {
            return html ? render_html(*manifest) : dump_json(to_json(*manifest, true));
        });
        const Status remembered = remember(
            history, [&] { return record_of("audio", options.output, *manifest, to_json(*manifest)); });
        if (kept) kept = remembered;
    }
    if (options.common.json) {
        print_json(to_json(*manifest));
    } else if (!options.common.quiet) {
        std::fputs(manifest_text(*manifest, plan).c_str(), stdout);
    }
    print_errors(*manifest);
    // The manifest is the one JSON document, so what is wrong beside it goes to standard error alone.
    if (stop.stop_requested())
        return report_error(fail(ErrorCode::canceled, "canceled; nothing unfinished was left behind"), false);
    return kept ? exit_status_of(*manifest) : report_error(kept.error(), false);
}

Result<int> run_export(ExportOptions& options, const CLI::App& command, std::stop_token stop) {
    if (options.print_schema) {
        print_json(audio_spec_schema());
        return 0;
    }
    if (options.list_presets) {
        std::vector<std::string> problems;
        const auto user_presets = load_user_presets(user_preset_folder(), problems);
        if (options.common.json) {
            print_json(presets_json(user_presets));
        } else {
            std::fputs(presets_text(user_presets).c_str(), stdout);
        }
        for (const std::string& problem : problems) print_message(problem);
        return 0;
    }
    Result<Request> request = read_request(options, command);
    if (!request) return options.params.as_typed(std::move(request).error());
    Json& json = request->json;
    if (!options.save_preset.empty()) {
        json.erase("inputs");
        DUBPLATE_CHECK(
            save_user_preset(user_preset_folder(), options.save_preset, json, options.common.overwrite));
        if (!options.common.quiet && !options.common.json) print_line("saved preset " + options.save_preset);
        if (options.inputs.empty()) {
            if (options.common.json)
                print_json({{"items", Json::array({{{"name", options.save_preset}, {"values", json}}})}});
            return 0;
        }
    }
    DUBPLATE_CHECK(check_reports(options.reports, options.common.overwrite));
    FileStore store;
    const ExportTarget target{
        .store = &store, .output = options.output, .overwrite = options.common.overwrite};
    DUBPLATE_TRY(const AudioPlan plan, plan_audio(request->spec, target, stop));
    if (options.common.dry_run) return print_plan(plan, options.common);
    DUBPLATE_TRY(const History history, find_history(options.catalog));
    return run_plan(plan, options, history, stop);
}

}  // namespace

void add_export_command(CLI::App& program, std::stop_token stop, int& exit_status) {
    CLI::App& command =
        *program.add_subcommand("export", "finished audio files: loudness, formats, tags, proof");
    const auto options = std::make_shared<ExportOptions>();
    command.add_option("INPUT", options->inputs, "files, folders, globs, or - for standard input");
    command
        .add_option("-o,--output", options->output,
                    "folder for the files, or one file by its extension [here]")
        ->type_name("DIR|FILE");
    options->params.add_to(command, audio_spec_params().params());
    command.add_option("--tags", options->tags_file, "tags from a JSON file")->type_name("FILE.json");
    add_report_option(command, options->reports);
    add_catalog_option(command, options->catalog);
    command.add_option("--config", options->config, "the spec's values from a TOML file")
        ->type_name("FILE.toml");
    command.add_flag("--schema", options->print_schema, "print the spec's keys as a JSON Schema");
    command.add_option("--save-preset", options->save_preset, "keep these values under a name")
        ->type_name("NAME");
    command.add_flag("--presets", options->list_presets, "list the presets");
    add_common_options(command, options->common);
    add_memory_option(command, options->common);
    command.footer(example);
    command.callback([options, &command, &exit_status, stop] {
        Result<int> status = run_export(*options, command, stop);
        exit_status = status ? *status : report_error(status.error(), options->common.json);
    });
}

}  // namespace dubplate::cli
