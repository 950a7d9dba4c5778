// reaper_notes.h: the notes of a REAPER project, where the session's tags stand for people to read.
//
// Shape    "|not delivered: Bass" for each track without a file; then "|tags:" and for each tag "|  key = value". What
//          follows a line break in a value stands on a line of its own, as "|    text".
// Kept     all tags but the cover. Control characters in values become spaces.
// Hostile  tags that break a rule are dropped, as in sanitize(); other notes are passed over.
// Threads  pure functions.
#pragma once

#include <span>

#include "formats/daw/rpp_lines.h"
#include "formats/daw/rpp_text.h"
#include "formats/daw/session.h"

namespace dubplate {

void put_reaper_notes(RppLines& out, const DawSession& session);
// The tags in the lines of a block NOTES.
Metadata tags_of_reaper_notes(std::span<const RppLine> lines);

}  // namespace dubplate
