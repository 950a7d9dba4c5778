#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/formats_midi/midi_bytes.h"

namespace dubplate::test {

namespace {

using testing::HasSubstr;

constexpr std::int64_t quarter = ticks_per_quarter;

MidiFile song() {
    MidiFile file;
    file.tempos = {{0, 500'000}, {4 * quarter, 641'711}};
    file.signatures = {{0, {4, 4}}, {4 * quarter, {7, 8}}};
    file.keys = {{0, -3, true}};
    file.tracks.resize(2);
    file.tracks[0].name = "Night Drive";
    file.tracks[0].texts = {{0, MidiTextKind::copyright, "me"}, {4 * quarter, MidiTextKind::marker, "Verse"}};
    file.tracks[0].end_tick = 8 * quarter;
    file.tracks[1].name = "Bass";
    file.tracks[1].programs = {{0, 2, 33}};
    file.tracks[1].notes = {
        {quarter, quarter / 2, 2, 40, 80}, {2 * quarter, 0, 2, 40, 81}, {2 * quarter, quarter, 2, 43, 64}};
    file.tracks[1].end_tick = 8 * quarter;
    return file;
}

TEST(MidiWriter, WritesTheBytesOfTheSpecification) {
    const auto bytes = render_midi(song());

    ASSERT_TRUE(bytes) << bytes.error().to_string();
    const std::string piece =
        raw("\x00\xFF\x03\x0BNight Drive") + raw("\x00\xFF\x02\x02me") +
        raw("\x00\xFF\x58\x04\x04\x02\x18\x08") + raw("\x00\xFF\x59\x02\xFD\x01") +
        raw("\x00\xFF\x51\x03\x07\xA1\x20") + raw("\x9E\x00\xFF\x58\x04\x07\x03\x0C\x08") +
        raw("\x00\xFF\x51\x03\x09\xCA\xAF") + raw("\x00\xFF\x06\x05Verse") + raw("\x9E\x00\xFF\x2F\x00");
    const std::string bass = raw("\x00\xFF\x03\x04"
                                 "Bass") +
                             raw("\x00\xC2\x21") + raw("\x87\x40\x92\x28\x50") + raw("\x83\x60\x82\x28\x40") +
                             raw("\x83\x60\x92\x28\x51") + raw("\x00\x92\x2B\x40") + raw("\x00\x82\x28\x40") +
                             raw("\x87\x40\x82\x2B\x40") + raw("\xA5\x40\xFF\x2F\x00");
    EXPECT_EQ(to_text(*bytes), midi_header(1, 2, 960) + midi_chunk("MTrk", piece) + midi_chunk("MTrk", bass));
}

TEST(MidiWriter, WritesWhatTheReaderReads) {
    const auto bytes = render_midi(song());
    ASSERT_TRUE(bytes);

    const auto file = parse_midi(*bytes);

    ASSERT_TRUE(file) << file.error().to_string();
    EXPECT_EQ(*file, song());
}

TEST(MidiWriter, RoundsPositionsToItsOwnTicks) {
    MidiFile file;
    file.tracks.resize(1);
    for (const std::int64_t tick : {7, 8, 23, 24})
        file.tracks[0].texts.push_back({tick, MidiTextKind::marker, std::to_string(tick)});

    const auto back = parse_midi(*render_midi(file));

    ASSERT_TRUE(back);
    std::vector<std::int64_t> ticks;
    for (const MidiText& text : back->tracks[0].texts) ticks.push_back(text.tick);
    EXPECT_EQ(ticks, (std::vector<std::int64_t>{0, 16, 16, 32}));
}

TEST(MidiWriter, RefusesWhatAMidiFileDoesNotHold) {
    const auto refused = [](auto change) {
        MidiFile file = song();
        change(file);
        const auto bytes = render_midi(file);
        return bytes ? "written" : bytes.error().to_string();
    };
    EXPECT_THAT(refused([](MidiFile& f) { f.tempos[0].microseconds = 1 << 24; }),
                HasSubstr("a tempo of 16777216 us"));
    EXPECT_THAT(refused([](MidiFile& f) { f.keys[0].sharps = 8; }), HasSubstr("a key of 8 sharps"));
    EXPECT_THAT(refused([](MidiFile& f) { f.tracks[1].notes[0].channel = 16; }),
                HasSubstr("a note on channel 16"));
    EXPECT_THAT(refused([](MidiFile& f) { f.tracks[1].notes[0].velocity = 0; }), HasSubstr("velocity 0"));
    EXPECT_THAT(refused([](MidiFile& f) { f.tracks[1].programs[0].program = 128; }),
                HasSubstr("the program 128"));
    EXPECT_THAT(refused([](MidiFile& f) { f.tracks[0].texts[0].tick = -16; }),
                HasSubstr("no place for tick -1"));
    EXPECT_THAT(refused([](MidiFile& f) { f.tracks[0].end_tick = quarter * 300'000; }),
                HasSubstr("no place for tick"));
    EXPECT_THAT(refused([](MidiFile& f) { f.tracks.resize(65'536); }), HasSubstr("65536 tracks"));
}

}  // namespace

}  // namespace dubplate::test
