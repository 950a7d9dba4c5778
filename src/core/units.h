// units.h: decibels, frames and time.
//
// Names    frames = samples per channel; samples = frames x channels. Never mixed.
// Units    a raw number carries its unit in its name: gain_db, target_lufs, length_frames.
// Time     integer frames at a stated rate inside; double seconds at the very edge alone.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace dubplate {

inline constexpr double silence_db = -std::numeric_limits<double>::infinity();

inline double db_to_gain(double db) {
    return std::pow(10.0, db / 20.0);
}
inline double gain_to_db(double gain) {
    return gain > 0 ? 20.0 * std::log10(gain) : silence_db;
}

inline double frames_to_seconds(std::int64_t frames, int sample_rate_hz) {
    return static_cast<double>(frames) / sample_rate_hz;
}
inline std::int64_t seconds_to_frames(double seconds, int sample_rate_hz) {
    return std::llround(seconds * sample_rate_hz);
}

// The number of frames that `frames` at one rate become at another: rounded to the nearest, halves up.
// Every resampler of ours delivers exactly so many.
constexpr std::int64_t resampled_frames(std::int64_t frames, int from_hz, int to_hz) {
    // In two steps, so that 64 bits hold the products: whole seconds first, then the rest.
    const std::int64_t seconds = frames / from_hz;
    const std::int64_t rest = frames % from_hz;
    return seconds * to_hz + (rest * to_hz * 2 + from_hz) / (2 * std::int64_t{from_hz});
}

}  // namespace dubplate
