#include <fmt/format.h>

#include "apps/cli/commands/library.h"
#include "core/json.h"
#include "core/text.h"
#include "library/edits.h"

namespace dubplate::cli {

namespace {

constexpr const char* edit_examples = R"(
Examples:
  dubplate library edit 3fa9c1d2 bpm=92 key="A minor" genre=house
  dubplate library edit 3fa9 tags=dark,loop
  dubplate library edit 3fa9 bpm=            take the edit back: what the analysis found counts again
)";

constexpr const char* rm_examples = R"(
Examples:
  dubplate library rm 3fa9c1d2               the asset is forgotten; its files stay where they are
  dubplate library rm 3fa9c1d2 77ab --dry-run
)";

struct EditVerb : LibraryOptions {
    std::string id;
    std::vector<std::string> edits;
};

struct RemoveVerb : LibraryOptions {
    std::vector<std::string> ids;
};

Result<int> run_edit(const EditVerb& options, Catalog& catalog) {
    std::vector<Edit> edits;
    for (const std::string& text : options.edits) {
        DUBPLATE_TRY(Edit edit, parse_edit(text));
        edits.push_back(std::move(edit));
    }
    DUBPLATE_TRY(Asset asset, find_asset(catalog, options.id));
    if (!options.dry_run) {
        DUBPLATE_CHECK(apply_edits(catalog, asset.id, edits));
        DUBPLATE_TRY(asset, find_asset(catalog, asset.id));
    }
    if (options.json) {
        JsonList list;
        list.item(asset);
        list.finish({{"edits", edits.size()}});
    } else if (!options.quiet) {
        print_line(asset_heading());
        print_line(asset_line(asset));
    }
    return 0;
}

// All are found before the first is removed.
Result<int> run_remove(const RemoveVerb& options, Catalog& catalog) {
    std::vector<Asset> assets;
    for (const std::string& id : options.ids) {
        DUBPLATE_TRY(Asset asset, find_asset(catalog, id));
        assets.push_back(std::move(asset));
    }
    if (!options.dry_run)
        DUBPLATE_CHECK(catalog.database.in_transaction([&]() -> Status {
            for (const Asset& asset : assets) DUBPLATE_CHECK(remove_asset(catalog, asset.id));
            return {};
        }));
    JsonList list;
    for (const Asset& asset : assets) {
        if (options.json) {
            list.item(asset);
        } else if (!options.quiet) {
            print_line(fmt::format("{}{}  {}", options.dry_run ? "would remove " : "removed ", asset.id,
                                   escape_control(asset.title)));
        }
    }
    if (options.json) list.finish({{"removed", options.dry_run ? 0 : assets.size()}});
    return 0;
}

}  // namespace

void add_library_edit(const LibraryContext& context) {
    const auto edit = std::make_shared<EditVerb>();
    CLI::App& edit_verb = add_verb(
        context,
        {"edit", "set what is known better; no analysis changes it again", edit_examples, false, true}, edit,
        [edit](Catalog& catalog) { return run_edit(*edit, catalog); });
    edit_verb.add_option("ID", edit->id, "the asset's id, or its beginning")->required();
    edit_verb
        .add_option("FIELD=VALUE", edit->edits,
                    "title, artist, album, genre, comment, bpm, key, kind or tags")
        ->required();
    const auto remove = std::make_shared<RemoveVerb>();
    add_verb(context, {"rm", "forget assets; their files stay", rm_examples, false, true}, remove,
             [remove](Catalog& catalog) { return run_remove(*remove, catalog); })
        .add_option("ID", remove->ids, "ids, or their beginnings")
        ->required();
}

}  // namespace dubplate::cli
