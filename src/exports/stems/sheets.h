// sheets.h: what is said of a delivery beside its audio: a JSON for programs and a text for people, of the project and of each
// track.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "exports/stems/manifest.h"
#include "exports/stems/plan.h"

namespace dubplate {

struct Sheet {
    std::filesystem::path path;  // in the folder of the delivery
    std::string text;
};

// "project.json" and "project.txt" first, then "Bass.json" and "Bass.txt", all in metadata/.
std::vector<Sheet> make_sheets(const StemsPlan& plan, const DawSession& session,
                               const StemsManifest& manifest);

}  // namespace dubplate
