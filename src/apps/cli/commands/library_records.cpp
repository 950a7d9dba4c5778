// The verbs that list what was made, and the preferences: exports, kits, generations, preferences.
#include <fmt/format.h>

#include <limits>

#include "apps/cli/commands/library.h"
#include "apps/cli/table.h"
#include "core/json.h"
#include "core/text.h"
#include "library/generations.h"
#include "library/kits.h"
#include "library/preferences.h"

namespace dubplate::cli {

namespace {

constexpr const char* exports_examples = R"(
Examples:
  dubplate library exports
  dubplate library exports --kind pack --limit 5 --json
)";

constexpr const char* kits_examples = R"(
Examples:
  dubplate library kits --json
)";

constexpr const char* generations_examples = R"(
Examples:
  dubplate library generations --status failed --limit 20
)";

constexpr const char* preferences_examples = R"(
Examples:
  dubplate library preferences
  dubplate library preferences sp404_export_format=aiff sp404_default_organization=bpm
)";

struct RecordsVerb : LibraryOptions {
    std::string kind;  // or status
    std::int64_t limit = 0;
    std::vector<std::string> assignments;
};

std::string size_text(std::optional<std::int64_t> bytes) {
    return bytes ? format_bytes(static_cast<std::uint64_t>(*bytes)) : "-";
}

std::int64_t limit_of(const RecordsVerb& options) {
    return options.limit > 0 ? options.limit : std::numeric_limits<std::int64_t>::max();
}

template <class T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json time_or_null(const std::optional<std::int64_t>& time) {
    return time ? Json(time_text(*time)) : Json(nullptr);
}

Result<int> run_exports(const RecordsVerb& options, Catalog& catalog) {
    JsonList list;
    std::int64_t count = 0;
    DUBPLATE_CHECK(
        list_exports(catalog, options.kind, limit_of(options), [&](const ExportRecord& record) -> Status {
            ++count;
            if (options.json) {
                DUBPLATE_TRY(Json manifest, parse_json(record.manifest, "the catalog"));
                list.item({{"id", record.id},
                           {"kind", record.kind},
                           {"created_at", time_text(record.created_at)},
                           {"output_path", record.output_path},
                           {"file_count", record.file_count},
                           {"total_size_bytes", record.total_size_bytes},
                           {"manifest", std::move(manifest)}});
            } else if (!options.quiet) {
                print_line(fmt::format("{:>5}  {}  {:<8}{:>6} files {:>10}  {}", record.id,
                                       time_text(record.created_at), escape_control(record.kind),
                                       record.file_count, size_text(record.total_size_bytes),
                                       escape_control(record.output_path)));
            }
            return {};
        }));
    if (options.json) list.finish({{"exports", count}});
    return 0;
}

Json pad_json(const Pad& pad) {
    return {{"bank", std::string(1, pad.bank)},
            {"number", pad.number},
            {"sample_id", pad.sample_id},
            {"volume", pad.volume},
            {"pitch_shift", pad.pitch_shift}};
}

Result<int> run_kits(const RecordsVerb& options, Catalog& catalog) {
    std::vector<Kit> kits;
    DUBPLATE_CHECK(list_kits(catalog, [&](const Kit& kit) -> Status {
        kits.push_back(kit);
        return {};
    }));
    JsonList list;
    for (const Kit& kit : kits) {
        DUBPLATE_TRY(const std::vector<Pad> pads, list_pads(catalog, kit.id));
        if (options.json) {
            Json item{{"id", kit.id},
                      {"name", kit.name},
                      {"description", kit.description},
                      {"is_public", kit.is_public},
                      {"created_at", time_text(kit.created)},
                      {"pads", Json::array()}};
            for (const Pad& pad : pads) item["pads"].push_back(pad_json(pad));
            list.item(item);
        } else if (!options.quiet) {
            print_line(fmt::format("{:>5}  {}  {:>3} pads  {}{}", kit.id, time_text(kit.created), pads.size(),
                                   escape_control(kit.name),
                                   kit.description.empty() ? "" : "  " + escape_control(kit.description)));
        }
    }
    if (options.json) list.finish({{"kits", kits.size()}});
    return 0;
}

Result<Json> generation_json(const Generation& generation) {
    DUBPLATE_TRY(Json details, parse_json(generation.details, "the catalog"));
    return Json{{"id", generation.id},
                {"prompt", generation.prompt},
                {"model_name", generation.model_name},
                {"model_version", generation.model_version},
                {"duration_seconds", generation.duration_seconds},
                {"sample_rate", or_null(generation.sample_rate)},
                {"channels", or_null(generation.channels)},
                {"file_path", or_null(generation.file_path)},
                {"file_size_bytes", or_null(generation.file_size_bytes)},
                {"status", generation.status},
                {"created_at", time_text(generation.created_at)},
                {"completed_at", time_or_null(generation.completed_at)},
                {"generation_time_seconds", or_null(generation.generation_time_seconds)},
                {"error_message", or_null(generation.error_message)},
                {"details", std::move(details)}};
}

Result<int> run_generations(const RecordsVerb& options, Catalog& catalog) {
    JsonList list;
    std::int64_t count = 0;
    DUBPLATE_CHECK(list_generations(
        catalog, options.kind, limit_of(options), [&](const Generation& generation) -> Status {
            ++count;
            if (options.json) {
                DUBPLATE_TRY(const Json item, generation_json(generation));
                list.item(item);
            } else if (!options.quiet) {
                print_line(fmt::format("{}  {:<11}{:>8}  {}  {}", time_text(generation.created_at),
                                       generation.status, format_duration(generation.duration_seconds),
                                       escape_control(generation.id), escape_control(generation.prompt)));
            }
            return {};
        }));
    if (options.json) list.finish({{"generations", count}});
    return 0;
}

Result<int> run_preferences(const RecordsVerb& options, Catalog& catalog) {
    DUBPLATE_TRY(Sp404Preferences preferences, read_preferences(catalog));
    const Sp404Preferences before = preferences;
    for (const std::string& assignment : options.assignments)
        DUBPLATE_CHECK(set_preference(preferences, assignment));
    if (preferences != before) DUBPLATE_CHECK(store_preferences(catalog, preferences));
    JsonList list;
    Table table({Align::left, Align::left}, 0);
    for (const auto& [name, value] : preference_values(preferences)) {
        if (options.json) list.item({{"name", name}, {"value", value}});
        table.row({name, value.is_null()     ? "-"
                         : value.is_string() ? value.get<std::string>()
                                             : value.dump()});
    }
    if (options.json) {
        list.finish({{"changed", preferences != before}});
    } else if (!options.quiet) {
        std::fputs(table.text().c_str(), stdout);
    }
    return 0;
}

void add_limit(CLI::App& verb, RecordsVerb& options) {
    verb.add_option("--limit", options.limit, "so many at most [all]")
        ->check(CLI::Range(1, 1'000'000'000).description(""))
        ->type_name("N");
}

}  // namespace

void add_library_records(const LibraryContext& context) {
    const auto exports = std::make_shared<RecordsVerb>();
    CLI::App& exports_verb =
        add_verb(context, {"exports", "what was exported, the newest first", exports_examples}, exports,
                 [exports](Catalog& catalog) { return run_exports(*exports, catalog); });
    exports_verb.add_option("--kind", exports->kind, "audio, stems, pack or video alone [all]");
    add_limit(exports_verb, *exports);
    const auto kits = std::make_shared<RecordsVerb>();
    add_verb(context, {"kits", "kits of samples on pads, by name", kits_examples}, kits,
             [kits](Catalog& catalog) { return run_kits(*kits, catalog); });
    const auto generations = std::make_shared<RecordsVerb>();
    CLI::App& generations_verb = add_verb(
        context, {"generations", "what was generated, the newest first", generations_examples}, generations,
        [generations](Catalog& catalog) { return run_generations(*generations, catalog); });
    generations_verb
        .add_option("--status", generations->kind,
                    "pending, processing, completed, failed or canceled alone [all]")
        ->check(CLI::IsMember({"pending", "processing", "completed", "failed", "canceled"}).description(""));
    add_limit(generations_verb, *generations);
    const auto preferences = std::make_shared<RecordsVerb>();
    add_verb(context, {"preferences", "how packs are made unless told otherwise", preferences_examples, true},
             preferences, [preferences](Catalog& catalog) { return run_preferences(*preferences, catalog); })
        .add_option("NAME=VALUE", preferences->assignments,
                    "what is to be otherwise; an empty value: as it was at first");
}

}  // namespace dubplate::cli
