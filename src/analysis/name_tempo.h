// name_tempo.h: the tempo that a file's name tells, as names of loops and samples do.
//
// What     "loop_120bpm", "BPM 92.5 Bass": a number beside "bpm", from 20 to 400. Else "Bass 92", "kick_loop-128": the one
//          number from 60 to 200 that stands by itself; where several do, or it counts something else (96 kHz), none.
// Threads  a pure function.
#pragma once

#include <optional>
#include <string_view>

namespace dubplate {

// stem: the name without folder and extension.
std::optional<double> bpm_in_name(std::string_view stem);

}  // namespace dubplate
