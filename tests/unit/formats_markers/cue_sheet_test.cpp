#include "formats/markers/cue_sheet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace dubplate {
namespace {

using testing::HasSubstr;

constexpr std::string_view album = R"(REM GENRE "Drum & Bass"
REM DATE 2019
REM DISCNUMBER 1
REM TOTALDISCS 2
PERFORMER "The Lamps"
TITLE "Streets"
FILE "/etc/passwd" WAVE
  TRACK 01 AUDIO
    TITLE "Dawn"
    PERFORMER "The Lamps feat. Ida"
    ISRC DEABC1900001
    FLAGS DCP
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    TITLE "Noon"
    INDEX 00 03:25:70
    INDEX 01 03:26:01
  TRACK 03 AUDIO
    PREGAP 00:02:00
    ISRC 000000000000
    INDEX 01 07:00:74
)";

Result<MarkedRegions> parse(std::string_view text, int rate = 44100) {
    return parse_cue_sheet(std::as_bytes(std::span(text)), rate);
}

std::string message_of(std::string_view text) {
    const auto parsed = parse(text);
    return parsed ? "no error" : parsed.error().to_string();
}

TEST(CueSheet, CutsAtIndexOneToTheFrame) {
    const auto sheet = parse(album);

    ASSERT_TRUE(sheet) << sheet.error().to_string();
    ASSERT_EQ(sheet->regions.size(), 3U);
    EXPECT_EQ(sheet->regions[0].begin_frame, 0);
    EXPECT_EQ(sheet->regions[0].end_frame, (206 * 75 + 1) * 588);
    EXPECT_EQ(sheet->regions[1].begin_frame, sheet->regions[0].end_frame);
    EXPECT_EQ(sheet->regions[2].begin_frame, (420 * 75 + 74) * 588);
    EXPECT_EQ(sheet->regions[2].end_frame, open_end);
}

TEST(CueSheet, BringsTheTagsOfDiscAndTrack) {
    const auto sheet = parse(album);

    ASSERT_TRUE(sheet);
    EXPECT_TRUE(sheet->losses.empty());
    const Metadata& first = sheet->regions[0].tags;
    EXPECT_EQ(first.title, "Dawn");
    EXPECT_EQ(first.artist, "The Lamps feat. Ida");
    EXPECT_EQ(first.album, "Streets");
    EXPECT_EQ(first.album_artist, "The Lamps");
    EXPECT_EQ(first.isrc, "DEABC1900001");
    EXPECT_EQ(first.genre, "Drum & Bass");
    EXPECT_EQ(first.date, "2019");
    EXPECT_EQ(first.track, (NumberOf{1, 3}));
    EXPECT_EQ(first.disc, (NumberOf{1, 2}));
    EXPECT_EQ(sheet->regions[1].tags.artist, "The Lamps");
    EXPECT_EQ(sheet->regions[2].tags.isrc, "");
    EXPECT_EQ(sheet->regions[2].label, "Track 03");
}

TEST(CueSheet, TakesLowerCaseAndUnquotedValues) {
    const auto sheet =
        parse("title Some Album  \r\ntrack 1 audio\r\n title One more time\r\n index 01 0:00:00\r\n");

    ASSERT_TRUE(sheet);
    EXPECT_EQ(sheet->regions[0].label, "One more time");
    EXPECT_EQ(sheet->regions[0].tags.album, "Some Album");
}

TEST(CueSheet, RoundsSectorsAtEveryRate) {
    const auto begin_of = [](int rate) {
        return parse("TRACK 01 AUDIO\nINDEX 01 00:00:01", rate)->regions[0].begin_frame;
    };
    EXPECT_EQ(begin_of(44100), 588);
    EXPECT_EQ(begin_of(48000), 640);
    EXPECT_EQ(begin_of(8000), 107);  // 106.67
    EXPECT_EQ(parse("TRACK 01 AUDIO\nINDEX 01 99999:59:74", 384000)->regions[0].begin_frame, 2303999994880);
}

TEST(CueSheet, TellsWhatItDidNotUnderstandOfTheTags) {
    const auto sheet = parse("REM DATE unknown\nTRACK 01 AUDIO\nISRC nonsense\nINDEX 01 00:00:00");

    ASSERT_TRUE(sheet);
    ASSERT_EQ(sheet->losses.size(), 2U);
    EXPECT_THAT(sheet->losses[0].what, HasSubstr("line 1"));
    EXPECT_THAT(sheet->losses[1].what, HasSubstr("isrc"));
}

TEST(CueSheet, NamesTheLineOfEachFault) {
    EXPECT_THAT(message_of("TRACK 01 AUDIO\nINDEX 01 00:60:00"), HasSubstr("line 2: '00:60:00' is no time"));
    EXPECT_THAT(message_of("TRACK 01 AUDIO\nINDEX 01 00:00:75"), HasSubstr("'00:00:75' is no time"));
    EXPECT_THAT(message_of("TRACK 01 AUDIO\nINDEX 01 00:00"), HasSubstr("'00:00' is no time"));
    EXPECT_THAT(message_of("TRACK 01 AUDIO\nINDEX 01 -1:00:00"), HasSubstr("is no time"));
    EXPECT_THAT(message_of("TRACK x AUDIO"), HasSubstr("line 1: 'x' is no track number"));
    EXPECT_THAT(message_of("INDEX 01 00:00:00"), HasSubstr("before any TRACK"));
    EXPECT_THAT(message_of("TRACK 01 AUDIO\nTITLE x"), HasSubstr("line 1: track 1 has no INDEX 01"));
    EXPECT_THAT(message_of("TRACK 01 AUDIO\nINDEX 01 00:01:00\nTRACK 02 AUDIO\nINDEX 01 00:00:00"),
                HasSubstr("line 4: index 00:00:00 lies before"));
    EXPECT_THAT(message_of("TRACK 01 AUDIO\nINDEX 01 00:00:00\nINDEX 01 00:00:01"),
                HasSubstr("two INDEX 01"));
    EXPECT_THAT(message_of("TITLE x"), HasSubstr("holds no track"));
}

TEST(CueSheet, RefusesDataTracksAndSeveralFiles) {
    EXPECT_THAT(message_of("TRACK 01 MODE1/2352"), HasSubstr("type 'MODE1/2352'"));
    EXPECT_THAT(message_of("FILE a WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nFILE b WAVE"),
                HasSubstr("line 4: the CUE sheet describes more than one file"));
}

}  // namespace
}  // namespace dubplate
