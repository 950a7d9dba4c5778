// music_json.h: tempo and key of an analysis as JSON, and back. Internal to exports/analysis.
//
// Keys     flat, beside the others of the item; all are null where nothing was asked for.
// Threads  plain functions.
#pragma once

#include <optional>

#include "analysis/key.h"
#include "analysis/tempo.h"
#include "exports/analysis/json_values.h"

namespace dubplate {

void add_tempo(Json& json, const std::optional<Tempo>& tempo);
void add_key(Json& json, const std::optional<KeyEstimate>& key);

void read_tempo(ObjectReader& reader, std::optional<Tempo>& tempo);
void read_key(ObjectReader& reader, std::optional<KeyEstimate>& key);

}  // namespace dubplate
