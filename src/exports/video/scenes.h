// scenes.h: projects that are ready for a song of which nothing but the sound is known.
//
// What     ring: the spectrum as a ring that breathes with the bass; terrain: the last seconds as a landscape of towers; galaxy: a flight
//          through spirals, with spheres that arrive on each kick.
// Threads  plain functions.
// Errors   not_found, with the nearest name.
#pragma once

#include <string>
#include <vector>

#include "exports/video/song.h"
#include "score/project.h"

namespace dubplate {

std::vector<std::string> scene_names();
Status check_scene_name(std::string_view name);
// name: one of the above; empty: the first.
Project make_scene(std::string_view name, const SongFacts& song);

}  // namespace dubplate
