#include <fmt/format.h>

#include "apps/cli/commands/library.h"
#include "apps/cli/table.h"
#include "core/json.h"
#include "core/text.h"
#include "library/files/output_name.h"
#include "library/files/verify.h"
#include "library/query_values.h"

namespace dubplate::cli {

namespace {

constexpr const char* files_examples = R"(
Examples:
  dubplate library files store job-17 take.wav     as 2026/11/21/job-17.wav
  dubplate library files list --from 2026-11 --limit 20
  dubplate library files move job-17 archive/take.wav
)";

constexpr const char* clean_examples = R"(
Examples:
  dubplate library clean                     what would be deleted of the jobs' files; nothing is
  dubplate library clean --days 7 --apply
)";

constexpr const char* verify_examples = R"(
Examples:
  dubplate library verify
  dubplate library verify --quick --json
)";

struct FilesVerb : LibraryOptions {
    std::string first, second;  // a job or a path; a file or a path
    std::string from, to, type;
    std::int64_t limit = 0;
    std::int64_t days = 30;
    bool apply = false;
    bool quick = false;
};

Json to_json(const Output& output, const OutputFiles& files) {
    return {{"path", output.path},
            {"job_id", output.job_id},
            {"sha256", output.sha256},
            {"size_bytes", output.size_bytes},
            {"created", time_text(output.created)},
            {"full_path", files.full_path(output.path).string()},
            {"exists", files.exists(output.path)}};
}

std::string line_of(const Output& output) {
    return fmt::format("{}  {:>10}  {}", time_text(output.created),
                       format_bytes(static_cast<std::uint64_t>(output.size_bytes)), output.path);
}

using Work = std::function<Result<int>(FilesVerb&, Catalog&, OutputFiles&)>;

CLI::App& add_files_verb(const LibraryContext& context, const VerbHelp& help,
                         const std::shared_ptr<FilesVerb>& options, Work work) {
    CLI::App& verb =
        add_verb(context, help, options, [options, work = std::move(work)](Catalog& catalog) -> Result<int> {
            DUBPLATE_TRY(OutputFiles files, OutputFiles::open(catalog, outputs_folder(*options)));
            if (files.recovered() > 0)
                print_message(fmt::format("{} changes that were broken off were finished or taken back",
                                          files.recovered()));
            return work(*options, catalog, files);
        });
    verb.add_option("--outputs", options->outputs,
                    "folder of the jobs' files [$AUDIO_OUTPUT_DIR, else one in your home]")
        ->type_name("DIR");
    return verb;
}

Result<int> print_output(const FilesVerb& options, const Result<Output>& output, const OutputFiles& files) {
    if (!output) return output.error();
    if (options.json) {
        JsonList list;
        list.item(to_json(*output, files));
        list.finish({{"files", 1}});
    } else if (!options.quiet) {
        print_line(files.full_path(output->path).string());
    }
    return 0;
}

Result<OutputFilter> read_filter(const FilesVerb& options, const Catalog& catalog) {
    OutputFilter filter{.extension = options.type, .limit = options.limit};
    for (const auto& [text, is_from] : {std::pair(&options.from, true), std::pair(&options.to, false)}) {
        if (text->empty()) continue;
        const auto range = parse_range(FieldKind::time, *text, catalog.now());
        if (!range) return Error(range.error()).in_context(is_from ? "--from" : "--to");
        const auto& bound = is_from ? range->minimum : range->maximum;
        (is_from ? filter.from : filter.to) = static_cast<std::int64_t>(bound.value_or(0));
    }
    return filter;
}

Result<int> list_outputs(const FilesVerb& options, Catalog& catalog, OutputFiles& files) {
    DUBPLATE_TRY(const OutputFilter filter, read_filter(options, catalog));
    JsonList list;
    std::int64_t count = 0;
    DUBPLATE_CHECK(files.list(filter, [&](const Output& output) -> Status {
        ++count;
        if (options.json) list.item(to_json(output, files));
        if (!options.json && !options.quiet) print_line(line_of(output));
        return {};
    }));
    if (options.json) list.finish({{"files", count}});
    return 0;
}

Result<int> print_stats(const FilesVerb& options, OutputFiles& files) {
    DUBPLATE_TRY(const OutputStats stats, files.compute_stats());
    Json types = Json::object();
    for (const auto& [type, count] : stats.file_types) types[type] = count;
    const Json summary{{"total_files", stats.total_files},
                       {"total_bytes", stats.total_bytes},
                       {"total_mb", static_cast<double>(stats.total_bytes) / 1e6},
                       {"total_gb", static_cast<double>(stats.total_bytes) / 1e9},
                       {"oldest", stats.oldest ? Json(time_text(*stats.oldest)) : Json()},
                       {"newest", stats.newest ? Json(time_text(*stats.newest)) : Json()},
                       {"file_types", types}};
    if (options.json) {
        JsonList().finish(summary);
    } else if (!options.quiet) {
        Table table({Align::left, Align::left}, 0);
        for (const char* name : {"total_files", "total_bytes", "oldest", "newest", "file_types"})
            table.row(
                {name, summary[name].is_string() ? summary[name].get<std::string>() : summary[name].dump()});
        std::fputs(table.text().c_str(), stdout);
    }
    return 0;
}

std::string counted(std::size_t count, const char* noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

Result<int> run_clean(const FilesVerb& options, OutputFiles& files) {
    const bool dry_run = !options.apply;
    DUBPLATE_TRY(const Cleaning cleaning, files.clean(options.days, dry_run));
    JsonList list;
    for (const Output& output : cleaning.deleted) {
        if (options.json) list.item(to_json(output, files));
        if (!options.json && !options.quiet)
            print_line((dry_run ? "would delete  " : "deleted  ") + line_of(output));
    }
    if (options.json) {
        list.finish({{"dry_run", dry_run},
                     {"files", cleaning.deleted.size()},
                     {"bytes", cleaning.bytes},
                     {"kept", cleaning.kept},
                     {"empty_folders", cleaning.folders}});
    } else if (!options.quiet) {
        print_line(fmt::format("{}{}, {}; {} kept for the library; {}",
                               dry_run ? "would delete " : "deleted ",
                               counted(cleaning.deleted.size(), "file"),
                               format_bytes(static_cast<std::uint64_t>(cleaning.bytes)), cleaning.kept,
                               counted(static_cast<std::size_t>(cleaning.folders), "empty folder")));
        if (dry_run) print_line("nothing was deleted: --apply does it");
    }
    return 0;
}

Result<int> run_verify(const FilesVerb& options, Catalog& catalog, OutputFiles& files,
                       const std::stop_token& stop) {
    JsonList list;
    DUBPLATE_TRY(
        const Verified verified,
        verify_library(
            catalog, files, options.quick,
            [&](const Finding& finding) {
                if (options.json)
                    list.item(
                        {{"problem", finding.problem}, {"path", finding.path}, {"detail", finding.detail}});
                else if (!options.quiet)
                    print_line(fmt::format("{:<11}{}: {}", finding.problem, escape_control(finding.path),
                                           escape_control(finding.detail)));
            },
            stop));
    if (options.json) {
        list.finish(
            {{"files", verified.files}, {"findings", verified.findings}, {"recovered", verified.recovered}});
    } else if (!options.quiet) {
        print_line(fmt::format("{} files looked at, {} findings", verified.files, verified.findings));
    }
    return verified.findings == 0 ? 0 : 1;
}

void add_files_group(const LibraryContext& context) {
    CLI::App& group = *context.library.add_subcommand(
        "files", "the files that jobs made: store, find, list, move, copy, delete");
    group.require_subcommand(1);
    group.footer(files_examples);
    const LibraryContext inside{group, context.stop, context.exit_status};
    const auto verb = [&](const char* name, const char* help, const char* first, const char* second,
                          Work work) -> std::pair<CLI::App*, FilesVerb*> {
        const auto options = std::make_shared<FilesVerb>();
        CLI::App& app =
            add_files_verb(inside, {name, help, files_examples, true, false}, options, std::move(work));
        if (first) app.add_option(first, options->first)->required();
        if (second) app.add_option(second, options->second)->required();
        return {&app, options.get()};
    };
    verb("store", "a copy of a file as that of a job", "JOB", "FILE",
         [](FilesVerb& options, Catalog&, OutputFiles& files) {
             return print_output(options, files.store(options.first, options.second), files);
         });
    verb("path", "where a job's file is", "JOB|PATH", nullptr,
         [](FilesVerb& options, Catalog&, OutputFiles& files) {
             return print_output(options, files.find(options.first), files);
         });
    const auto by_name = [](auto change) {
        return [change](FilesVerb& options, Catalog&, OutputFiles& files) -> Result<int> {
            DUBPLATE_TRY(const Output output, files.find(options.first));
            return print_output(options, (files.*change)(output.path, options.second), files);
        };
    };
    verb("move", "to another path below the folder", "JOB|PATH", "TO", by_name(&OutputFiles::move));
    verb("copy", "to another path below the folder", "JOB|PATH", "TO", by_name(&OutputFiles::copy));
    verb("rm", "delete a file that the library does not need", "JOB|PATH", nullptr,
         [](FilesVerb& options, Catalog&, OutputFiles& files) -> Result<int> {
             DUBPLATE_TRY(const Output output, files.find(options.first));
             DUBPLATE_CHECK(files.remove(output.path));
             if (options.json) JsonList().finish({{"deleted", output.path}});
             if (!options.json && !options.quiet) print_line("deleted " + output.path);
             return 0;
         });
    verb("stats", "how many there are, and how large", nullptr, nullptr,
         [](FilesVerb& options, Catalog&, OutputFiles& files) { return print_stats(options, files); });
    const auto [list, options] = verb("list", "the newest first", nullptr, nullptr, list_outputs);
    list->add_option("--from", options->from, "made on this day or later: 2026-11-21, 2026-11, -7d")
        ->type_name("DATE");
    list->add_option("--to", options->to, "made on this day or earlier")->type_name("DATE");
    list->add_option("--type", options->type, "of this extension: wav")->type_name("EXT");
    list->add_option("--limit", options->limit, "so many at most [all]")
        ->check(CLI::Range(1, 1'000'000'000).description(""))
        ->type_name("N");
}

}  // namespace

void add_library_files(const LibraryContext& context) {
    add_files_group(context);
    const auto clean = std::make_shared<FilesVerb>();
    CLI::App& clean_verb = add_files_verb(
        context,
        {"clean", "delete old files of jobs that the library does not need", clean_examples, true, true},
        clean, [](FilesVerb& options, Catalog&, OutputFiles& files) { return run_clean(options, files); });
    clean_verb.add_option("--days", clean->days, "older than so many days [30]")
        ->check(CLI::Range(0, 100'000).description(""))
        ->type_name("N");
    clean_verb.add_flag("--apply", clean->apply, "delete them; without it they are listed alone")
        ->excludes("--dry-run");
    const auto verify = std::make_shared<FilesVerb>();
    CLI::App& verify_verb = add_files_verb(
        context,
        {"verify", "missing, changed and stray files; the catalog itself", verify_examples, false, false},
        verify, [stop = context.stop](FilesVerb& options, Catalog& catalog, OutputFiles& files) {
            return run_verify(options, catalog, files, stop);
        });
    verify_verb.add_flag("--quick", verify->quick, "sizes alone, no checksums");
}

}  // namespace dubplate::cli
