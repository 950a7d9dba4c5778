// pack_history.h: what the library knows of packs: its preferences, and the packs that were made.
//
// Catalog  as history.h says.
#pragma once

#include <optional>
#include <string>

#include "apps/cli/commands/history.h"
#include "exports/pack/manifest.h"
#include "exports/pack/plan.h"

namespace dubplate::cli {

struct Preferences {
    History history{};
    Json defaults = Json::object();
    std::optional<std::string> output{};
};

Result<Preferences> read_pack_preferences(const std::string& catalog);
Status record_pack(const Preferences& preferences, const PackPlan& plan, const PackManifest& manifest);

}  // namespace dubplate::cli
