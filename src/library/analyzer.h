// analyzer.h: what finds out about a sound, as the library sees it.
//
// What     a name with a version, which stands beside each result in the catalog: another one means that it is found anew; and
//          a function from a file to what was found.
// Threads  analyze() is called by several threads at once.
// Errors   those of the function: corrupt, unsupported, io, canceled; they name the file.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "library/assets.h"

namespace dubplate {

struct Analyzer {
    std::string version{};  // "facts 1"
    std::function<Result<Found>(const std::filesystem::path& path, std::stop_token stop)> analyze{};
    bool is_rough = false;  // whatever was found before, by any other, is as good
};

// What stands in the file: nothing is decoded.
Analyzer facts_analyzer();
// Tempo, key, loudness, structure and what sounds are compared by (exports/analysis); of the content, whatever its name.
Analyzer full_analyzer();

}  // namespace dubplate
