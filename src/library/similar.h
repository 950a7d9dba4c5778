// similar.h: the sounds that are most like one of the library.
//
// Method   each analysis has a vector of numbers that describe how it sounds. Each of their dimensions is brought to the same
//          weight (mean 0, deviation 1 over the library), then all are compared: the distance is Euclidean, divided by the
//          root of the number of dimensions, so that 0 is the same and two sounds of no relation are about 1.4 apart.
// Memory   the vectors alone, 4 bytes a dimension: 2.5 MB for ten thousand sounds of 64 dimensions.
// Errors   not_found: the sound, or its vector; those of the database.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "library/assets.h"

namespace dubplate {

struct Similar {
    Asset asset;
    double distance = 0;
};

// The `limit` nearest, the nearest first; ties by id. The sound itself is not among them.
Result<std::vector<Similar>> find_similar(Catalog& catalog, const Asset& asset, std::size_t limit);

}  // namespace dubplate
