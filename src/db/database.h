// database.h: one connection to SQLite or PostgreSQL, spoken to in SQL that both understand.
//
// URLs     "sqlite:PATH" or a bare path; "postgresql://user@host/name". SQLite runs with a write-ahead log, foreign keys
//          and a busy timeout; PostgreSQL hands rows out one by one, so that a list of any length needs little memory.
// SQL      parameters are "?" in the order of the values; a "?" inside quotes is text. What a user typed goes into values
//          alone, never into the SQL.
// Threads  thread-compatible: one thread at a time. Several connections may work on one database.
// Errors   unavailable (locked by another program, or the server cannot be reached), corrupt (the file is damaged or no
//          database), already_exists (a key that is there, or a row that others need), io, invalid_argument (the URL);
//          a fault in our SQL is internal. No exception of a driver leaves this module.
// Source   SOCI 4.0: https://soci.sourceforge.net; its headers stand in database.cpp and sqlite_rows.cpp alone.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "db/value.h"

namespace dubplate {

enum class Dialect { sqlite, postgresql };

struct DatabaseOptions {
    std::chrono::milliseconds busy_timeout{5000};  // how long to wait for another program's transaction
    bool create = true;                            // SQLite: make the file where there is none
    // SQLite: called once for each wait that is longer than a second, so that a user knows what is going on.
    std::function<void()> on_long_wait{};
};

// An empty SQLite database that is gone with its connection.
inline constexpr const char* in_memory_url = "sqlite::memory:";

class Database {
  public:
    using TakeRow = std::function<Status(const Row&)>;

    static Result<Database> open(const std::string& url, const DatabaseOptions& options = {});
    ~Database();
    Database(Database&&) noexcept;
    Database& operator=(Database&&) noexcept;

    Dialect dialect() const;
    // The URL without a password: for messages.
    const std::string& name() const;

    // Runs one statement and tells how many rows it changed.
    Result<std::int64_t> execute(std::string_view sql, const Values& values = {});
    // Hands each row to `take`; an error of `take` ends the query and is returned. `take` must not use this connection.
    Status query(std::string_view sql, const Values& values, std::span<const ColumnType> columns,
                 const TakeRow& take);
    // The first row's first column; nothing where there is no row or it is null.
    Result<std::optional<std::int64_t>> find_integer(std::string_view sql, const Values& values = {});
    Result<std::optional<std::string>> find_text(std::string_view sql, const Values& values = {});

    // Commits what `body` did, or undoes all of it where `body` fails. A transaction within another one is part of it.
    // SQLite: it takes the right to write at its start, so that it cannot fail for that half-way.
    Status in_transaction(const std::function<Status()>& body);

  private:
    struct Connection;
    Status first_row(std::string_view sql, const Values& values, std::span<const ColumnType> columns,
                     const std::function<void(const Row&)>& take);
    explicit Database(std::unique_ptr<Connection> connection);
    std::unique_ptr<Connection> connection_;
};

}  // namespace dubplate
