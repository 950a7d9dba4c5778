// presets.h: named sets of values for the audio spec.
//
// What     built-in presets (the platforms' targets, and the four of the older exporter), and the user's own, one JSON
//          file each in a folder. A preset is a partial spec: merged under what is said explicitly.
// Sources  loudness targets as the platforms and EBU R128 publish them.
// Errors   invalid_argument: a built-in name is protected, a name must be letters, digits, "-" and "_".
// Threads  pure functions; saving replaces the file atomically.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/params.h"
#include "core/store.h"

namespace dubplate {

struct AudioPreset {
    std::string name;
    std::string help;
    Json values;  // partial spec
};

const std::vector<AudioPreset>& builtin_audio_presets();

// $XDG_CONFIG_HOME/dubplate/presets, else ~/.config/dubplate/presets.
std::filesystem::path user_preset_folder();

// The user's presets by name. Files that cannot be read are told in `problems` and left out.
std::map<std::string, Json> load_user_presets(const std::filesystem::path& folder,
                                              std::vector<std::string>& problems);
Status save_user_preset(const std::filesystem::path& folder, const std::string& name, const Json& values,
                        bool overwrite);

}  // namespace dubplate
