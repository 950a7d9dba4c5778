// tracks.h: the tracks of a delivery, from a session or from the files that were named; and what their names tell of them.
//
// Guess    groups and colors are guessed from words in names of files: "Drums_Kick.wav" is in Drums, "BV 2.wav" in Vocals.
//          A group of one track, or one with others between its tracks, is not guessed.
// Order    as given; folders by name, with numbers as numbers: "t2" before "t10".
// Threads  plain functions.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "exports/audio/input.h"
#include "exports/stems/spec.h"

namespace dubplate {

struct FoundTrack {
    StemTrack track;
    Result<AudioInput> input;
};

// Errors: no tracks at all, a folder that cannot be read.
Result<std::vector<FoundTrack>> find_tracks(const StemsSpec& spec, std::stop_token stop);

// A session of all audio below a folder, with names, groups and colors as its files' names tell; files relative to it.
Result<StemsSpec> propose_session(const std::filesystem::path& folder, std::stop_token stop);

bool is_mix_name(const std::string& name);  // "Mix", "master"

struct GuessedGroup {
    std::string group;  // empty: nothing known
    std::string color;
};
GuessedGroup guess_group(const std::string& name);

}  // namespace dubplate
