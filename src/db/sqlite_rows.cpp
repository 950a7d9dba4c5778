#include "db/sqlite_rows.h"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <memory>
#include <string>
#include <thread>

namespace dubplate {

namespace {

using namespace sqlite_api;

struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

// The library keeps the description of this type to itself, and clang's sanitizer of casts would ask for it.
#ifdef __clang__
[[clang::no_sanitize("vptr")]]
#endif
sqlite3*
connection_of(soci::session& session) {
    return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

void check(sqlite3* database, int status) {
    if (status == SQLITE_OK) return;
    throw soci::sqlite3_soci_error(sqlite3_errmsg(database), sqlite3_extended_errcode(database));
}

Statement prepare(sqlite3* database, std::string_view sql) {
    sqlite3_stmt* made = nullptr;
    const int status = sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &made, nullptr);
    Statement statement(made);
    check(database, status);
    return statement;
}

// The values outlive the statement, so that SQLite needs no copy of a text.
int bind(sqlite3_stmt* statement, int place, const Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return sqlite3_bind_int64(statement, place, *integer);
    if (const auto* real = std::get_if<double>(&value)) return sqlite3_bind_double(statement, place, *real);
    if (const auto* text = std::get_if<std::string>(&value))
        return sqlite3_bind_text(statement, place, text->data(), static_cast<int>(text->size()), nullptr);
    return sqlite3_bind_null(statement, place);
}

void read_text(sqlite3_value* column, Value& value) {
    const auto* bytes = static_cast<const char*>(sqlite3_value_blob(column));
    const std::string_view text(bytes, bytes ? static_cast<std::size_t>(sqlite3_value_bytes(column)) : 0);
    if (std::string* held = std::get_if<std::string>(&value)) {
        held->assign(text);  // keeps the room of the row before
    } else {
        value = std::string(text);
    }
}

// The column's value is fetched once: each sqlite3_column_ function takes the connection's lock, those of a value take none, and
// nobody else uses this connection.
void read_column(sqlite3_value* column, ColumnType type, Value& value) {
    if (sqlite3_value_type(column) == SQLITE_NULL) {
        value = std::monostate();
    } else if (type == ColumnType::integer) {
        value = std::int64_t{sqlite3_value_int64(column)};
    } else if (type == ColumnType::real) {
        value = sqlite3_value_double(column);
    } else {
        read_text(column, value);
    }
}

// SQLite's question whether to try again; `tries` before this one.
int try_again(void* given, int tries) {
    using std::chrono::steady_clock;
    constexpr std::chrono::milliseconds pause{5};
    constexpr std::chrono::seconds long_wait{1};
    auto& wait = *static_cast<SqliteWait*>(given);
    const auto now = steady_clock::now();
    if (tries == 0) {
        wait.since = now;
        wait.told = false;
    }
    const auto waited = now - wait.since;
    if (waited >= wait.longest) return 0;
    std::this_thread::sleep_for(pause);
    if (!wait.told && wait.on_long_wait && steady_clock::now() - wait.since >= long_wait) {
        wait.told = true;
        wait.on_long_wait();
    }
    return 1;
}

}  // namespace

void wait_for_others(soci::session& session, SqliteWait& wait) {
    sqlite3* const database = connection_of(session);
    check(database, sqlite3_busy_handler(database, &try_again, &wait));
}

Result<std::int64_t> query_sqlite(soci::session& session, std::string_view sql, const Values& values,
                                  std::span<const ColumnType> columns, const Database::TakeRow& take) {
    sqlite3* const database = connection_of(session);
    const Statement statement = prepare(database, sql);
    int place = 0;
    for (const Value& value : values) check(database, bind(statement.get(), ++place, value));
    Values row(columns.size());
    std::int64_t count = 0;
    int status = SQLITE_ROW;
    for (; (status = sqlite3_step(statement.get())) == SQLITE_ROW; ++count) {
        for (std::size_t i = 0; i < row.size(); ++i)
            read_column(sqlite3_column_value(statement.get(), static_cast<int>(i)), columns[i], row[i]);
        DUBPLATE_CHECK(take(Row(row)));
    }
    if (status != SQLITE_DONE) check(database, status);
    return count;
}

}  // namespace dubplate
