// migrate.h: brings a database to the schema that this program knows.
//
// Shape    migrations are numbered from 1 without a gap and only ever added to: what was released is never changed. A
//          database remembers in the table "schema_version" which one was its last.
// SQL      a script for both databases, with these words for what they spell differently:
//            {id}           a whole number that the database counts up, the primary key
//            {text}         text that is sorted by its bytes
//            {nulls_first}  in an index: null sorts before all values
// Errors   unsupported: the database is newer than this program; corrupt: it is somebody else's. It is left as it is.
#pragma once

#include <span>
#include <string_view>

#include "db/database.h"

namespace dubplate {

struct Migration {
    int number = 0;
    std::string_view script;
};

// Runs those that are missing, all or none, and returns how many.
Result<int> migrate(Database& database, std::span<const Migration> migrations);

}  // namespace dubplate
