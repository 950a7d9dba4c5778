#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/formats_daw/sessions.h"

namespace dubplate::test {

namespace {

const DawFormat& midi() {
    return *find_daw_format("midi");
}

// All that a MIDI file holds, on its grid.
DawSession musical_session() {
    DawSession session;
    session.name = "Night Drive";
    session.sample_rate_hz = 44'100;
    session.metadata.copyright = "2026 Ana";
    // A quarter note at 110 bpm.
    session.markers = {{0, 0, "Intro"}, {24'055, 0, "M\xC3\xBCller's"}};
    session.tempo =
        *TempoMap::make({{0, 110}, {8 * ticks_per_quarter, 93.5}}, {{8 * ticks_per_quarter, {7, 8}}});
    return session;
}

TEST(MidiProject, GivesBackTempoSignaturesMarkersAndNames) {
    const DawSession session = musical_session();

    const auto back = read_back(midi(), session);

    ASSERT_TRUE(back) << back.error().to_string();
    EXPECT_EQ(*back, session);
    EXPECT_EQ(names_of(midi().losses(session)), "");
}

TEST(MidiProject, HasATrackForEachStemAfterThatOfThePiece) {
    DawSession session = musical_session();
    session.tracks = small_session().tracks;

    const auto back = read_back(midi(), session);

    ASSERT_TRUE(back);
    ASSERT_EQ(back->tracks.size(), session.tracks.size());
    for (std::size_t i = 0; i < session.tracks.size(); ++i)
        EXPECT_EQ(back->tracks[i].name, session.tracks[i].name);
}

TEST(MidiProject, TellsWhatAMidiFileLoses) {
    EXPECT_EQ(names_of(midi().losses(small_session())),
              "audio, levels and colors of tracks; lengths of markers; tags; places of markers and changes "
              "of tempo");
    DawSession session = musical_session();
    session.tempo = *TempoMap::make({{0, 2}}, {});
    session.markers.clear();
    EXPECT_EQ(names_of(midi().losses(session)), "tempo");
    session = musical_session();
    session.name = "two\nlines";
    EXPECT_EQ(names_of(midi().losses(session)), "names");
}

TEST(MidiProject, HoldsASessionOfDays) {
    DawSession session = musical_session();
    session.tracks = {{.name = "rain", .file = "rain.wav", .format = "wav", .frames = 44'100LL * 86'400 * 7}};

    const auto back = read_back(midi(), session);

    ASSERT_TRUE(back) << back.error().to_string();
    EXPECT_EQ(back->markers, session.markers);
}

TEST(MidiProject, MovesMarkersByHalfATickAtMost) {
    DawSession session = small_session();
    session.markers.clear();
    for (std::int64_t i = 0; i < 500; ++i) session.markers.push_back({i * 997, 0, "m"});

    const auto back = read_back(midi(), session);

    ASSERT_TRUE(back);
    const double most = 60 / 60.25 / 960 / 2 * 48'000 + 2;  // rounded to a tick, to the file's and to a frame
    for (std::size_t i = 0; i < session.markers.size(); ++i)
        EXPECT_NEAR(static_cast<double>(back->markers[i].frame),
                    static_cast<double>(session.markers[i].frame), most);
}

TEST(MidiProject, RefusesWhatIsNoMidiFileWithItsName) {
    const auto session =
        midi().read(*make_memory_source(std::make_shared<const Bytes>(to_bytes("RIFF")), "x.mid"));

    ASSERT_FALSE(session);
    EXPECT_THAT(session.error().to_string(), testing::StartsWith("x.mid: not a Standard MIDI file"));
}

}  // namespace

}  // namespace dubplate::test
