// lanes.h: four floats or two doubles that are worked on at once.
//
// Why      the vectorizer of -O2 gives up on loops whose length it does not know; with these types the sums are
//          taken four at a time in every build, in the same order, so a build's flags never change a result.
// Shape    16 bytes, which every x86-64 and ARMv8 machine has.
// Source   the vector extensions that g++ and clang share.
#pragma once

#include <cstdint>
#include <cstring>

namespace dubplate {

using FloatLanes [[gnu::vector_size(16)]] = float;
using MaskLanes [[gnu::vector_size(16)]] = std::int32_t;
using DoubleLanes [[gnu::vector_size(16)]] = double;

inline constexpr std::int64_t float_lanes = 4;

inline FloatLanes load_lanes(const float* from) {
    FloatLanes lanes;
    std::memcpy(&lanes, from, sizeof lanes);
    return lanes;
}

inline void store_lanes(FloatLanes lanes, float* to) {
    std::memcpy(to, &lanes, sizeof lanes);
}

inline FloatLanes magnitude(FloatLanes a) {
    const MaskLanes bits = reinterpret_cast<MaskLanes>(a) & 0x7fffffff;
    return reinterpret_cast<FloatLanes>(bits);
}

inline FloatLanes larger(FloatLanes a, FloatLanes b) {
    return a > b ? a : b;
}

inline float largest_lane(FloatLanes a) {
    const float low = a[0] > a[1] ? a[0] : a[1];
    const float high = a[2] > a[3] ? a[2] : a[3];
    return low > high ? low : high;
}

// The largest magnitude of `count` samples; count is a multiple of four.
inline float largest_magnitude(const float* samples, std::int64_t count) {
    FloatLanes best{};
    for (std::int64_t i = 0; i < count; i += float_lanes)
        best = larger(magnitude(load_lanes(samples + i)), best);
    return largest_lane(best);
}

}  // namespace dubplate
