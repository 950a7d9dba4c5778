// music_json.h: tempo, key, features and structure of an analysis as JSON, and back. Internal to exports/analysis.
//
// Keys     tempo and key flat, beside the others of the item; the rest in "features" and "patterns". All are null where
//          nothing was asked for.
// Threads  plain functions.
#pragma once

#include <optional>

#include "analysis/features.h"
#include "analysis/key.h"
#include "analysis/structure.h"
#include "analysis/tempo.h"
#include "exports/analysis/json_values.h"

namespace dubplate {

void add_tempo(Json& json, const std::optional<Tempo>& tempo);
void add_key(Json& json, const std::optional<KeyEstimate>& key);
void add_features(Json& json, const std::optional<Features>& features);
void add_structure(Json& json, const std::optional<Structure>& structure);

void read_tempo(ObjectReader& reader, std::optional<Tempo>& tempo);
void read_key(ObjectReader& reader, std::optional<KeyEstimate>& key);
void read_features(ObjectReader& reader, std::optional<Features>& features);
void read_structure(ObjectReader& reader, std::optional<Structure>& structure);

}  // namespace dubplate
