// split.h: which parts of a source become files of their own.
//
// What     reads what --split names: the source's own markers, an Audacity label file, or a CUE sheet.
// Returns  no regions: no split was asked for. Losses: tags of the file that were not understood.
// Errors   those of formats/markers, with the file's name; unsupported where the source's length is not known exactly.
#pragma once

#include <string>
#include <vector>

#include "formats/audio/format.h"
#include "formats/markers/regions.h"

namespace dubplate {

// split: "", "markers" or a path, as in AudioSpec.
Result<MarkedRegions> split_regions(const std::string& split, const SourceInfo& source);

}  // namespace dubplate
