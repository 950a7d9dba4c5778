// region_bytes.h: what holds for the regions of any file that was taken.
//
// What     they are in order, end after they begin or are open, carry valid text, and fit into a source or are refused.
#pragma once

#include "core/text.h"
#include "formats/markers/regions.h"

namespace dubplate {

inline void check_regions(const Result<MarkedRegions>& parsed) {
    if (!parsed) {
        DUBPLATE_ASSERT(is_valid_utf8(parsed.error().to_string()));
        return;
    }
    DUBPLATE_ASSERT(!parsed->regions.empty() && parsed->regions.size() <= max_regions);
    std::int64_t last = 0;
    for (const MarkedRegion& region : parsed->regions) {
        DUBPLATE_ASSERT(region.begin_frame >= last);
        DUBPLATE_ASSERT(region.end_frame == open_end || region.end_frame >= region.begin_frame);
        DUBPLATE_ASSERT(is_valid_utf8(region.label));
        last = region.begin_frame;
    }
    constexpr std::int64_t frames = 10'000'000;
    const auto fitted = fit_regions(parsed->regions, frames);
    if (!fitted) return;
    for (const MarkedRegion& region : *fitted)
        DUBPLATE_ASSERT(region.begin_frame >= 0 && region.begin_frame < region.end_frame &&
                        region.end_frame <= frames);
}

}  // namespace dubplate
