// reaper_template.h: a session in the user's own REAPER project or track template.
//
// Project      its lines stay as they are, byte for byte. A line that holds a placeholder alone becomes the lines that it
//              stands for: {{TRACKS}}, {{TEMPO}}, {{MARKERS}}, {{SAMPLE_RATE}}. Within other words, as in TEMPO {{TEMPO}} 4 4,
//              it becomes the plain value: the tempo and the rate at the start, the names of tracks or markers with
//              commas between. Without a line {{TRACKS}} the tracks go in after the last track, at the end where
//              there is none.
// Sends        refer to tracks by their number (AUXRECV). Where tracks go in before others, the numbers of those are
//              moved on with them: the one thing that changes in a line of the user's.
// Track        an .RTrackTemplate with one track is the pattern of each track: its effects, its sends to hardware and
//              its settings, with the name, color, level, pan, mute, solo and item of the session; its own items and
//              its receives, whose tracks are elsewhere, are left out. One with several tracks becomes a project with
//              these, and the session's after them. Placeholders count in both.
// Line ends    what goes in has those of the template's first line.
// Hostile      any text; limits as in rpp_text.h.
// Errors       corrupt, with the line: no REAPER file, blocks that are not balanced, text behind the project.
//              invalid_argument, with the line: tracks or markers asked for twice, or inside of another block.
// Threads      pure function.
#pragma once

#include <string>
#include <string_view>

#include "formats/daw/session.h"

namespace dubplate {

Result<std::string> fill_reaper_template(std::string_view text, const DawSession& session);

}  // namespace dubplate
