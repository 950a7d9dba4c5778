// reaper_read.h: a REAPER project as a session, for the proof of what was written.
//
// What     tempo, time signatures, markers, regions, and for each track its name, color, level, pan, mute, solo, folder and
//          first item. Everything else in a project is passed over.
// Folders  a folder track without an item is the group of the tracks in it; the innermost counts.
// Ramps    of the tempo are taken as steps.
// Hostile  any text; no file named in it is opened. Limits: rpp_text.h.
// Errors   corrupt, with the line: no REAPER project, numbers that are none or out of all range; limit_exceeded.
// Threads  pure function.
#pragma once

#include <string_view>

#include "formats/daw/session.h"

namespace dubplate {

Result<DawSession> parse_reaper(std::string_view text);

}  // namespace dubplate
