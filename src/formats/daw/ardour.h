// ardour.h: the parts of an Ardour session, for its writer, its reader and their tests.
//
// What     a session of version 7002 (Ardour 7; later ones upgrade it) as text, and back. It stands in the folder of the delivery
//          and names the audio from its own interchange folder, "../../../audio/Kick.wav", so that the folder can be moved.
// Sound    each track has two sides and the "Stereo Balance" panner; a mono file plays on both. At the middle nothing is changed;
//          off it, the far side falls in a straight line: left = min(1, 1 - pan), right = min(1, 1 + pan).
// Gains    the fader holds up to +6.02 dB; what is above it is the region's gain.
// Times    superclock: 282,240,000 to the second, a whole number to the frame at every common rate.
// Errors   read_: corrupt, limit_exceeded.
// Threads  pure functions.
// Source   sessions that Ardour 7.3 wrote and read; docs/formats/ardour.md tells what was found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "formats/daw/format.h"

namespace dubplate {

inline constexpr std::int64_t superclocks_per_second = 282'240'000;
inline constexpr std::int64_t ardour_ticks_per_quarter = 1'920;
inline constexpr double max_ardour_fader = 2;  // +6.02 dB

// The name of each track in the session: Ardour has them unique, without ':' and '/', and keeps some for itself.
std::vector<std::string> ardour_track_names(const DawSession& session);

std::string ardour_xml(const DawSession& session);
Result<DawSession> read_ardour_xml(std::span<const std::byte> text);

}  // namespace dubplate
