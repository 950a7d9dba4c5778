// rhythms.h: clicks, drums and chords with known times and notes, as mono audio.
//
// Units    seconds, beats a minute, MIDI notes (69 is A = 440 Hz unless told).
// Noise    seeded: the same each time.
#pragma once

#include "analysis/music.h"
#include "core/prng.h"
#include "support/signals.h"

#include <cmath>
#include <numbers>
#include <vector>

namespace dubplate::test {

inline constexpr int rhythm_rate_hz = 44100;

// A decaying burst of a sine with its octave; `decay_s` is the time to 1/e.
inline void add_tone(Audio& audio, double at_s, double frequency_hz, double level, double decay_s) {
    const double rate = audio.format.sample_rate_hz;
    const auto begin = static_cast<std::int64_t>(std::llround(at_s * rate));
    const auto length = static_cast<std::int64_t>(decay_s * 6 * rate);
    for (std::int64_t i = 0; i < length && begin + i < audio.frames(); ++i) {
        const double t = static_cast<double>(i) / rate;
        const double envelope = level * std::exp(-t / decay_s);
        const double angle = 2 * std::numbers::pi * frequency_hz * t;
        const auto value = static_cast<float>(envelope * (std::sin(angle) + 0.3 * std::sin(2 * angle)));
        for (int c = 0; c < audio.format.channels; ++c) audio.at(c, begin + i) += value;
    }
}

inline void add_noise(Audio& audio, double at_s, double length_s, double level, std::uint64_t seed) {
    const Random random(seed);
    const double rate = audio.format.sample_rate_hz;
    const auto begin = static_cast<std::int64_t>(std::llround(at_s * rate));
    const auto length = static_cast<std::int64_t>(length_s * rate);
    for (std::int64_t i = 0; i < length && begin + i < audio.frames(); ++i) {
        const double envelope = level * std::exp(-3.0 * static_cast<double>(i) / static_cast<double>(length));
        const auto value =
            static_cast<float>(envelope * (2 * random.uniform(static_cast<std::uint64_t>(i)) - 1));
        for (int c = 0; c < audio.format.channels; ++c) audio.at(c, begin + i) += value;
    }
}

// Clicks every beat, at any rate.
inline Audio click_track(double bpm, double seconds, int sample_rate_hz = rhythm_rate_hz) {
    Audio audio(sample_rate_hz, 1, static_cast<std::int64_t>(std::llround(seconds * sample_rate_hz)));
    for (int beat = 0; beat * 60 / bpm < seconds; ++beat) add_tone(audio, beat * 60 / bpm, 1000, 0.8, 0.01);
    return audio;
}

// Kick on one and three, snare on two and four, hats on eighths.
inline Audio drum_loop(int beats, std::int64_t frames) {
    Audio audio(rhythm_rate_hz, 1, frames);
    const double beat_s = static_cast<double>(frames) / rhythm_rate_hz / beats;
    for (int eighth = 0; eighth < 2 * beats; ++eighth) {
        const double at = eighth * beat_s / 2;
        if (eighth % 4 == 0) add_tone(audio, at, 55, 0.8, 0.08);
        if (eighth % 4 == 2) add_noise(audio, at, 0.15, 0.5, 7);
        add_noise(audio, at, 0.03, 0.15, 11);
    }
    return audio;
}

inline Music music_of(const Audio& audio, const TempoOptions& options = {}) {
    MusicFinder finder;
    drive(finder, audio, block_frames);
    return {finder.tempo(options), finder.key()};
}

}  // namespace dubplate::test
