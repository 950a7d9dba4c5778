// loop_rates.h: between which two rates a loop is resampled so that it stays a loop.
//
// Why      a loop of 44,100 Hz seldom has a whole number of frames at 48,000 Hz, and the rest would be a click at each turn. So it is
//          resampled at the ratio that gives the nearest whole number: off by half a frame of its length at most.
// Rates    a pair for a resampler, which looks at their ratio alone.
// Threads  pure functions.
#pragma once

#include <cstdint>

namespace dubplate {

struct RatePair {
    int from = 0;
    int to = 0;
    bool operator==(const RatePair&) const = default;
};

// The frames of a loop at the device's rate; at least 1.
std::int64_t looped_frames(std::int64_t frames, RatePair nominal);
RatePair loop_rates(std::int64_t frames, RatePair nominal);

}  // namespace dubplate
