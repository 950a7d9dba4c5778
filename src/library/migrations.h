// migrations.h: the schema of the catalog, step by step.
//
// Shape    what db/migrate.h runs; a step that was released is never changed, a new one is added at the end.
// Tables   docs/catalog.md draws them. Times are milliseconds since 1970, UTC. Ids are text where content or a caller gives
//          them, and numbers where the database counts.
#pragma once

#include <span>

#include "db/migrate.h"

namespace dubplate {

std::span<const Migration> catalog_migrations();

}  // namespace dubplate
