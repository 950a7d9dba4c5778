// pack_history.h: what the library knows of packs: its preferences, and the packs that were made.
//
// Catalog  the one that was named, else the library's own where there is one: no catalog is made for a pack alone.
// Errors   those of the catalog. A catalog that was not named and cannot be opened is told and left.
#pragma once

#include <optional>
#include <string>

#include "exports/pack/manifest.h"
#include "exports/pack/plan.h"
#include "library/catalog.h"

namespace dubplate::cli {

struct Preferences {
    std::string catalog{};  // empty: none
    Json defaults = Json::object();
    std::optional<std::string> output{};
};

Result<Preferences> read_pack_preferences(const std::string& catalog);
Status record_pack(const Preferences& preferences, const PackPlan& plan, const PackManifest& manifest);

}  // namespace dubplate::cli
