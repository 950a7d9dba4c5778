// reaper_blocks.h: the parts of a REAPER project that a session is made of, as lines.
//
// What     each function gives whole lines, indented as they stand in the project and with the line ends asked for;
//          reaper_project() puts them together, and templates take those that they ask for (reaper_template.h).
// Time     seconds with 15 digits behind the point: exact to the frame for years.
// Names    in quotes (rpp_text.h). Identifiers are made from what they name and where it stands.
// Pan      PANMODE 3 with a pan law of 0 dB and linear taper: a balance, in which the far side falls to nothing and the
//          near one stays.
// Threads  pure functions.
#pragma once

#include <cstddef>
#include <string>

#include "formats/daw/rpp_lines.h"
#include "formats/daw/session.h"

namespace dubplate {

// The tracks with their items, and a folder track above each group.
std::string reaper_tracks(const DawSession& session, const RppStyle& style = {});
std::size_t count_reaper_tracks(const DawSession& session);  // folder tracks among them
// The folder track above a group. `place`: the index of its first track.
std::string reaper_folder(const DawSession& session, std::size_t place, const RppStyle& style = {});
// The item that plays a track's file; empty where it has none.
std::string reaper_item(const DawSession& session, std::size_t place, const RppStyle& style);

// TEMPO, and TEMPOENVEX where anything changes.
std::string reaper_tempo(const DawSession& session, const RppStyle& style = {});
std::string reaper_markers(const DawSession& session, const RppStyle& style = {});
std::string reaper_sample_rate(const DawSession& session, const RppStyle& style = {});

// A whole project. `tracks`: what stands where its tracks stand.
std::string reaper_project(const DawSession& session, const std::string& tracks, const RppStyle& style = {});

// What the fields of a track hold, without their names.
std::string reaper_peak_color(const DawTrack& track);
std::string reaper_mute_solo(const DawTrack& track);
std::string reaper_folder_state(const DawSession& session, std::size_t place);

// Whether a track is the first, or the last, of its group.
bool begins_group(const DawSession& session, std::size_t place);
bool ends_group(const DawSession& session, std::size_t place);

// "{8-4-4-4-12}", of the form of a random one: the same for the same seed.
std::string reaper_guid(std::string_view seed);
std::string track_guid(const DawSession& session, std::size_t place);

}  // namespace dubplate
