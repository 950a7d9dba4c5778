#include "library/catalog.h"

#include <chrono>
#include <cstdlib>

#include "library/migrations.h"

namespace dubplate {

namespace {

std::string setting(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

}  // namespace

std::int64_t Catalog::now() const {
    using std::chrono::milliseconds;
    return std::chrono::duration_cast<milliseconds>(clock->utc().time_since_epoch()).count();
}

Result<Catalog> open_catalog(const std::string& url, const DatabaseOptions& options, const Clock& clock) {
    DUBPLATE_TRY(Database database, Database::open(url, options));
    DUBPLATE_CHECK(migrate(database, catalog_migrations()));
    return Catalog{std::move(database), &clock};
}

std::string default_catalog_url() {
    const std::string named = setting("DUBPLATE_LIBRARY");
    return named.empty() ? data_folder() + "/library.db" : named;
}

std::string data_folder() {
    const std::string data = setting("XDG_DATA_HOME");
    return (data.empty() ? setting("HOME") + "/.local/share" : data) + "/dubplate";
}

}  // namespace dubplate
