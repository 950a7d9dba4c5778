// catalog.h: every effect: what changes the objects of a track.
//
// Adding   one file here that defines an EffectType, and one line in catalog.def. Its settings are described once, in its table.
// Source   requirements R2 H.
// Threads  the catalog is constant.
#pragma once

#include <span>

#include "video/visual.h"

namespace dubplate {

std::span<const EffectType* const> effect_types();          // in the order of catalog.def
const EffectType* find_effect_type(std::string_view name);  // null: none

// Errors: not_found, with the nearest name; those of the settings.
Result<std::unique_ptr<Effect>> make_effect(const Instrument& instrument);

}  // namespace dubplate
