#include "formats/daw/ardour.h"

#include <gtest/gtest.h>

#include <cmath>

#include "formats/daw/beats.h"
#include "support/bytes.h"
#include "support/failing_store.h"
#include "support/xml_judge.h"
#include "unit/formats_daw/whole_session.h"

namespace dubplate {

namespace {

const DawFormat& ardour() {
    return *find_daw_format("ardour");
}

// Without what an Ardour session cannot hold.
DawSession held_session() {
    DawSession session = test::whole_session();
    session.tracks[2].name = "Bässe 🎸";
    session.tracks[4].name = "Nothing";
    session.tempo =
        *TempoMap::make({{0, 93.5}, {4 * ticks_per_quarter, 120}, {10 * ticks_per_quarter + 8, 61.25}},
                        {{0, {4, 4}}, {4 * ticks_per_quarter, {7, 8}}});
    session.markers.push_back(Marker{5, 700, "Chorus"});
    session.metadata.album_artist = "C";
    session.metadata.isrc = "DEABC2600001";
    session.metadata.track = NumberOf{3, 12};
    return session;
}

Result<DawSession> read(const std::string& xml) {
    return ardour().read(*make_memory_source(std::make_shared<const Bytes>(to_bytes(xml)), "x.ardour"));
}

std::string written(const DawSession& session) {
    MemoryStore store;
    const auto file = *store.create("x");
    EXPECT_TRUE(ardour().write(session, DawMedia{&store, ""}, *file, {}));
    EXPECT_TRUE(file->publish());
    return to_text(store.take("x").value_or(Bytes{}));
}

}  // namespace

TEST(Ardour, BringsTheSessionBack) {
    const DawSession session = held_session();

    const auto back = read(written(session));

    ASSERT_TRUE(back) << back.error().to_string();
    test::expect_same(*back, session);
}

TEST(Ardour, BringsAnEmptySessionBack) {
    const auto back = read(written(DawSession{}));

    ASSERT_TRUE(back) << back.error().to_string();
    EXPECT_EQ(*back, DawSession{});
}

TEST(Ardour, TellsOfNoLossButThatOfTheMissingFile) {
    const auto losses = ardour().losses(held_session());

    ASSERT_EQ(losses.size(), 1u);
    EXPECT_EQ(losses[0].what, "track 'Nothing'");
}

TEST(Ardour, IsWellFormedAndTheSameTwice) {
    const DawSession session = test::whole_session();
    EXPECT_EQ(written(session), written(session));

    DUBPLATE_NEEDS_XMLLINT();
    EXPECT_EQ(xml_faults(written(session)), "");
}

TEST(Ardour, HoldsGainsAboveTheFaderInTheRegion) {
    DawSession session;
    session.tracks = {test::track_of("loud", "audio/a.wav", 0, 100)};
    session.tracks[0].gain_db = 13.5;

    const auto back = read(written(session));

    ASSERT_TRUE(back);
    EXPECT_NEAR(back->tracks[0].gain_db, 13.5, 1e-9);
    EXPECT_TRUE(ardour().losses(session).empty());
}

TEST(Ardour, GivesEachTrackANameThatItMayHave) {
    DawSession session;
    for (const char* name : {"a:b/c", "Master", "", "x", "x", "x (2)", "tab\tand\x01"})
        session.tracks.push_back(test::track_of(name, "", 0, 0));

    EXPECT_EQ(ardour_track_names(session), (std::vector<std::string>{"a-b-c", "Master (2)", "Track 3", "x",
                                                                     "x (2)", "x (2) (2)", "tab and\uFFFD"}));
}

TEST(Ardour, CountsInSuperclocks) {
    for (const int rate : {44'100, 48'000, 88'200, 96'000, 192'000}) {
        DawSession session;
        session.sample_rate_hz = rate;
        session.tracks = {test::track_of("a", "audio/a.wav", 345'678'901, 987'654'321)};
        const auto back = read(written(session));
        ASSERT_TRUE(back) << rate;
        EXPECT_EQ(back->tracks[0].begin_frame, 345'678'901) << rate;
        EXPECT_EQ(back->tracks[0].frames, 987'654'321) << rate;
    }
}

TEST(Ardour, LinksEachFileOnce) {
    DawSession session;
    session.name = "Song";
    session.tracks = {test::track_of("a", "audio/Drums/a.wav", 0, 1),
                      test::track_of("b", "audio/Drums/a.wav", 0, 1), test::track_of("c", "", 0, 0)};

    EXPECT_EQ(ardour().links(session),
              (std::vector<DawLink>{{"interchange/Song/audiofiles/a.wav", "../../../audio/Drums/a.wav"}}));
}

TEST(Ardour, FailsWhereTheDiskIsFull) {
    MemoryStore memory;
    FailingStore store(memory);
    const auto file = *store.create("x");
    store.fail_at(1);

    EXPECT_FALSE(ardour().write(held_session(), DawMedia{&store, ""}, *file, {}));
}

TEST(Ardour, RefusesSessionsThatAreDamagedOrLeaveTheirFolder) {
    for (const char* xml :
         {"", "<Other/>", "<Session sample-rate='0'/>",
          "<Session><TempoMap><Tempos><Tempo npm='93' quarters='x'/></Tempos></TempoMap></Session>",
          "<Session><TempoMap><Tempos><Tempo npm='0' quarters='0:0'/></Tempos></TempoMap></Session>",
          "<Session><TempoMap><Meters><Meter note-value='3' quarters='0:0'/></Meters></TempoMap></Session>",
          "<Session><Locations><Location flags='IsMark' start='a5' end='a-7'/></Locations></Session>",
          "<Session><Sources><Source id='1' name='../../../../../etc/passwd'/></Sources><Playlists><Playlist "
          "id='2'>"
          "<Region source-0='1' length='a1@a0'/></Playlist></Playlists><Routes><Route audio-playlist='2'>"
          "<PresentationInfo flags='AudioTrack'/></Route></Routes></Session>"}) {
        const auto session = read(xml);
        ASSERT_FALSE(session) << xml;
        EXPECT_EQ(session.error().code, ErrorCode::corrupt) << xml;
    }
}

}  // namespace dubplate
