// query_sql.h: a query as SQL, and the assets that it finds.
//
// Safety   the SQL is made of our own words alone; whatever the user typed is among the values.
// Plan     lists in every order of the table of fields, and each lookup of a range, a word or a key, go by an index
//          (tests/unit/library/plan_test.cpp). A part of a text has no index: those rows are all looked at.
// Order    ties are broken by the id, so a list is the same every time. Unknown values come first where it rises.
// Errors   those of the database and of `take`.
#pragma once

#include <functional>

#include "library/catalog.h"
#include "library/query.h"

namespace dubplate {

struct SqlQuery {
    std::string sql;
    Values values;
};

// limit: 0 for all.
SqlQuery query_to_sql(const Query& query, std::int64_t limit, Dialect dialect = Dialect::sqlite);

// Hands each asset to `take` as it comes: memory does not grow with the list. `take` must not use the catalog.
Status find_assets(Catalog& catalog, const Query& query, std::int64_t limit,
                   const std::function<Status(const Asset&)>& take);

}  // namespace dubplate
