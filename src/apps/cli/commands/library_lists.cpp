#include <fmt/format.h>

#include "apps/cli/commands/library.h"
#include "core/json.h"
#include "core/text.h"
#include "library/query_sql.h"
#include "library/similar.h"

namespace dubplate::cli {

namespace {

constexpr const char* list_examples = R"(
Examples:
  dubplate library list
  dubplate library list --sort bpm+ --limit 20
)";

constexpr const char* find_examples = R"(
Examples:
  dubplate library find bpm:90..110 key:"A minor" genre:house
  dubplate library find added:2026-11.. title:night bpm+
  dubplate library find kick , snare -- -tag:loud
A word is looked for in all text; field:value in one. Ranges: 90..110, 90.., ..110; with units as in size:1MB..
and sample_rate:44.1k. bpm:none finds those without. -term: not this. "a , b": either. bpm+ and added- sort.
Fields: title artist album genre comment path key bpm
duration_seconds loudness_lufs size_bytes sample_rate channels bit_depth format kind tag added analyzed id.
)";

constexpr const char* similar_examples = R"(
Examples:
  dubplate library similar 3fa9c1d2
  dubplate library similar 3fa9 --limit 5 --json
)";

struct ListVerb : LibraryOptions {
    std::vector<std::string> words;
    std::vector<std::string> sorts;
    std::int64_t limit = 0;
};

struct SimilarVerb : LibraryOptions {
    std::string id;
    std::int64_t limit = 10;
};

// The shell took the quotes away: what holds white space gets them again, unless it is all there is.
std::string as_query(const std::vector<std::string>& words) {
    if (words.size() == 1 && words.front().find(':') != words.front().rfind(':')) return words.front();
    std::string text;
    for (const std::string& word : words) {
        if (!text.empty()) text += ' ';
        const std::size_t colon = word.find(':');
        const bool split_up = word.find(' ') != std::string::npos && word.find('"') == std::string::npos;
        if (!split_up) {
            text += word;
        } else if (colon == std::string::npos) {
            text += '"' + word + '"';
        } else {
            text += word.substr(0, colon + 1) + '"' + word.substr(colon + 1) + '"';
        }
    }
    return text;
}

Result<Query> read_query(const std::string& text, const ListVerb& options, const Catalog& catalog) {
    QueryPlace place;
    Result<Query> query = parse_query(text, catalog.now(), &place);
    if (query || options.quiet) return query;
    const std::string pointed = point_at(text, place);
    const std::size_t end = pointed.find('\n');
    print_message("  " + pointed.substr(0, end));
    print_message("  " + pointed.substr(end + 1));
    return query;
}

Result<int> run_list(const ListVerb& options, Catalog& catalog) {
    std::string text = as_query(options.words);
    for (const std::string& sort : options.sorts) text += (text.empty() ? "" : " ") + sort;
    DUBPLATE_TRY(const Query query, read_query(text, options, catalog));
    JsonList list;
    std::int64_t count = 0;
    DUBPLATE_CHECK(find_assets(catalog, query, options.limit, [&](const Asset& asset) -> Status {
        if (options.json) {
            list.item(asset);
        } else if (!options.quiet) {
            if (count == 0) print_line(asset_heading());
            print_line(asset_line(asset));
        }
        ++count;
        return {};
    }));
    if (options.json) {
        list.finish({{"assets", count}});
    } else if (!options.quiet) {
        print_line(count == 1 ? "1 asset" : fmt::format("{} assets", count));
    }
    return 0;
}

Result<int> run_similar(const SimilarVerb& options, Catalog& catalog) {
    DUBPLATE_TRY(const Asset asset, find_asset(catalog, options.id));
    DUBPLATE_TRY(const auto similar, find_similar(catalog, asset, static_cast<std::size_t>(options.limit)));
    JsonList list;
    if (!options.json && !options.quiet && !similar.empty()) print_line("DISTANCE  " + asset_heading());
    for (const Similar& each : similar) {
        Json item = each.asset;
        item["distance"] = each.distance;
        if (options.json) {
            list.item(item);
        } else if (!options.quiet) {
            print_line(fmt::format("{:8.3f}  {}", each.distance, asset_line(each.asset)));
        }
    }
    if (options.json) list.finish({{"assets", similar.size()}, {"id", asset.id}});
    return 0;
}

void add_limit(CLI::App& verb, std::int64_t& limit, const char* help) {
    verb.add_option("--limit", limit, help)
        ->check(CLI::Range(1, 1'000'000'000).description(""))
        ->type_name("N");
}

}  // namespace

void add_library_lists(const LibraryContext& context) {
    const auto list = std::make_shared<ListVerb>();
    CLI::App& list_verb = add_verb(context, {"list", "all assets, the newest first", list_examples}, list,
                                   [list](Catalog& catalog) { return run_list(*list, catalog); });
    const auto find = std::make_shared<ListVerb>();
    CLI::App& find_verb = add_verb(context, {"find", "assets that a query names", find_examples}, find,
                                   [find](Catalog& catalog) { return run_list(*find, catalog); });
    find_verb
        .add_option("QUERY", find->words, "terms, one after the other; those that begin with - behind a --")
        ->required();
    for (const auto& [verb, options] : {std::pair(&list_verb, list), std::pair(&find_verb, find)}) {
        verb->add_option("--sort", options->sorts, "bpm+ rising, added- falling; may be given several times")
            ->type_name("FIELD+|FIELD-")
            ->expected(1)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        add_limit(*verb, options->limit, "so many at most [all]");
    }
    const auto similar = std::make_shared<SimilarVerb>();
    CLI::App& similar_verb =
        add_verb(context, {"similar", "assets that sound like one, the nearest first", similar_examples},
                 similar, [similar](Catalog& catalog) { return run_similar(*similar, catalog); });
    similar_verb.add_option("ID", similar->id, "the asset's id, or its beginning")->required();
    add_limit(similar_verb, similar->limit, "so many at most [10]");
}

}  // namespace dubplate::cli
