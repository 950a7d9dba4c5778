#include <fmt/format.h>

#include <filesystem>

#include "apps/cli/commands/library.h"
#include "core/json.h"
#include "core/text.h"
#include "formats/audio/format.h"
#include "library/add.h"
#include "library/export_tags.h"
#include "library/query_sql.h"
#include "library/watch.h"

namespace dubplate::cli {

namespace {

constexpr const char* watch_examples = R"(
Examples:
  dubplate library watch ~/Samples           until Ctrl-C; what is there already is added first
)";

constexpr const char* tags_examples = R"(
Examples:
  dubplate library export-tags genre:house -o tagged
  dubplate library export-tags id:3fa9 -o tagged --overwrite
)";

struct WatchVerb : LibraryOptions {
    std::string folder;
    std::string kind = "sample";
};

struct TagsVerb : LibraryOptions {
    std::vector<std::string> words;
    std::string output;
    bool overwrite = false;
};

// One JSON document for each file, as there is no end to the list.
void print_report(const LibraryOptions& options, const AddReport& report) {
    if (report.error) return print_message(report.error->to_string());
    if (options.quiet || report.status == AddStatus::unchanged) return;
    if (options.json)
        print_line(
            Json{{"input", report.path}, {"status", name_of(report.status)}, {"id", report.asset_id}}.dump());
    else
        print_line(fmt::format("{:<10}{}  {}", name_of(report.status), report.asset_id,
                               escape_control(report.path)));
    std::fflush(stdout);
}

bool is_audio(const std::string& path) {
    const std::string extension = std::filesystem::path(path).extension().string();
    return extension.size() > 1 && find_format_by_extension(extension.substr(1)) != nullptr;
}

Result<int> run_watch(const WatchVerb& options, Catalog& catalog, const std::stop_token& stop) {
    // The watch begins before the first look, so that nothing falls between the two.
    DUBPLATE_TRY(FolderWatcher watcher, FolderWatcher::open(options.folder));
    const AddOptions add{.kind = options.kind, .jobs = jobs_on_all_cores({.jobs = options.jobs})};
    const auto add_all = [&](const std::vector<std::string>& names) {
        Progress progress;
        return add_files(
            catalog, catalog_url(options), names, library_analyzer(options), add, progress,
            [&](const AddReport& report) {
                // A folder that is still empty is one to watch, too.
                const bool empty = report.error && report.error->code == ErrorCode::not_found &&
                                   report.path == options.folder;
                if (!empty) print_report(options, report);
            },
            stop);
    };
    const auto look_through = [&]() -> Status {
        Status added = add_all({options.folder});
        const bool stopped = !added && added.error().code == ErrorCode::canceled;
        return stopped ? Status() : added;
    };
    DUBPLATE_CHECK(look_through());
    if (!options.quiet) print_message(fmt::format("watching {}; Ctrl-C ends it", options.folder));
    while (!stop.stop_requested()) {
        DUBPLATE_TRY(FolderWatcher::News news, watcher.next(stop));
        std::erase_if(news.files, [](const std::string& path) { return !is_audio(path); });
        if (news.lost) DUBPLATE_CHECK(look_through());
        if (news.files.empty()) continue;
        if (Status added = add_all(news.files); !added && added.error().code != ErrorCode::canceled)
            return added.error();
    }
    return 0;
}

Result<int> run_export_tags(const TagsVerb& options, Catalog& catalog, const std::stop_token& stop) {
    std::string text;
    for (const std::string& word : options.words) text += word + " ";
    DUBPLATE_TRY(const Query query, parse_query(text, catalog.now()));
    std::vector<Asset> assets;  // the catalog is asked again for each
    DUBPLATE_CHECK(find_assets(catalog, query, 0, [&](const Asset& asset) -> Status {
        assets.push_back(asset);
        return {};
    }));
    JsonList list;
    int failed = 0;
    int exit_status = 0;
    for (const Asset& asset : assets) {
        if (stop.stop_requested())
            return fail(ErrorCode::canceled, "canceled; the files that were written are whole");
        const auto written =
            options.dry_run ? Result<std::filesystem::path>(std::filesystem::path(options.output) /
                                                            std::filesystem::path(asset.path).filename())
                            : export_tags(catalog, asset, options.output, {.overwrite = options.overwrite});
        if (!written) {
            print_message(written.error().to_string());
            if (failed++ == 0) exit_status = info(written.error().code).exit_status;
        } else if (!options.json && !options.quiet) {
            print_line((options.dry_run ? "would write " : "wrote ") + escape_control(written->string()));
        }
        if (options.json)
            list.item({{"id", asset.id},
                       {"input", asset.path},
                       {"output", written ? Json(written->string()) : Json()},
                       {"error", written ? Json() : Json(written.error())}});
    }
    if (options.json) list.finish({{"assets", assets.size()}, {"failed", failed}});
    return failed > 0 && failed < static_cast<int>(assets.size()) ? 1 : exit_status;
}

}  // namespace

void add_library_watch(const LibraryContext& context) {
    const auto watch = std::make_shared<WatchVerb>();
    CLI::App& verb = add_verb(
        context, {"watch", "add what appears in a folder, until Ctrl-C", watch_examples, true, false}, watch,
        [watch, stop = context.stop](Catalog& catalog) { return run_watch(*watch, catalog, stop); });
    verb.add_option("DIR", watch->folder, "the folder, with all below it")->required();
    verb.add_flag("--facts-only", watch->facts_only, "read what stands in the files; hear nothing");
    verb.add_option("--kind", watch->kind, "what they are: sample, take, stem or video [sample]")
        ->check(CLI::IsMember({"sample", "take", "stem", "video"}).description(""))
        ->type_name("KIND");
    verb.add_option("--jobs,-j", watch->jobs,
                    "how many files are worked on side by side [the cores, 4 at most]")
        ->check(CLI::Range(1, 256).description(""))
        ->type_name("N");
    const auto tags = std::make_shared<TagsVerb>();
    CLI::App& tags_verb = add_verb(
        context, {"export-tags", "copies of files with the library's tags", tags_examples, false, true}, tags,
        [tags, stop = context.stop](Catalog& catalog) { return run_export_tags(*tags, catalog, stop); });
    tags_verb.add_option("QUERY", tags->words, "as for find")->required();
    tags_verb.add_option("-o,--output", tags->output, "folder of the copies")->type_name("DIR")->required();
    tags_verb.add_flag("--overwrite", tags->overwrite, "replace files that exist");
}

}  // namespace dubplate::cli
