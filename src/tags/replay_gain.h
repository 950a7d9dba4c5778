// replay_gain.h: the loudness of a deliverable as ReplayGain 2.0 tags.
//
// What     names and values, alike in ID3v2 (TXXX) and in Vorbis comments.
// Source   ReplayGain 2.0: gain to -18 LUFS in dB, peak linear with 1.0 as full scale; the true peak is given.
#pragma once

#include "tags/render.h"

#include <string>
#include <utility>
#include <vector>

namespace dubplate {

// In a fixed order; empty without loudness.
std::vector<std::pair<std::string, std::string>> replay_gain_tags(const TagSet& tags);

}  // namespace dubplate
