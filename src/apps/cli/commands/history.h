// history.h: the library remembers what was exported, with its manifest.
//
// Catalog  the one that was named, made where it is missing; else the library's own where there is one: no catalog is made for an
//          export alone.
// Errors   those of the catalog. One that was not named and cannot be opened or written is told on standard error and left.
#pragma once

#include <functional>
#include <string>

#include "apps/cli/command.h"
#include "exports/manifest.h"
#include "library/catalog.h"
#include "library/exports.h"

namespace dubplate::cli {

struct History {
    std::string catalog{};  // empty: nothing is remembered
    bool named = false;     // by the user
};

void add_catalog_option(CLI::App& command, std::string& catalog);

// Before the work: what cannot be used is told before anything is made.
Result<History> find_history(const std::string& catalog);

// The files that were delivered, and the whole of what is known of them.
ExportRecord record_of(std::string kind, std::string output, const Manifest& manifest, const Json& json);

// Calls record() with the catalog, or stores what it makes, where there is one.
Status remember_in(const History& history, const std::function<Status(Catalog&)>& record);
Status remember(const History& history, const std::function<ExportRecord()>& record);

}  // namespace dubplate::cli
