// url.h: where a database is.
//
// Shape    "sqlite:PATH" or a path; "postgresql://[user[:password]@][host[:port]]/name[?key=value&...]", of whose keys "host"
//          (a folder: the server's socket) and those of libpq are passed on; "postgres://" is the same.
// Errors   invalid_argument: another scheme, a quote or a control character; not_found: no such file, and none is to be made.
// Source   https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING
#pragma once

#include <string>

#include "core/result.h"
#include "db/database.h"

namespace dubplate {

struct DatabaseUrl {
    Dialect dialect = Dialect::sqlite;
    std::string place;  // a path, or what libpq takes as a connection string
    std::string name;   // for messages: without a password
};

Result<DatabaseUrl> parse_database_url(const std::string& text);

// Makes the missing folders above a new file; refuses what is there and no SQLite database, before anything writes to it.
Status prepare_sqlite_file(const std::string& path, bool create);

}  // namespace dubplate
