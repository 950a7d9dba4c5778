// regions.h: the parts of a recording that --split cuts out, wherever they were marked.
//
// What     a MarkedRegion is [begin, end) with a label and the tags that it brings; parse_regions() reads an
// Audacity
//          label track or a CUE sheet, regions_from_markers() cuts at the markers in the source, and
//          fit_regions() checks any of them against the source.
// Units    frames at the source's rate. Times are rational in the files (decimal seconds; 1/75 s) and rounded
// once, to
//          the nearest frame.
// Open     end_frame -1: to the end of the source; fit_regions() puts the end in.
// Safety   a file named inside the file is never opened. At most 16 MiB and 9999 regions.
// Errors   invalid_argument and corrupt with the line's number; limit_exceeded; unsupported.
// Threads  pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "tags/metadata.h"

namespace dubplate {

inline constexpr std::int64_t open_end = -1;
inline constexpr std::size_t max_regions = 9999;
inline constexpr std::size_t max_region_file_bytes = 16U << 20U;

struct MarkedRegion {
    std::int64_t begin_frame = 0;
    std::int64_t end_frame = open_end;  // exclusive
    std::string label;
    Metadata tags;                      // laid over the source's: merge(source, tags)
    int line = 0;                       // where it was read, from 1; 0: not from a file
    std::int64_t end_slack_frames = 0;  // how far the rounding of the written time may have moved the end
    bool operator==(const MarkedRegion&) const = default;
};

struct MarkedRegions {
    std::vector<MarkedRegion> regions;  // by begin; equal ones in the order of the file
    std::vector<Loss> losses;           // what of the tags was not understood
};

// A label track or a CUE sheet, told apart by what is in it.
Result<MarkedRegions> parse_regions(std::span<const std::byte> data, int sample_rate_hz);

// Point markers cut the source: one region from each to the next, and one before the first if there is
// something. Range markers are regions themselves. Markers at the very end cut nothing; of points at one
// frame the first counts. Errors: not_found (no markers), invalid_argument (a marker past the end).
Result<std::vector<MarkedRegion>> regions_from_markers(const std::vector<Marker>& markers,
                                                       std::int64_t frames);

// Puts the open ends in and checks that each region has a length and lies inside [0, frames]. An end that is
// past by no more than its time was rounded is moved to the end. Regions may overlap.
Result<std::vector<MarkedRegion>> fit_regions(std::vector<MarkedRegion> regions, std::int64_t frames);

}  // namespace dubplate
