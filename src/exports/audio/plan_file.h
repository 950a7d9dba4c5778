// plan_file.h: what one format makes of one item: rate, depth, bit rate, tags and what is lost on the way. Internal to
// exports/audio.
//
// Errors   unsupported (more channels than the format holds), invalid_argument (a bit rate that the rate does not have),
//          limit_exceeded (larger than the format can be).
// Threads  pure functions.
#pragma once

#include <cstdint>

#include "exports/audio/plan.h"

namespace dubplate {

// Of the part of the source that is wanted, at its rate.
std::int64_t region_frames(const PlannedItem& item);

// All but its path and name.
Result<PlannedFile> plan_file(const PlannedItem& item, const AudioFormat& format, const TagSet& tags,
                              const AudioSpec& spec);

}  // namespace dubplate
