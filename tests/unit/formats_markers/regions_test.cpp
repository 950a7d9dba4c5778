#include "formats/markers/regions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace dubplate {
namespace {

using testing::HasSubstr;

MarkedRegion region(std::int64_t begin, std::int64_t end, int line = 0) {
    MarkedRegion made;
    made.begin_frame = begin;
    made.end_frame = end;
    made.line = line;
    return made;
}

TEST(Regions, TellCueSheetsAndLabelFilesApart) {
    const auto parse = [](std::string_view text) {
        return parse_regions(std::as_bytes(std::span(text)), 44100);
    };

    EXPECT_EQ(parse("\n  rem x\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n")->regions[0].label, "Track 01");
    EXPECT_EQ(parse("0\t1\tTITLE\n")->regions[0].label, "TITLE");
    EXPECT_THAT(parse("\n \n").error().message, HasSubstr("empty"));
    EXPECT_THAT(parse("RIFF....").error().message, HasSubstr("line 1"));
}

TEST(Regions, RunFromEachPointToTheNext) {
    const auto regions = regions_from_markers({{300, 0, "B"}, {100, 0, "A"}}, 1000);

    ASSERT_TRUE(regions);
    ASSERT_EQ(regions->size(), 3U);
    EXPECT_EQ((*regions)[0], region(0, 100));
    EXPECT_EQ((*regions)[1].begin_frame, 100);
    EXPECT_EQ((*regions)[1].end_frame, 300);
    EXPECT_EQ((*regions)[1].label, "A");
    EXPECT_EQ((*regions)[2].end_frame, 1000);
}

TEST(Regions, BeginAtThePointThatStandsAtZero) {
    const auto regions =
        regions_from_markers({{0, 0, "A"}, {500, 0, "B"}, {500, 0, "again"}, {1000, 0, "end"}}, 1000);

    ASSERT_TRUE(regions);
    ASSERT_EQ(regions->size(), 2U);
    EXPECT_EQ((*regions)[0].label, "A");
    EXPECT_EQ((*regions)[1].label, "B");
    EXPECT_EQ((*regions)[1].end_frame, 1000);
}

TEST(Regions, TakeRangeMarkersAsTheyAre) {
    const auto regions = regions_from_markers({{100, 50, "loop"}, {120, 80, "over it"}}, 1000);

    ASSERT_TRUE(regions);
    ASSERT_EQ(regions->size(), 2U);
    EXPECT_EQ((*regions)[0].end_frame, 150);
    EXPECT_EQ((*regions)[1].end_frame, 200);
}

TEST(Regions, AreOneWhereTheOnlyMarkerIsAtTheEnd) {
    const auto regions = regions_from_markers({{1000, 0, "end"}}, 1000);

    ASSERT_TRUE(regions);
    EXPECT_EQ(*regions, std::vector{region(0, 1000)});
}

TEST(Regions, RefuseMarkersOutsideTheSource) {
    EXPECT_THAT(regions_from_markers({{1001, 0, "x"}}, 1000).error().message,
                HasSubstr("outside the source's 1000"));
    EXPECT_FALSE(regions_from_markers({{900, 101, "x"}}, 1000));
    EXPECT_FALSE(regions_from_markers({{-1, 0, "x"}}, 1000));
    EXPECT_FALSE(regions_from_markers({{5, INT64_MAX, "x"}}, 1000));
    EXPECT_EQ(regions_from_markers({}, 1000).error().code, ErrorCode::not_found);
}

TEST(Regions, FitToTheSource) {
    const auto fitted = fit_regions({region(0, 500), region(400, open_end)}, 1000);

    ASSERT_TRUE(fitted);
    EXPECT_EQ((*fitted)[0].end_frame, 500);
    EXPECT_EQ((*fitted)[1].end_frame, 1000);
}

TEST(Regions, NameTheLineThatDoesNotFit) {
    EXPECT_THAT(fit_regions({region(0, 1001, 4)}, 1000).error().message, HasSubstr("line 4: region 1"));
    EXPECT_THAT(fit_regions({region(7, 7, 2)}, 1000).error().message,
                HasSubstr("line 2: region 1 has no length"));
    EXPECT_THAT(fit_regions({region(1000, open_end, 9)}, 1000).error().message, HasSubstr("has no length"));
    EXPECT_FALSE(fit_regions({region(2000, open_end)}, 1000));
}

TEST(Regions, ForgiveWhatRoundingTheWrittenTimeMoved) {
    // 1000001 frames at 44.1 kHz are 22.67576 s; a file with three decimals says 22.676, 11 frames later.
    const std::string_view text = "0\t22.676\tall\n";
    const auto labels = parse_regions(std::as_bytes(std::span(text)), 44100);

    const auto fitted = fit_regions(labels->regions, 1000001);

    ASSERT_TRUE(fitted);
    EXPECT_EQ((*fitted)[0].end_frame, 1000001);
    EXPECT_FALSE(fit_regions(labels->regions, 999900));
}

}  // namespace
}  // namespace dubplate
