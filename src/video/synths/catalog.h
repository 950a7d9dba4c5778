// catalog.h: every synth: what turns the notes of a track, or a song, into objects.
//
// Adding   one file here that defines a SynthType, and one line in catalog.def. Its settings are described once, in its table.
// Source   the fourteen of requirements R2 G; those of the category "song" are the house's own.
// Threads  the catalog is constant.
#pragma once

#include <span>

#include "video/visual.h"

namespace dubplate {

std::span<const SynthType* const> synth_types();          // in the order of catalog.def
const SynthType* find_synth_type(std::string_view name);  // null: none

// Errors: not_found, with the nearest name; those of the settings.
Result<std::unique_ptr<Synth>> make_synth(const Instrument& instrument);

}  // namespace dubplate
