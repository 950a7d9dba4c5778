// sessions.h: sessions for the tests of project formats.
//
// Threads  pure functions.
#pragma once

#include <gtest/gtest.h>

#include "formats/daw/format.h"
#include "support/bytes.h"
#include "support/temp_folder.h"

namespace dubplate::test {

// What every format holds: no quotes of all kinds, no cover, places on the grid of MIDI.
inline DawSession small_session() {
    DawSession session;
    session.name = "Night Drive";
    session.sample_rate_hz = 48'000;
    session.bit_depth = 24;
    session.metadata.title = "Night Drive";
    session.metadata.artist = "Ana & Bj\xC3\xB6rk";
    session.metadata.comment = "first line\n  second = line\n";
    session.metadata.comment.pop_back();
    session.metadata.bpm = 93.5;
    session.metadata.custom["MOOD"] = "calm";
    session.tempo =
        *TempoMap::make({{0, 93.5}, {8 * ticks_per_quarter, 120}, {11 * ticks_per_quarter, 60.25}},
                        {{0, {4, 4}}, {8 * ticks_per_quarter, {3, 4}}, {14 * ticks_per_quarter, {7, 8}}});
    session.tracks = {
        {.name = "Kick \"in\"",
         .file = "audio/Kick.wav",
         .format = "wav",
         .channels = 1,
         .begin_frame = 0,
         .frames = 480'000,
         .color = DawColor{255, 128, 1},
         .gain_db = -6.02,
         .pan = -0.25,
         .group = "Drums"},
        {.name = "it's snare",
         .file = "audio/Snare.flac",
         .format = "flac",
         .channels = 2,
         .begin_frame = 1,
         .frames = 479'999,
         .gain_db = 3,
         .pan = 1,
         .mute = true,
         .group = "Drums"},
        {.name = "Bass `low`",
         .file = "audio/Bass.mp3",
         .format = "mp3",
         .channels = 2,
         .begin_frame = 12'345,
         .frames = 7,
         .solo = true},
        {.name = "",
         .file = "audio/\xE2\x99\xAB 1.aiff",
         .format = "aiff",
         .channels = 2,
         .frames = 480'000,
         .gain_db = -144.5,
         .group = "Keys"},
        {.name = "Missing"},
    };
    session.markers = {{0, 0, "Intro"},
                       {96'001, 48'000, "Loop \"A\""},
                       {480'000, 0,
                        "\xC3\x9C"
                        "bergang 'x'"}};
    return session;
}

inline Bytes written(const DawFormat& format, const DawSession& session) {
    MemoryStore store;
    auto file = store.create(format.path_for(session));
    EXPECT_TRUE(file);
    const Status status = format.write(session, {&store, ""}, **file, {});
    EXPECT_TRUE(status) << status.error().to_string();
    EXPECT_TRUE((*file)->publish());
    return *store.take(format.path_for(session));
}

inline Result<DawSession> read_back(const DawFormat& format, const DawSession& session) {
    const auto bytes = std::make_shared<const Bytes>(written(format, session));
    return format.read(*make_memory_source(bytes, format.path_for(session)));
}

inline std::string names_of(const std::vector<Loss>& losses) {
    std::string names;
    for (const Loss& loss : losses) names += (names.empty() ? "" : "; ") + loss.what;
    return names;
}

}  // namespace dubplate::test
