// sqlite_rows.h: what SQLite is asked itself, and not through SOCI: the rows of a SELECT, and to wait for another program.
//
// Why      SOCI hands each column through a variable of its own, which costs more than SQLite's work: a list of ten thousand assets took
//          two and a half times as long.
// Threads  thread-compatible, as the session.
// Errors   soci::sqlite3_soci_error is thrown, as SOCI's own statements throw it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "db/database.h"

namespace soci {
class session;
}

namespace dubplate {

// Hands out all rows and tells how many they were.
Result<std::int64_t> query_sqlite(soci::session& session, std::string_view sql, const Values& values,
                                  std::span<const ColumnType> columns, const Database::TakeRow& take);

// How a connection waits for another program's transaction. It must not move, and outlives the session.
struct SqliteWait {
    std::chrono::milliseconds longest{0};
    std::function<void()> on_long_wait;
    std::chrono::steady_clock::time_point since{};
    bool told = false;  // on_long_wait was called
};
void wait_for_others(soci::session& session, SqliteWait& wait);

}  // namespace dubplate
