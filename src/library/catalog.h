// catalog.h: the library's database, open and up to date, and the moment's time for what is written into it.
//
// Place    a URL or path as db/database.h takes it; where none is given, $DUBPLATE_LIBRARY, else
//          $XDG_DATA_HOME/dubplate/library.db, else ~/.local/share/dubplate/library.db.
// Threads  thread-compatible; several may be open at once.
// Errors   those of the database; unsupported: a newer program wrote it. What cannot be opened is left as it is.
#pragma once

#include <cstdint>
#include <string>

#include "core/clock.h"
#include "db/database.h"

namespace dubplate {

struct Catalog {
    Database database;
    const Clock* clock = &Clock::system();

    std::int64_t now() const;  // milliseconds since 1970, UTC
};

Result<Catalog> open_catalog(const std::string& url, const DatabaseOptions& options = {},
                             const Clock& clock = Clock::system());

std::string default_catalog_url();
// The folder of the program's own data, without "/" at its end.
std::string data_folder();

}  // namespace dubplate
