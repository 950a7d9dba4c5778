#include <fmt/format.h>

#include <cmath>

#include "apps/cli/commands/library.h"
#include "apps/cli/table.h"
#include "core/json.h"
#include "core/text.h"
#include "library/edits.h"
#include "library/events.h"

namespace dubplate::cli {

namespace {

constexpr const char* show_examples = R"(
Examples:
  dubplate library show 3fa9c1d2
  dubplate library show 3fa9 --json
)";

constexpr const char* stats_examples = R"(
Examples:
  dubplate library stats
)";

constexpr const char* history_examples = R"(
Examples:
  dubplate library history --limit 20
  dubplate library history 3fa9c1d2
)";

struct ShowVerb : LibraryOptions {
    std::string id;
    std::int64_t limit = 0;
};

// Hundredths: of a beat, of a decibel, of a second.
std::string shown(const Json& value) {
    if (value.is_number_float()) return format_number(std::round(value.get<double>() * 100) / 100);
    return value.is_string() ? value.get<std::string>() : value.is_null() ? "-" : value.dump();
}

Result<Json> all_of(Catalog& catalog, const Asset& asset) {
    Json json = asset;
    DUBPLATE_TRY(json["tags"], list_tags(catalog, asset.id));
    DUBPLATE_TRY(json["edits"], list_edits(catalog, asset.id));
    Json files = Json::array();
    DUBPLATE_CHECK(list_files(catalog, asset.id, [&](const FileState& file) -> Status {
        files.push_back(file.path);
        return {};
    }));
    json["files"] = std::move(files);
    DUBPLATE_TRY(const std::string document, find_document(catalog, asset.sha256));
    DUBPLATE_TRY(json["analysis"], parse_json(document, "the catalog"));
    return json;
}

Result<int> run_show(const ShowVerb& options, Catalog& catalog) {
    DUBPLATE_TRY(const Asset asset, find_asset(catalog, options.id));
    DUBPLATE_TRY(const Json json, all_of(catalog, asset));
    if (options.json) {
        JsonList list;
        list.item(json);
        list.finish({{"assets", 1}});
    } else if (!options.quiet) {
        Table table({Align::left, Align::left, Align::left}, 0);
        for (const Field& field : asset_fields()) {
            const std::string name(field.name);
            table.row({name, shown(json[name]), json["edits"].contains(name) ? "(edited)" : ""});
        }
        table.row({"tags", fmt::format("{}", fmt::join(json["tags"].get<std::vector<std::string>>(), ", "))});
        for (const Json& file : json["files"]) table.row({"file", file.get<std::string>()});
        std::fputs(table.text().c_str(), stdout);
    }
    return 0;
}

Result<int> run_stats(const LibraryOptions& options, Catalog& catalog) {
    DUBPLATE_TRY(const LibraryStats stats, compute_stats(catalog));
    if (options.json) {
        Json summary{{"assets", stats.assets},
                     {"files", stats.files},
                     {"total_size_bytes", stats.total_bytes},
                     {"total_seconds", stats.total_seconds},
                     {"edited", stats.edited},
                     {"kinds", Json::object()},
                     {"formats", Json::object()}};
        for (const auto& [name, count] : stats.by_kind) summary["kinds"][name] = count;
        for (const auto& [name, count] : stats.by_format) summary["formats"][name] = count;
        JsonList().finish(summary);
    } else if (!options.quiet) {
        Table table({Align::left, Align::right}, 0);
        table.row({"assets", std::to_string(stats.assets)});
        table.row({"files", std::to_string(stats.files)});
        table.row({"size", format_bytes(static_cast<std::uint64_t>(stats.total_bytes))});
        table.row({"length", format_duration(stats.total_seconds)});
        table.row({"edited by hand", std::to_string(stats.edited)});
        for (const auto& [name, count] : stats.by_kind) table.row({"kind " + name, std::to_string(count)});
        for (const auto& [name, count] : stats.by_format)
            table.row({"format " + name, std::to_string(count)});
        std::fputs(table.text().c_str(), stdout);
    }
    return 0;
}

Result<int> run_history(const ShowVerb& options, Catalog& catalog) {
    std::string subject = options.id;
    if (!subject.empty())
        if (const auto asset = find_asset(catalog, subject))
            subject = asset->id;  // else that of a job, or of what is gone
    JsonList list;
    std::int64_t count = 0;
    DUBPLATE_CHECK(list_events(catalog, subject, options.limit, [&](const Event& event) -> Status {
        ++count;
        if (options.json) {
            list.item({{"time", time_text(event.happened)},
                       {"event", event.event},
                       {"subject", event.subject},
                       {"detail", event.detail}});
        } else if (!options.quiet) {
            print_line(fmt::format("{}  {:<9}{:<18}{}", time_text(event.happened), event.event,
                                   escape_control(event.subject), escape_control(event.detail)));
        }
        return {};
    }));
    if (options.json) list.finish({{"events", count}});
    return 0;
}

}  // namespace

void add_library_show(const LibraryContext& context) {
    const auto show = std::make_shared<ShowVerb>();
    add_verb(context, {"show", "all that is known of an asset", show_examples}, show,
             [show](Catalog& catalog) { return run_show(*show, catalog); })
        .add_option("ID", show->id, "the asset's id, or its beginning")
        ->required();
    const auto stats = std::make_shared<LibraryOptions>();
    add_verb(context, {"stats", "how much there is", stats_examples}, stats,
             [stats](Catalog& catalog) { return run_stats(*stats, catalog); });
    const auto history = std::make_shared<ShowVerb>();
    CLI::App& verb =
        add_verb(context, {"history", "what happened, the newest first", history_examples}, history,
                 [history](Catalog& catalog) { return run_history(*history, catalog); });
    verb.add_option("ID", history->id, "an asset's or a job's id [all]");
    verb.add_option("--limit", history->limit, "so many at most [all]")
        ->check(CLI::Range(1, 1'000'000'000).description(""))
        ->type_name("N");
}

}  // namespace dubplate::cli
