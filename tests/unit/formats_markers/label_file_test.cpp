#include "formats/markers/label_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace dubplate {
namespace {

using testing::HasSubstr;

Result<MarkedRegions> parse(std::string_view text, int rate = 44100) {
    return parse_label_file(std::as_bytes(std::span(text)), rate);
}

std::string message_of(std::string_view text) {
    const auto parsed = parse(text);
    return parsed ? "no error" : parsed.error().to_string();
}

TEST(LabelFile, ReadsRangesWithTheirLabels) {
    const auto labels = parse("0.000000\t1.500000\tIntro\n1.500000\t62.250000\tVerse one\n");

    ASSERT_TRUE(labels);
    ASSERT_EQ(labels->regions.size(), 2U);
    EXPECT_EQ(labels->regions[0].begin_frame, 0);
    EXPECT_EQ(labels->regions[0].end_frame, 66150);
    EXPECT_EQ(labels->regions[0].label, "Intro");
    EXPECT_EQ(labels->regions[1].end_frame, 2745225);
    EXPECT_EQ(labels->regions[1].label, "Verse one");
    EXPECT_EQ(labels->regions[1].line, 2);
}

TEST(LabelFile, RoundsEveryTimeToTheNearestFrame) {
    for (const int rate : {8000, 44100, 48000, 96000, 192000}) {
        for (const std::int64_t frame : {std::int64_t{1}, std::int64_t{1000001}, std::int64_t{690000007}}) {
            char text[64];
            const double seconds = static_cast<double>(frame) / rate;
            std::snprintf(text, sizeof text, "0\t%.6f\tx", seconds);
            EXPECT_EQ(parse(text, rate)->regions[0].end_frame, frame) << rate;
        }
    }
    EXPECT_EQ(parse("0\t9999999.999999999999999\tx", 384000)->regions[0].end_frame, 3840000000000);
}

TEST(LabelFile, LetsPointsRunToTheNextLabel) {
    const auto labels = parse("10\t10\tA\n20\t20\tB\n25\t30\tC\n40\t40\tD");

    ASSERT_TRUE(labels);
    EXPECT_EQ(labels->regions[0].end_frame, 20 * 44100);
    EXPECT_EQ(labels->regions[1].end_frame, 25 * 44100);
    EXPECT_EQ(labels->regions[2].end_frame, 30 * 44100);
    EXPECT_EQ(labels->regions[3].end_frame, open_end);
}

TEST(LabelFile, SortsByBeginAndAllowsOverlaps) {
    const auto labels = parse("5\t9\tlate\n0\t6\tearly");

    EXPECT_EQ(labels->regions[0].label, "early");
    EXPECT_EQ(labels->regions[1].label, "late");
}

TEST(LabelFile, PassesOverFrequencyRanges) {
    const auto labels = parse("0\t1\ta\n\\\t100.0\t2000.0\n1\t2\tb\n");

    ASSERT_TRUE(labels);
    EXPECT_EQ(labels->regions.size(), 2U);
    EXPECT_THAT(message_of("\\\t1\t2\n"), HasSubstr("line 1: a frequency range stands before any label"));
    EXPECT_THAT(message_of("0\t1\ta\n\\nonsense"), HasSubstr("line 2: a frequency range is"));
}

TEST(LabelFile, TakesAnyLineEndsAndByteOrderMark) {
    const auto labels = parse(
        "\xEF\xBB\xBF"
        "0\t1\tone\r\n\r\n1\t2\ttwo\r2\t3\tthree");

    ASSERT_TRUE(labels);
    ASSERT_EQ(labels->regions.size(), 3U);
    EXPECT_EQ(labels->regions[1].line, 3);
    EXPECT_EQ(labels->regions[2].label, "three");
}

TEST(LabelFile, ReadsLatin1WhereItIsNoUtf8) {
    EXPECT_EQ(parse("0\t1\tGr\xF6\xDF"
                    "e")
                  ->regions[0]
                  .label,
              "Größe");
    EXPECT_EQ(parse("0\t1\tGröße")->regions[0].label, "Größe");
}

TEST(LabelFile, TakesLabelsWithoutText) {
    EXPECT_EQ(parse("0\t1\t")->regions[0].label, "");
    EXPECT_EQ(parse("0\t1")->regions[0].label, "");
    EXPECT_EQ(parse("0\t1\ta\tb")->regions[0].label, "a b");
}

TEST(LabelFile, NamesTheLineOfEachFault) {
    EXPECT_THAT(message_of("0\t1\tx\n1,5\t2,5\ty"), HasSubstr("line 2: '1,5' has a comma"));
    EXPECT_THAT(message_of("0\t1\tx\n\nhello"), HasSubstr("line 3: no tab"));
    EXPECT_THAT(message_of("0\tone\tx"), HasSubstr("line 1: 'one' is no time"));
    EXPECT_THAT(message_of("nan\t1\tx"), HasSubstr("'nan' is no time"));
    EXPECT_THAT(message_of("1e3\t1\tx"), HasSubstr("'1e3' is no time"));
    EXPECT_THAT(message_of("-1.0\t1\tx"), HasSubstr("lies before the start"));
    EXPECT_THAT(message_of("2\t1\tx"), HasSubstr("ends before it begins"));
    EXPECT_THAT(message_of("0\t123456789012345\tx"), HasSubstr("longer than any recording"));
    EXPECT_THAT(message_of(""), HasSubstr("holds no label"));
}

TEST(LabelFile, RefusesWhatIsNoText) {
    EXPECT_THAT(message_of(std::string_view("0\t1\tx\0y", 7)), HasSubstr("zero bytes"));
    EXPECT_THAT(message_of("\xFF\xFE"
                           "0"),
                HasSubstr("UTF-16"));
    EXPECT_EQ(parse(std::string(max_region_file_bytes + 1, '0')).error().code, ErrorCode::limit_exceeded);
}

TEST(LabelFile, BoundsTheNumberOfLabels) {
    std::string text;
    for (std::size_t i = 0; i <= max_regions; ++i) text += "0\t1\tx\n";
    EXPECT_EQ(parse(text).error().code, ErrorCode::limit_exceeded);
}

}  // namespace
}  // namespace dubplate
