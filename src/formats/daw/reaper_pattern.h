// reaper_pattern.h: the tracks of a session, each made after one track of the user's.
//
// What     `block` is the index of the line <TRACK in lines. What each track has of its own and what it takes from the
//          pattern stands in reaper_template.h. Identifiers are made anew for each track.
// Threads  pure function.
#pragma once

#include <span>
#include <string>

#include "formats/daw/reaper_blocks.h"
#include "formats/daw/rpp_text.h"

namespace dubplate {

std::string reaper_tracks_after(std::span<const RppLine> lines, std::size_t block, const DawSession& session,
                                const RppStyle& style);

}  // namespace dubplate
