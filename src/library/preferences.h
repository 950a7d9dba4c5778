// preferences.h: the preferences for packs, by name, as people type and read them.
//
// Names    those of requirements R3 D 16, "sp404_export_format"; without "sp404_" they are understood too.
// Errors   invalid_argument: no such name (with the nearest), or a value that it cannot have (with those that it can).
// Threads  pure functions.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "library/exports.h"

namespace dubplate {

// In a fixed order; text, true or false, or null where there is none.
std::vector<std::pair<std::string, nlohmann::json>> preference_values(const Sp404Preferences& preferences);

// "sp404_export_format=aiff"; an empty value is the default again.
Status set_preference(Sp404Preferences& preferences, std::string_view assignment);

}  // namespace dubplate
