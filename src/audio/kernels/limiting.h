// limiting.h: the loops of the limiter: the crests between the places that were read, and the gains.
//
// Shape    planar; `count` frames of one channel.
// Exact    each frame's result depends on the frames named below and on nothing else, on any kind of processor.
// Threads  functions without state.
#pragma once

#include <array>
#include <cstdint>

namespace dubplate {

// Four equally spaced places for each frame: the frame itself, and three after it.
struct Places {
    const float* frames = nullptr;          // one more than `count`
    std::array<const float*, 3> between{};  // of the last, one stands before the first
};

// Parabolas through three neighbors, wherever the places of a frame or between[i] pass `near`. at[i] becomes the
// magnitude of frame i; between[i] is raised to that of the three places after it. count: a multiple of 16.
void find_crests(const Places& places, std::int64_t count, float near, float* at, float* between);

// How much each frame must come down where peaks[i] passes the ceiling, so that it reaches the target; 0 elsewhere. In
// whole numbers of which `unit` are a reduction to silence, rounded up.
void find_needed(const float* peaks, double* needed, std::int64_t count, double ceiling, double target,
                 double unit);

// Where a value is less than the one before it, it becomes that times `decay`, rounded down, unless this is less still or
// below `smallest`. `last` stands before the first. All are whole numbers below 2^52.
void release(std::int64_t* values, std::int64_t count, std::int64_t last, double decay, double smallest);

// to = from * gains, in double, rounded once.
void apply_gains(const float* from, const double* gains, float* to, std::int64_t count);

struct GainSurvey {
    double lowest = 1;        // or 1, where all are above
    std::int64_t active = 0;  // gains below 1
};

GainSurvey survey_gains(const double* gains, std::int64_t count);

}  // namespace dubplate
