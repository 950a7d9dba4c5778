// whole_session.h: a session with one of everything that a DAW's project may hold, and how two sessions are compared.
//
// Compared  all but gains and pans for equality; these within a rounding of double.
// Threads   plain functions.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include <utility>

#include "formats/daw/beats.h"
#include "formats/daw/session.h"

namespace dubplate::test {

inline DawTrack track_of(std::string name, std::string file, std::int64_t begin_frame, std::int64_t frames) {
    DawTrack track;
    track.name = std::move(name);
    track.format = format_of(file);
    track.file = std::move(file);
    track.begin_frame = begin_frame;
    track.frames = frames;
    return track;
}

inline DawSession whole_session() {
    DawSession session;
    session.name = "Night \"Drive\" & <Söhne>";
    session.metadata.title = "Night Drive";
    session.metadata.artist = "A & B";
    session.metadata.date = "2026";
    session.sample_rate_hz = 44'100;
    DawTrack kick = track_of("Kick", "audio/Kick.wav", 0, 441'001);
    kick.channels = 1;
    kick.color = DawColor{255, 128, 0};
    kick.gain_db = -6.5;
    kick.group = "Drums";
    DawTrack snare = track_of("Snare \"1\" 'top' & <close>", "audio/Snare 1.flac", 44'101, 300'000);
    snare.gain_db = 3.25;
    snare.pan = -0.25;
    snare.mute = true;
    snare.group = "Drums";
    DawTrack bass = track_of("Bässe\t🎸\n2", "audio/Bässe.aiff", 1, 500'000);
    bass.color = DawColor{0, 0, 0};
    bass.pan = 0.6;
    bass.solo = true;
    DawTrack silent = track_of("Silent", "audio/Silent.wav", 0, 1);
    silent.gain_db = -std::numeric_limits<double>::infinity();
    silent.pan = 1;
    silent.group = "Rest";
    DawTrack missing = track_of("", "", 0, 0);
    missing.pan = -1;
    missing.group = "Rest";
    session.tracks = {kick, snare, bass, silent, missing};
    session.tempo =
        *TempoMap::make({{0, 93.5}, {4 * ticks_per_quarter, 120}, {10 * ticks_per_quarter + 1, 61.25}},
                        {{0, {4, 4}}, {4 * ticks_per_quarter, {7, 8}}});
    session.markers = {{0, 0, "Intro"}, {99'999, 0, "Verse \"1\""}, {441'000, 0, ""}};
    return session;
}

inline void expect_same(const DawSession& actual, const DawSession& expected) {
    DawSession compared = actual;
    ASSERT_EQ(actual.tracks.size(), expected.tracks.size());
    for (std::size_t i = 0; i < expected.tracks.size(); ++i) {
        const DawTrack& wanted = expected.tracks[i];
        DawTrack& track = compared.tracks[i];
        EXPECT_NEAR(track.pan, wanted.pan, 1e-6) << wanted.name;
        if (std::isfinite(wanted.gain_db))
            EXPECT_NEAR(track.gain_db, wanted.gain_db, 1e-5) << wanted.name;
        else
            EXPECT_EQ(track.gain_db, wanted.gain_db) << wanted.name;
        track.pan = wanted.pan;
        track.gain_db = wanted.gain_db;
        EXPECT_EQ(track, wanted) << wanted.name;
    }
    EXPECT_EQ(compared.name, expected.name);
    EXPECT_EQ(compared.metadata, expected.metadata);
    EXPECT_EQ(compared.tempo, expected.tempo);
    EXPECT_EQ(compared.markers, expected.markers);
    EXPECT_EQ(compared, expected);
}

}  // namespace dubplate::test
