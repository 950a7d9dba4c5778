#include "library/assets.h"

#include <fmt/format.h>

#include <array>

#include "core/text.h"
#include "library/edits.h"
#include "library/events.h"
#include "library/found.h"

namespace dubplate {

namespace {

constexpr std::size_t shortest_id = 4;

// The first of its files by name is the asset's path, whatever order they came in; of a title that is the file's name, too.
Status choose_path(Catalog& catalog, const std::string& id) {
    DUBPLATE_TRY(const auto first,
                 catalog.database.find_text("SELECT min(path) FROM asset_files WHERE asset_id = ?", {id}));
    DUBPLATE_CHECK(
        catalog.database.execute("UPDATE assets SET path = ? WHERE id = ?", {first.value_or(""), id}));
    DUBPLATE_TRY(
        const auto facts,
        catalog.database.find_text(
            "SELECT facts FROM analyses WHERE sha256 = (SELECT sha256 FROM assets WHERE id = ?)", {id}));
    DUBPLATE_TRY(const Asset known, read_facts_text(facts.value_or("{}")));
    if (!first) return {};  // it keeps the title of the file that it had
    return set_fields(catalog, id, known);
}

Status insert_asset(Catalog& catalog, const std::string& id, const std::string& sha256,
                    const std::string& kind, const FileState& file) {
    DUBPLATE_TRY(const auto taken,
                 catalog.database.find_text("SELECT sha256 FROM assets WHERE id = ?", {id}));
    if (taken)
        return fail(ErrorCode::already_exists,
                    "asset " + id + " has other content with the same beginning of its SHA-256");
    Asset asset{.id = id,
                .sha256 = sha256,
                .kind = kind,
                .path = file.path,
                .size_bytes = file.size_bytes,
                .added = catalog.now()};
    std::string places;
    Values values{std::int64_t{1}};
    for (const Field& field : asset_fields()) {
        places += ", ?";
        values.push_back(field.get(asset));
    }
    DUBPLATE_CHECK(catalog.database.execute(
        "INSERT INTO assets (named, " + asset_columns() + ") VALUES (?" + places + ")", values));
    return record_event(catalog, "added", id, file.path);
}

Result<bool> is_in_a_kit(Catalog& catalog, const std::string& id) {
    DUBPLATE_TRY(const auto kit, catalog.database.find_integer(
                                     "SELECT kit_id FROM kit_samples WHERE sample_id = ? LIMIT 1", {id}));
    return kit.has_value();
}

// What the user said of a file's former content holds for its new one, unless that has words of its own.
Status hand_on(Catalog& catalog, const std::string& from, const std::string& to) {
    DUBPLATE_TRY(const auto left, catalog.database.find_integer(
                                      "SELECT count(*) FROM asset_files WHERE asset_id = ?", {from}));
    if (left.value_or(0) > 0) return choose_path(catalog, from);
    for (const char* sql :
         {"UPDATE edits SET asset_id = ? WHERE asset_id = ? AND NOT EXISTS (SELECT 1 FROM edits o "
          "WHERE o.asset_id = ? AND o.field = edits.field)",
          "UPDATE asset_tags SET asset_id = ? WHERE asset_id = ? AND NOT EXISTS (SELECT 1 FROM "
          "asset_tags o WHERE o.asset_id = ? AND o.tag = asset_tags.tag)"})
        DUBPLATE_CHECK(catalog.database.execute(sql, {to, from, to}));
    DUBPLATE_TRY(const bool needed, is_in_a_kit(catalog, from));
    if (needed) return choose_path(catalog, from);
    DUBPLATE_CHECK(catalog.database.execute("DELETE FROM assets WHERE id = ?", {from}));
    return {};
}

}  // namespace

Result<Asset> find_asset(Catalog& catalog, const std::string& id) {
    const std::string digits = to_lower_ascii(id);
    if (digits.size() < shortest_id || digits.find_first_not_of("0123456789abcdef") != std::string::npos)
        return fail(ErrorCode::invalid_argument, fmt::format("\"{}\" is no asset's id", escape_control(id)),
                    "an id has 16 digits, of which the first 4 may do: see dubplate library list");
    std::vector<Asset> found;
    const std::string column = digits.size() > asset_id_digits ? "sha256" : "id";
    DUBPLATE_CHECK(catalog.database.query(
        fmt::format("SELECT {} FROM assets WHERE {} >= ? AND {} < ? ORDER BY {} LIMIT 2", asset_columns(),
                    column, column, column),
        {digits, digits + "g"}, asset_column_types(), [&](const Row& row) -> Status {
            read_asset(row, found.emplace_back());
            return {};
        }));
    if (found.empty())
        return fail(ErrorCode::not_found, fmt::format("no asset has the id {}", digits),
                    "see dubplate library list");
    if (found.size() > 1)
        return fail(ErrorCode::invalid_argument, fmt::format("several ids begin with {}", digits),
                    "give more of its digits");
    return std::move(found.front());
}

Result<std::optional<KnownFile>> find_file(Catalog& catalog, const std::string& path) {
    std::optional<KnownFile> found;
    constexpr std::array types{ColumnType::integer, ColumnType::integer, ColumnType::text, ColumnType::text,
                               ColumnType::text};
    DUBPLATE_CHECK(catalog.database.query(
        "SELECT f.size_bytes, f.mtime_ns, f.asset_id, a.sha256, n.analyzer FROM asset_files f JOIN assets a "
        "ON a.id = "
        "f.asset_id LEFT JOIN analyses n ON n.sha256 = a.sha256 WHERE f.path = ?",
        {path}, types, [&](const Row& row) -> Status {
            found = KnownFile{{path, row.integer(0), row.integer(1)}, row.text(2), row.text(3), row.text(4)};
            return {};
        }));
    return found;
}

Status list_files(Catalog& catalog, const std::string& asset_id,
                  const std::function<Status(const FileState&)>& take) {
    constexpr std::array types{ColumnType::text, ColumnType::integer, ColumnType::integer};
    return catalog.database.query(
        "SELECT path, size_bytes, mtime_ns FROM asset_files WHERE asset_id = ? ORDER BY path", {asset_id},
        types, [&](const Row& row) {
            return take({row.text(0), row.integer(1), row.integer(2)});
        });
}

Status forget_file(Catalog& catalog, const std::string& path) {
    return catalog.database.in_transaction([&]() -> Status {
        DUBPLATE_TRY(const auto id,
                     catalog.database.find_text("SELECT asset_id FROM asset_files WHERE path = ?", {path}));
        if (!id) return {};
        DUBPLATE_CHECK(catalog.database.execute("DELETE FROM asset_files WHERE path = ?", {path}));
        return choose_path(catalog, *id);
    });
}

Status rename_file(Catalog& catalog, const std::string& from, const std::string& to) {
    return catalog.database.in_transaction([&]() -> Status {
        DUBPLATE_TRY(const auto id,
                     catalog.database.find_text("SELECT asset_id FROM asset_files WHERE path = ?", {from}));
        if (!id) return {};
        DUBPLATE_CHECK(catalog.database.execute("DELETE FROM asset_files WHERE path = ?", {to}));
        DUBPLATE_CHECK(
            catalog.database.execute("UPDATE asset_files SET path = ? WHERE path = ?", {to, from}));
        return choose_path(catalog, *id);
    });
}

Result<std::string> find_analyzer(Catalog& catalog, const std::string& sha256) {
    DUBPLATE_TRY(const auto by,
                 catalog.database.find_text("SELECT analyzer FROM analyses WHERE sha256 = ?", {sha256}));
    return by.value_or("");
}

Status store_found(Catalog& catalog, const std::string& sha256, const std::string& analyzer,
                   const Found& found) {
    Database& database = catalog.database;
    return database.in_transaction([&]() -> Status {
        DUBPLATE_CHECK(database.execute(
            "INSERT INTO analyses (sha256, analyzer, facts, document) VALUES (?, ?, ?, ?) ON CONFLICT "
            "(sha256) DO UPDATE "
            "SET analyzer = excluded.analyzer, facts = excluded.facts, document = excluded.document",
            {sha256, analyzer, facts_text(found.facts), found.document}));
        DUBPLATE_CHECK(database.execute("DELETE FROM vectors WHERE sha256 = ?", {sha256}));
        if (!found.vector.empty())
            DUBPLATE_CHECK(database.execute("INSERT INTO vectors (sha256, vector) VALUES (?, ?)",
                                            {sha256, vector_text(found.vector)}));
        DUBPLATE_TRY(const auto id, database.find_text("SELECT id FROM assets WHERE sha256 = ?", {sha256}));
        if (!id) return {};
        DUBPLATE_CHECK(database.execute("UPDATE assets SET analyzed = ? WHERE id = ?", {catalog.now(), *id}));
        return set_fields(catalog, *id, found.facts);
    });
}

Result<std::string> find_document(Catalog& catalog, const std::string& sha256) {
    DUBPLATE_TRY(const auto text,
                 catalog.database.find_text("SELECT document FROM analyses WHERE sha256 = ?", {sha256}));
    return text.value_or("{}");
}

Result<AddedAs> add_file(Catalog& catalog, const std::string& sha256, const std::string& kind,
                         const FileState& file) {
    AddedAs as = AddedAs::known;
    DUBPLATE_CHECK(catalog.database.in_transaction([&]() -> Status {
        DUBPLATE_TRY(const auto before, find_file(catalog, file.path));
        DUBPLATE_TRY(auto id, catalog.database.find_text("SELECT id FROM assets WHERE sha256 = ?", {sha256}));
        if (!id) {
            id = sha256.substr(0, asset_id_digits);
            DUBPLATE_CHECK(insert_asset(catalog, *id, sha256, kind, file));
            as = AddedAs::added;
        }
        DUBPLATE_CHECK(
            catalog.database.execute("INSERT INTO asset_files (path, asset_id, size_bytes, mtime_ns) VALUES "
                                     "(?, ?, ?, ?) ON CONFLICT (path) DO UPDATE "
                                     "SET asset_id = excluded.asset_id, size_bytes = excluded.size_bytes, "
                                     "mtime_ns = excluded.mtime_ns",
                                     {file.path, *id, file.size_bytes, file.mtime_ns}));
        DUBPLATE_CHECK(catalog.database.execute(
            "UPDATE assets SET analyzed = coalesce(analyzed, ?) WHERE id = ?", {catalog.now(), *id}));
        if (before && before->asset_id != *id) {
            as = AddedAs::changed;
            DUBPLATE_CHECK(
                record_event(catalog, "changed", *id, "was " + before->asset_id + ": " + file.path));
            DUBPLATE_CHECK(hand_on(catalog, before->asset_id, *id));
        }
        return choose_path(catalog, *id);
    }));
    return as;
}

Status remove_asset(Catalog& catalog, const std::string& id) {
    return catalog.database.in_transaction([&]() -> Status {
        DUBPLATE_TRY(const auto kit,
                     catalog.database.find_text("SELECT k.name FROM kit_samples s JOIN kits k ON k.id = "
                                                "s.kit_id WHERE s.sample_id = ? LIMIT 1",
                                                {id}));
        if (kit)
            return fail(ErrorCode::already_exists,
                        fmt::format("asset {} is on a pad of the kit \"{}\"", id, *kit),
                        "take it off the pad first");
        DUBPLATE_TRY(const auto path,
                     catalog.database.find_text("SELECT path FROM assets WHERE id = ?", {id}));
        DUBPLATE_CHECK(catalog.database.execute("DELETE FROM assets WHERE id = ?", {id}));
        return record_event(catalog, "removed", id, path.value_or(""));
    });
}

Result<LibraryStats> compute_stats(Catalog& catalog) {
    LibraryStats stats;
    constexpr std::array sums{ColumnType::integer, ColumnType::integer, ColumnType::real};
    // A sum of whole numbers is a decimal number to PostgreSQL.
    DUBPLATE_CHECK(
        catalog.database.query("SELECT count(*), cast(coalesce(sum(size_bytes), 0) AS BIGINT), "
                               "coalesce(sum(duration_seconds), 0) FROM assets",
                               {}, sums, [&](const Row& row) -> Status {
                                   stats.assets = row.integer(0);
                                   stats.total_bytes = row.integer(1);
                                   stats.total_seconds = row.real(2);
                                   return {};
                               }));
    DUBPLATE_TRY(const auto files, catalog.database.find_integer("SELECT count(*) FROM asset_files"));
    DUBPLATE_TRY(const auto edited,
                 catalog.database.find_integer("SELECT count(DISTINCT asset_id) FROM edits"));
    stats.files = files.value_or(0);
    stats.edited = edited.value_or(0);
    constexpr std::array groups{ColumnType::text, ColumnType::integer};
    for (const auto& [column, list] :
         {std::pair("kind", &stats.by_kind), std::pair("format", &stats.by_format)})
        DUBPLATE_CHECK(catalog.database.query(
            fmt::format("SELECT {}, count(*) FROM assets GROUP BY {} ORDER BY {}", column, column, column),
            {}, groups, [list = list](const Row& row) -> Status {
                list->emplace_back(row.text(0), row.integer(1));
                return {};
            }));
    return stats;
}

}  // namespace dubplate
