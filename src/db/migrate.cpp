#include "db/migrate.h"

#include <array>
#include <string>
#include <utility>

#include "db/sql_text.h"

namespace dubplate {

namespace {

using Words = std::array<std::pair<std::string_view, std::string_view>, 3>;
constexpr Words sqlite_words{
    {{"{id}", "INTEGER PRIMARY KEY AUTOINCREMENT"}, {"{text}", "TEXT"}, {"{nulls_first}", ""}}};
constexpr Words postgresql_words{{{"{id}", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"},
                                  {"{text}", "TEXT COLLATE \"C\""},
                                  {"{nulls_first}", "NULLS FIRST"}}};

std::string in_dialect(std::string_view script, Dialect dialect) {
    std::string text(script);
    for (const auto& [word, meaning] : dialect == Dialect::sqlite ? sqlite_words : postgresql_words)
        for (std::size_t at = text.find(word); at != std::string::npos;
             at = text.find(word, at + meaning.size()))
            text.replace(at, word.size(), meaning);
    return text;
}

constexpr std::string_view list_of_tables(Dialect dialect) {
    return dialect == Dialect::sqlite
               ? "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
               : "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()";
}

constexpr std::string_view version_table(Dialect dialect) {
    return dialect == Dialect::sqlite
               ? "SELECT count(*) FROM sqlite_master WHERE name = 'schema_version'"
               : "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND "
                 "table_name = 'schema_version'";
}

Result<std::int64_t> current_version(Database& database) {
    DUBPLATE_TRY(const auto has_version, database.find_integer(version_table(database.dialect())));
    if (has_version.value_or(0) == 0) {
        DUBPLATE_TRY(const auto tables, database.find_integer(list_of_tables(database.dialect())));
        if (tables.value_or(0) == 0) return 0;
        return fail(ErrorCode::corrupt, database.name() + ": is the database of another program",
                    "it was left as it is; name another one with --catalog");
    }
    DUBPLATE_TRY(const auto version, database.find_integer("SELECT version FROM schema_version"));
    return version.value_or(0);
}

// One program at a time brings a database up to date; the others wait, and find it done.
Status wait_for_turn(Database& database) {
    if (database.dialect() == Dialect::sqlite) return {};  // its transactions are one at a time anyway
    constexpr ColumnType columns[] = {ColumnType::text};
    constexpr std::int64_t any_number_of_our_own = 0x64756270;
    return database.query("SELECT cast(pg_advisory_xact_lock(?) AS TEXT)", {any_number_of_our_own}, columns,
                          [](const Row&) { return Status(); });
}

// Readers and one writer then do not wait for each other. It is kept in the file.
Status begin_log(Database& database) {
    if (database.dialect() == Dialect::postgresql) return {};
    DUBPLATE_CHECK(database.find_text("PRAGMA journal_mode = WAL"));
    return {};
}

Status run_one(Database& database, const Migration& migration) {
    for (const std::string& statement : split_statements(in_dialect(migration.script, database.dialect())))
        DUBPLATE_CHECK(database.execute(statement));
    DUBPLATE_CHECK(database.execute("DELETE FROM schema_version"));
    DUBPLATE_CHECK(database.execute("INSERT INTO schema_version (version) VALUES (?)",
                                    {std::int64_t{migration.number}}));
    return {};
}

}  // namespace

Result<int> migrate(Database& database, std::span<const Migration> migrations) {
    DUBPLATE_TRY(const std::int64_t found, current_version(database));
    const auto known = static_cast<std::int64_t>(migrations.size());
    if (found > known)
        return fail(ErrorCode::unsupported,
                    database.name() + ": has version " + std::to_string(found) +
                        ", and this program knows those up to " + std::to_string(known),
                    "it was left as it is; use the newer Dubplate that wrote it");
    if (found == known) return 0;
    if (found == 0) DUBPLATE_CHECK(begin_log(database));
    int count = 0;
    // Read again inside: another program may have done the same at the same time.
    DUBPLATE_CHECK(database.in_transaction([&]() -> Status {
        DUBPLATE_CHECK(wait_for_turn(database));
        DUBPLATE_CHECK(
            database.execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)"));
        DUBPLATE_TRY(const auto now, database.find_integer("SELECT version FROM schema_version"));
        for (const Migration& migration : migrations) {
            if (migration.number <= now.value_or(0)) continue;
            DUBPLATE_CHECK(run_one(database, migration));
            ++count;
        }
        return {};
    }));
    return count;
}

}  // namespace dubplate
