// sqlite_rows.h: the rows of a SELECT straight from SQLite.
//
// Why      SOCI hands each column through a variable of its own, which costs more than SQLite's work: a list of ten thousand assets took
//          two and a half times as long.
// Threads  thread-compatible, as the session.
// Errors   soci::sqlite3_soci_error is thrown, as SOCI's own statements throw it.
#pragma once

#include <cstdint>
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

}  // namespace dubplate
