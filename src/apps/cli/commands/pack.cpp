#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>

#include "apps/cli/command.h"
#include "apps/cli/commands/pack_history.h"
#include "apps/cli/config_file.h"
#include "apps/cli/pack_text.h"
#include "apps/cli/progress_bar.h"
#include "core/json.h"
#include "core/text.h"
#include "exports/pack/project.h"
#include "exports/pack/propose_kit.h"
#include "exports/pack/run.h"
#include "exports/pack/verify.h"

namespace dubplate::cli {

namespace {

constexpr const char* example = R"(
Examples:
  dubplate pack samples/ -o card/IMPORT --pad-short
  dubplate pack samples/ --organize bpm --metadata -o pack.zip
  dubplate pack --init-kit samples/ > kit.json
  dubplate pack kit.json --preview -o kit/
  dubplate pack break.wav --slice 16 -o break/
  dubplate pack --verify pack.zip
)";

struct PackOptions {
    CommonOptions common;
    ParamOptions params;
    std::vector<std::string> inputs;
    std::string output;
    std::string init_kit;
    std::string inspect;
    std::string verify;
    std::string catalog;
    bool print_schema = false;
};

bool is_kit_file(const std::string& name) {
    return to_lower_ascii(std::filesystem::path(name).extension().string()) == ".json";
}

// The library's preferences under the kit's file under what the command line says.
Result<PackSpec> read_spec(const PackOptions& options, const Preferences& preferences) {
    DUBPLATE_TRY(const Json asked, options.params.collect());
    const auto kit = std::ranges::find_if(options.inputs, is_kit_file);
    if (kit == options.inputs.end()) {
        Json json = preferences.defaults;
        json.merge_patch(asked);
        if (!options.inputs.empty()) json["inputs"] = options.inputs;
        DUBPLATE_TRY(const PackSpec spec, read_pack_spec(json));
        DUBPLATE_CHECK(check_asked(asked, spec));
        return spec;
    }
    if (options.inputs.size() > 1)
        return fail(ErrorCode::invalid_argument, *kit + " is a kit, and other inputs are given, too",
                    "give one kit, or audio files and folders");
    DUBPLATE_TRY(const Json json, read_json(*kit));
    // What the command line names is relative to the working folder, what the kit names to the kit.
    Json with_defaults = preferences.defaults;
    with_defaults.erase("organize");  // a kit is laid out as it says
    if (json.is_object()) with_defaults.merge_patch(json);
    Result<PackSpec> in_kit = read_pack_spec(json.is_object() ? with_defaults : json,
                                             std::filesystem::absolute(*kit).parent_path());
    if (!in_kit) return std::move(in_kit).error().in_context(*kit);
    Json merged = write_pack_spec(*in_kit);
    merged.merge_patch(asked);
    DUBPLATE_TRY(const PackSpec spec, read_pack_spec(merged));
    DUBPLATE_CHECK(check_asked(asked, spec));
    return spec;
}

Status write_file(const std::string& path, const std::string& text, bool overwrite) {
    FileStore store;
    DUBPLATE_TRY(const auto file, store.create(path, {.overwrite = overwrite}));
    DUBPLATE_CHECK(file->append(std::as_bytes(std::span(text))));
    return file->publish();
}

Result<int> print_kit(const PackOptions& options, std::stop_token stop) {
    DUBPLATE_TRY(const Json asked, options.params.collect());
    DUBPLATE_TRY(const PackSpec device_spec, read_pack_spec(asked));
    DUBPLATE_TRY(ProposedKit kit, propose_kit(options.init_kit, device_of(device_spec), std::move(stop)));
    // Where it is printed, it is taken to be kept in the working folder.
    namespace fs = std::filesystem;
    const fs::path folder = fs::absolute(options.init_kit).lexically_normal();
    const fs::path kept_in =
        fs::absolute(options.output.empty() ? "kit.json" : options.output).lexically_normal();
    for (PackPad& pad : kit.spec.pads)
        pad.sample = (folder / pad.sample).lexically_relative(kept_in.parent_path()).string();
    Json json = write_pack_spec(kit.spec);
    json.merge_patch(asked);
    if (options.output.empty()) {
        print_json(json);
    } else {
        DUBPLATE_CHECK(write_file(options.output, dump_json(json), options.common.overwrite));
    }
    for (const std::string& sample : kit.left_out) print_message("left out: " + escape_control(sample));
    return kit.left_out.empty() ? 0 : 1;
}

Result<int> print_project(const PackOptions& options) {
    FileStore store;
    DUBPLATE_TRY(const InspectedProject inspected, inspect_project(store, options.inspect));
    if (options.common.json) {
        print_json(to_json(inspected));
    } else if (!options.common.quiet) {
        std::fputs(project_text(inspected).c_str(), stdout);
    }
    const bool is_whole =
        std::ranges::all_of(inspected.pads, [](const InspectedPad& pad) { return pad.status == "ok"; });
    return is_whole ? 0 : 1;
}

Result<int> print_verified(const PackOptions& options, std::stop_token stop) {
    FileStore store;
    DUBPLATE_TRY(const VerifiedPack verified, verify_pack(store, options.verify, std::move(stop)));
    if (options.common.json) {
        print_json(to_json(verified));
    } else if (!options.common.quiet) {
        std::fputs(verified_text(verified).c_str(), stdout);
    }
    return verified.wrong_count() == 0 ? 0 : 1;
}

void print_errors(const PackManifest& manifest) {
    for (const PackItem& item : manifest.items) {
        if (item.error) print_message(item.error->to_string());
        for (const PackSample& sample : item.samples)
            if (sample.error) print_message(sample.error->to_string());
    }
    if (manifest.project_error) print_message(manifest.project_error->to_string());
}

// 0: all of it; 1: some; else the first error's own.
int exit_status_of(const PackManifest& manifest) {
    if (manifest.failed_count() == 0) return 0;
    if (manifest.sample_count() > 0) return 1;
    for (const PackItem& item : manifest.items) {
        if (item.error) return info(item.error->code).exit_status;
        for (const PackSample& sample : item.samples)
            if (sample.error) return info(sample.error->code).exit_status;
    }
    return 1;
}

Status write_rename_table(const PackPlan& plan, const PackManifest& manifest) {
    if (plan.spec.rename_table.empty()) return {};
    return write_file(plan.spec.rename_table, rename_table(manifest), plan.target.overwrite);
}

Result<int> run_plan(const PackPlan& plan, const PackOptions& options, const Preferences& preferences,
                     std::stop_token stop) {
    ProgressBar bar(options.common.quiet || options.common.json);
    Progress progress(bar.listener());
    const Result<PackManifest> manifest = run_pack(plan, job_count(options.common), progress, stop);
    bar.clear();
    if (!manifest && manifest.error().code == ErrorCode::canceled)
        return report_error(
            fail(ErrorCode::canceled, plan.is_zip ? "canceled; nothing was written"
                                                  : "canceled; files that were finished stay, with a "
                                                    "manifest, the others are gone"),
            options.common.json);
    if (!manifest) return manifest.error();
    Status kept = write_rename_table(plan, *manifest);
    if (kept) kept = record_pack(preferences, plan, *manifest);
    if (options.common.json) {
        print_json(to_json(*manifest));
    } else if (!options.common.quiet) {
        std::fputs(manifest_text(*manifest).c_str(), stdout);
    }
    print_errors(*manifest);
    return kept ? exit_status_of(*manifest) : report_error(kept.error(), false);
}

Result<int> print_plan(const PackPlan& plan, const CommonOptions& common) {
    if (common.json) {
        print_json(to_json(plan));
    } else if (!common.quiet) {
        std::fputs(plan_text(plan).c_str(), stdout);
    }
    for (const PackSource& source : plan.sources)
        if (source.error) print_message(source.error->to_string());
    for (const PlannedSample& sample : plan.samples)
        if (sample.error) print_message(sample.error->to_string());
    return plan.failed_count() > 0 ? 1 : 0;
}

Result<int> run_pack_command(const PackOptions& options, std::stop_token stop) {
    if (options.print_schema) {
        print_json(pack_spec_schema());
        return 0;
    }
    if (!options.init_kit.empty()) return print_kit(options, stop);
    if (!options.inspect.empty()) return print_project(options);
    if (!options.verify.empty()) return print_verified(options, stop);
    DUBPLATE_TRY(const Preferences preferences, read_pack_preferences(options.catalog));
    Result<PackSpec> spec = read_spec(options, preferences);
    if (!spec) return options.params.as_typed(std::move(spec).error());
    FileStore store;
    const std::string output = !options.output.empty() ? options.output : preferences.output.value_or("pack");
    const ExportTarget target{.store = &store, .output = output, .overwrite = options.common.overwrite};
    if (!spec->rename_table.empty() && !target.overwrite && store.exists(spec->rename_table))
        return fail(ErrorCode::already_exists, spec->rename_table + " is there already", "use --overwrite");
    ProgressBar bar(options.common.quiet || options.common.json);
    Progress progress(bar.listener());
    const Result<PackPlan> plan = plan_pack(*spec, target, progress.part(1), stop);
    bar.clear();
    if (!plan) return options.params.as_typed(Error(plan.error()));
    if (options.common.dry_run) return print_plan(*plan, options.common);
    return run_plan(*plan, options, preferences, stop);
}

}  // namespace

void add_pack_command(CLI::App& program, std::stop_token stop, int& exit_status) {
    CLI::App& command =
        *program.add_subcommand("pack", "sampler packs: samples, kits and projects for the SP-404");
    const auto options = std::make_shared<PackOptions>();
    command.add_option("INPUT", options->inputs, "audio files, folders, globs, or one kit (.json)");
    command.add_option("-o,--output", options->output, "a folder, or an archive FILE.zip [pack]")
        ->type_name("PATH");
    command
        .add_option("--init-kit", options->init_kit, "print a kit for the samples in a folder, to be edited")
        ->type_name("DIR");
    command.add_option("--inspect", options->inspect, "show the pads of a project on a card or in a pack")
        ->type_name("DIR");
    command.add_option("--verify", options->verify, "check a pack against its manifest")->type_name("PATH");
    options->params.add_to(command, pack_spec_params().params());
    command
        .add_option(
            "--catalog", options->catalog,
            "the library that remembers the pack, and whose preferences hold [the one in your home, where "
            "there is one]")
        ->type_name("PATH|URL");
    command.add_flag("--schema", options->print_schema, "print the kit's keys as a JSON Schema");
    add_common_options(command, options->common);
    command.footer(example);
    command.callback([options, &exit_status, stop] {
        Result<int> status = run_pack_command(*options, stop);
        exit_status = status ? *status : report_error(status.error(), options->common.json);
    });
}

}  // namespace dubplate::cli
