// beats.h: seconds and quarter notes of a tempo map, without the rounding to ticks.
//
// What     both ways through TempoMap's changes. A project that counts in beats brings audio back to the frame with these: a
//          tick is up to several frames long.
// Units    quarter notes and seconds from the start, double; half a frame is a million times coarser.
// Threads  pure functions. No errors.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/daw/session.h"
#include "score/tempo_map.h"

namespace dubplate {

double quarters_at(const TempoMap& map, double seconds);
double seconds_at_quarters(const TempoMap& map, double quarters);

std::string format_of(std::string_view file);  // "wav" of "audio/a.wav"; "aiff" of ".aif" too

// The tracks in a row that share a group, or one without: a folder of a project.
struct DawFolder {
    std::string group;  // empty: a track by itself
    std::size_t begin = 0;
    std::size_t end = 0;  // of the tracks' numbers, exclusive
};
std::vector<DawFolder> folders_of(const DawSession& session);

}  // namespace dubplate
