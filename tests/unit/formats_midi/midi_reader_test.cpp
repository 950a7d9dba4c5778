#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/formats_midi/midi_bytes.h"

namespace dubplate::test {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Format 1, 96 to the quarter note: 120 bpm, 90 bpm from bar 2 on, 3/4 from bar 3 on, a bass of two notes.
std::string song() {
    const std::string piece = raw("\x00\xFF\x03\x05Night") + raw("\x00\xFF\x58\x04\x04\x02\x18\x08") +
                              raw("\x00\xFF\x51\x03\x07\xA1\x20") + raw("\x00\xFF\x59\x02\xFD\x01") +
                              raw("\x00\xFF\x06\x05Intro") + raw("\x83\x00\xFF\x51\x03\x0A\x2C\x2B") +
                              raw("\x00\xFF\x07\x05Verse") + raw("\x83\x00\xFF\x58\x04\x03\x02\x18\x08") +
                              end_of_track();
    const std::string bass = raw("\x00\xFF\x03\x04"
                                 "Bass") +
                             raw("\x00\xFF\x04\x06"
                                 "Finger") +
                             raw("\x00\xC2\x21") + raw("\x60\x92\x28\x50") + raw("\x30\x28\x00") +
                             raw("\x00\x92\x2B\x40") + raw("\x60\x82\x2B\x40") + end_of_track();
    return midi_header(1, 2, 96) + midi_chunk("MTrk", piece) + midi_chunk("MTrk", bass);
}

TEST(MidiReader, ReadsTheTempoMapOfAPiece) {
    const auto file = parsed(song());

    ASSERT_TRUE(file) << file.error().to_string();
    EXPECT_THAT(file->warnings, IsEmpty());
    const TempoMap map = tempo_map_of(*file);
    EXPECT_THAT(map.tempos(), ElementsAre(TempoChange{0, 120}, TempoChange{4 * ticks_per_quarter, 90}));
    EXPECT_THAT(map.signatures(), ElementsAre(TimeSignatureChange{0, {4, 4}},
                                              TimeSignatureChange{8 * ticks_per_quarter, {3, 4}}));
    EXPECT_THAT(file->keys, ElementsAre(MidiKeySignature{0, -3, true}));
}

TEST(MidiReader, PutsMarkersAndCuesAtTheirFrames) {
    const auto file = parsed(song());

    ASSERT_TRUE(file);
    // A bar of 4/4 at 120 bpm lasts two seconds.
    EXPECT_THAT(markers_of(*file, tempo_map_of(*file), 44'100),
                ElementsAre(Marker{0, 0, "Intro"}, Marker{88'200, 0, "Verse"}));
}

TEST(MidiReader, ReadsNotesWithRunningStatusAndBothKindsOfEnd) {
    const auto file = parsed(song());

    ASSERT_TRUE(file);
    ASSERT_EQ(file->tracks.size(), 2U);
    EXPECT_EQ(file->tracks[0].name, "Night");
    const MidiTrack& bass = file->tracks[1];
    EXPECT_EQ(bass.name, "Bass");
    EXPECT_EQ(bass.instrument, "Finger");
    EXPECT_THAT(bass.programs, ElementsAre(MidiProgram{0, 2, 33}));
    EXPECT_THAT(bass.notes, ElementsAre(MidiNote{ticks_per_quarter, ticks_per_quarter / 2, 2, 40, 80},
                                        MidiNote{ticks_per_quarter * 3 / 2, ticks_per_quarter, 2, 43, 64}));
    EXPECT_EQ(bass.end_tick, ticks_per_quarter * 5 / 2);
}

TEST(MidiReader, EndsTheFirstOfTwoNotesOnOneKeyFirst) {
    const auto file =
        parsed(midi_of(raw("\x00\x90\x3C\x40\x60\x90\x3C\x41\x60\x80\x3C\x00\x60\x80\x3C\x00")));

    ASSERT_TRUE(file);
    EXPECT_THAT(file->tracks[0].notes,
                ElementsAre(MidiNote{0, 2 * ticks_per_quarter, 0, 60, 64},
                            MidiNote{ticks_per_quarter, 2 * ticks_per_quarter, 0, 60, 65}));
}

TEST(MidiReader, EndsANoteThatDoesNotWithTheTrackAndSaysSo) {
    const auto file = parsed(midi_of(raw("\x00\x90\x3C\x40\x60\xFF\x01\x00")));

    ASSERT_TRUE(file);
    EXPECT_THAT(file->tracks[0].notes, ElementsAre(MidiNote{0, ticks_per_quarter, 0, 60, 64}));
    EXPECT_THAT(file->warnings, ElementsAre(HasSubstr("1 notes do not end")));
}

TEST(MidiReader, RoundsPositionsOfOddDivisionsToTheNearest) {
    const auto file = parsed(midi_of(raw("\x01\xFF\x06\x01x"), 7));

    ASSERT_TRUE(file);
    EXPECT_EQ(file->tracks[0].texts[0].tick, 2194);  // 15360 / 7 = 2194.29
}

TEST(MidiReader, CountsSmpteFramesInSeconds) {
    struct Case {
        int frames_per_second;
        double exact;
    };
    for (const Case& c : {Case{24, 24}, Case{25, 25}, Case{29, 30'000.0 / 1001}, Case{30, 30}}) {
        // 1000 ticks of a 40th of a frame.
        const auto file =
            parsed(midi_of(raw("\x87\x68\xFF\x06\x01x"), (256 - c.frames_per_second) * 256 + 40));

        ASSERT_TRUE(file) << file.error().to_string();
        EXPECT_EQ(file->division, 0);
        const auto markers = markers_of(*file, tempo_map_of(*file), 48'000);
        EXPECT_NEAR(static_cast<double>(markers[0].frame), 25 / c.exact * 48'000, 1) << c.frames_per_second;
    }
}

TEST(MidiReader, ReadsAFileInARiff) {
    const std::string inner = song();
    const auto file =
        parsed("RIFF" + raw("\x00\x00\x00\x00") + "RMIDdata" +
               raw("\xDE\x00\x00\x00").replace(0, 1, 1, static_cast<char>(inner.size())) + inner);

    ASSERT_TRUE(file) << file.error().to_string();
    EXPECT_EQ(*file, *parsed(inner));
}

TEST(MidiReader, TakesTextsThatAreNotUtf8AsLatin1WithoutControlCharacters) {
    const auto file = parsed(midi_of(raw("\x00\xFF\x06\x05"
                                         "Caf\xE9\x07") +
                                     raw("\x00\xFF\x06\x05"
                                         "a\r\nb\x1B")));

    ASSERT_TRUE(file);
    EXPECT_EQ(file->tracks[0].texts[0].text, "Caf\xC3\xA9");
    EXPECT_EQ(file->tracks[0].texts[1].text, "a b");
}

TEST(MidiReader, SkipsChunksAndEventsThatItDoesNotKnow) {
    const std::string track = raw("\x00\xF0\x03\x7E\x7F\xF7") + raw("\x00\xB0\x07\x64") +
                              raw("\x00\xE0\x00\x40") + raw("\x00\xD0\x40") +
                              raw("\x00\xFF\x7F\x02\x00\x01") + raw("\x00\xFF\x06\x01x");
    const auto file = parsed(midi_header(0, 1, 96) + midi_chunk("XFIH", "abc") +
                             midi_chunk("MTrk", track + end_of_track()) + midi_chunk("XFKM", ""));

    ASSERT_TRUE(file);
    EXPECT_THAT(file->warnings, IsEmpty());
    EXPECT_EQ(file->tracks[0].texts.size(), 1U);
}

TEST(MidiReader, TakesALongerHeader) {
    const std::string header = "MThd" + be(8, 4) + be(0, 2) + be(1, 2) + be(96, 2) + be(0, 2);
    const auto file = parsed(header + midi_chunk("MTrk", end_of_track()));

    ASSERT_TRUE(file);
    EXPECT_THAT(file->warnings, IsEmpty());
}

struct Damage {
    std::string bytes;
    std::string warning;
};

class DamagedMidi : public testing::TestWithParam<Damage> {};

TEST_P(DamagedMidi, IsReadAsFarAsItIsWholeAndToldWithItsPlace) {
    const auto file = parsed(GetParam().bytes);

    ASSERT_TRUE(file) << file.error().to_string();
    ASSERT_FALSE(file->tracks.empty());
    EXPECT_EQ(file->tracks[0].texts.size(), 1U);
    EXPECT_THAT(file->warnings, testing::Contains(HasSubstr(GetParam().warning)));
}

const std::string marker = raw("\x00\xFF\x06\x01x");

INSTANTIATE_TEST_SUITE_P(
    EachKind, DamagedMidi,
    testing::Values(
        Damage{midi_header(0, 1, 96) + "MTrk" + be(99, 4) + marker,
               "byte 14: a chunk of 99 bytes is cut off after 5"},
        Damage{midi_of(marker + raw("\x00\x40\x40")),
               "track 1, byte 27: data stand where an event must begin"},
        Damage{midi_of(marker + raw("\x00\x90\x40\x80")), "track 1, byte 27: an event lacks data"},
        Damage{midi_of(marker + raw("\x00\xF4")), "the status F4 has no place"},
        Damage{midi_of(marker + raw("\x00\xFF\x06\x7F")), "a meta event is cut off"},
        Damage{midi_of(marker + raw("\x00\xF0\x7F")), "a system message is cut off"},
        Damage{midi_of(marker + raw("\xFF\xFF\xFF\xFF\x7F")), "an event is cut off"},
        Damage{midi_of(marker + raw("\x00\xFF\x51\x03\x00\x00\x00")), "a tempo makes no sense"},
        Damage{midi_of(marker + raw("\x00\xFF\x51\x02\x07\xA1")), "a tempo makes no sense"},
        Damage{midi_of(marker + raw("\x00\xFF\x51\x03\x00\x00\x01")), "is held at 999"},
        Damage{midi_of(marker + raw("\x00\xFF\x58\x04\x00\x02\x18\x08")), "a time signature makes no sense"},
        Damage{midi_of(marker + raw("\x00\xFF\x58\x04\x04\x20\x18\x08")), "a time signature makes no sense"},
        Damage{midi_of(marker + raw("\x00\xFF\x59\x02\x08\x00")), "a key signature makes no sense"},
        Damage{midi_of(marker, 0xE728) + raw("\x01\x02"), "data that belong to no track"},
        Damage{midi_of(marker) + raw("\x01\x02\x03\x04\x05\x06\x07\x08\x09"),
               "byte 31: data that belong to no track"},
        Damage{midi_of(raw("\x00\xFF\x51\x03\x07\xA1\x20") + marker, 0xE728), "a tempo has no meaning"},
        Damage{midi_header(1, 3, 96) + midi_chunk("MTrk", marker + end_of_track()),
               "announces 3 tracks, and there are 1"}));

TEST(MidiReader, RefusesWhatIsNoMidiFileAndSaysWhy) {
    struct Case {
        std::string bytes;
        ErrorCode code;
        std::string message;
    };
    const Case cases[] = {
        {"", ErrorCode::corrupt, "not a Standard MIDI file"},
        {"MThd", ErrorCode::corrupt, "not a Standard MIDI file"},
        {"RIFF....WAVEfmt ........", ErrorCode::corrupt, "not a Standard MIDI file"},
        {"MThd" + be(4, 4) + be(0, 2) + be(1, 2) + be(96, 2), ErrorCode::corrupt,
         "the MIDI header has 4 bytes"},
        {"MThd" + be(99, 4) + be(0, 2) + be(1, 2) + be(96, 2), ErrorCode::corrupt,
         "the MIDI header has 99 bytes"},
        {midi_header(2, 1, 96), ErrorCode::unsupported, "format 2"},
        {midi_header(0, 1, 0), ErrorCode::corrupt, "0 ticks to the quarter note"},
        {midi_header(0, 1, 0xE700), ErrorCode::corrupt, "25 frames a second with 0 ticks"},
        {midi_header(0, 1, 0xFF28), ErrorCode::corrupt, "1 frames a second"},
        {midi_header(0, 1, 96), ErrorCode::corrupt, "holds no track"},
    };
    for (const Case& c : cases) {
        const auto file = parsed(c.bytes);
        ASSERT_FALSE(file) << c.message;
        EXPECT_EQ(file.error().code, c.code);
        EXPECT_THAT(file.error().to_string(), HasSubstr(c.message));
    }
}

TEST(MidiReader, LimitsTracksEventsAndBytes) {
    std::string many_tracks = midi_header(1, 0xFFFF, 96);
    for (std::size_t i = 0; i <= max_midi_tracks; ++i) many_tracks += midi_chunk("MTrk", end_of_track());
    std::string clock;
    for (std::size_t i = 0; i <= max_midi_events; ++i) clock += raw("\x00\xD0\x00");
    const std::string long_one = midi_of("") + std::string(max_midi_bytes, ' ');

    for (const std::string& bytes : {many_tracks, midi_of(clock), long_one}) {
        const auto file = parsed(bytes);
        ASSERT_FALSE(file);
        EXPECT_EQ(file.error().code, ErrorCode::limit_exceeded) << file.error().to_string();
    }
}

TEST(MidiReader, StopsATrackThatRunsOnForLongerThanAnyMusic) {
    std::string events = marker;
    for (int i = 0; i < 300; ++i) events += raw("\xFF\xFF\xFF\x7F\xD0\x00");

    const auto file = parsed(midi_of(events, 1));

    ASSERT_TRUE(file);
    EXPECT_THAT(file->warnings, testing::Contains(HasSubstr("further on than any music")));
}

TEST(MidiTempo, IsTheShortestDecimalThatIsWrittenAsTheSameMicroseconds) {
    for (const double bpm : {60.0, 93.5, 120.0, 128.0, 133.33, 174.0, 81.237, 999.0, 3.58})
        EXPECT_EQ(bpm_of_microseconds(microseconds_of_bpm(bpm)), bpm);
    EXPECT_EQ(bpm_of_microseconds(641'711), 93.5);
    EXPECT_EQ(microseconds_of_bpm(1), max_tempo_microseconds);
}

}  // namespace

}  // namespace dubplate::test
