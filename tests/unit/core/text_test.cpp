#include "core/text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace dubplate {
namespace {

TEST(FormatDuration, ShowsMinutesSecondsAndMilliseconds) {
    EXPECT_EQ(format_duration(252.345), "4:12.345");
    EXPECT_EQ(format_duration(0), "0:00.000");
    EXPECT_EQ(format_duration(59.9994), "0:59.999");
    EXPECT_EQ(format_duration(59.9996), "1:00.000");
    EXPECT_EQ(format_duration(3599.9999), "1:00:00.000");
    EXPECT_EQ(format_duration(3723.5), "1:02:03.500");
    EXPECT_EQ(format_duration(360'000), "100:00:00.000");
    EXPECT_EQ(format_duration(-1.5), "-0:01.500");
    EXPECT_EQ(format_duration(-0.0001), "0:00.000");
}

TEST(FormatDuration, NamesWhatIsNoTime) {
    EXPECT_EQ(format_duration(std::numeric_limits<double>::quiet_NaN()), "unknown");
    EXPECT_EQ(format_duration(std::numeric_limits<double>::infinity()), "unknown");
    EXPECT_EQ(format_duration(1e300), "unknown");
}

TEST(FormatBytes, UsesDecimalUnitsWithOneDigit) {
    EXPECT_EQ(format_bytes(0), "0 B");
    EXPECT_EQ(format_bytes(999), "999 B");
    EXPECT_EQ(format_bytes(1000), "1.0 kB");
    EXPECT_EQ(format_bytes(31'180'000), "31.2 MB");
    EXPECT_EQ(format_bytes(999'949), "999.9 kB");
    EXPECT_EQ(format_bytes(999'950), "1.0 MB");
    EXPECT_EQ(format_bytes(4'294'967'296), "4.3 GB");
    EXPECT_EQ(format_bytes(std::numeric_limits<std::uint64_t>::max()), "18.4 EB");
}

TEST(ParseBytes, TakesAWholeNumberAndAUnit) {
    EXPECT_EQ(parse_bytes("512MB"), 512'000'000U);
    EXPECT_EQ(parse_bytes("64 KiB"), 65'536U);
    EXPECT_EQ(parse_bytes("1b"), 1U);
    EXPECT_EQ(parse_bytes(" 2 gb "), 2'000'000'000U);
    EXPECT_EQ(parse_bytes("3KB"), 3'000U);
    EXPECT_EQ(parse_bytes("4GiB"), 4'294'967'296U);
    EXPECT_EQ(parse_bytes("1MiB"), 1'048'576U);
    EXPECT_EQ(parse_bytes("1tb"), 1'000'000'000'000U);
    EXPECT_EQ(parse_bytes("1TiB"), 1'099'511'627'776U);
}

TEST(ParseBytes, RefusesAnythingElseAndSaysHow) {
    for (const char* text : {"", "MB", "0MB", "-1MB", "1.5GB", "512", "512XB", "5 12MB", "0x10B", "1e3B",
                             "20000000000GB", "99999999999999999999B"}) {
        const auto bytes = parse_bytes(text);
        ASSERT_FALSE(bytes) << text;
        EXPECT_EQ(bytes.error().code, ErrorCode::invalid_argument) << text;
        EXPECT_NE(bytes.error().message.find(text), std::string::npos);
    }
}

TEST(ParseNumber, TakesTheWholeTextOrNothing) {
    EXPECT_EQ(parse_number("-16"), -16.0);
    EXPECT_EQ(parse_number("+0.5"), 0.5);
    EXPECT_EQ(parse_number("1e3"), 1000.0);
    for (const char* text : {"", "+", "+-1", "1,5", " 1", "1 ", "nan", "inf", "-inf", "1e999", "1x", "0x10"})
        EXPECT_EQ(parse_number(text), std::nullopt) << text;
}

TEST(ParseInteger, TakesTheWholeTextOrNothing) {
    EXPECT_EQ(parse_integer("-16"), -16);
    EXPECT_EQ(parse_integer("+7"), 7);
    EXPECT_EQ(parse_integer("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
    for (const char* text : {"", "1.0", "9223372036854775808", "1e3", "abc", "--1", "+-1"})
        EXPECT_EQ(parse_integer(text), std::nullopt) << text;
}

TEST(FormatNumber, IsTheShortestThatComesBackTheSame) {
    EXPECT_EQ(format_number(0.1), "0.1");
    EXPECT_EQ(format_number(-16.0), "-16");
    EXPECT_EQ(format_number(44100), "44100");
    for (const double value : {0.1, 1.0 / 3, 1e300, 5e-324, -2.2250738585072014e-308, 123456789.123})
        EXPECT_EQ(parse_number(format_number(value)), value);
}

TEST(Split, KeepsEmptyParts) {
    using Parts = std::vector<std::string_view>;
    EXPECT_EQ(split("a,b", ','), (Parts{"a", "b"}));
    EXPECT_EQ(split("a,,b,", ','), (Parts{"a", "", "b", ""}));
    EXPECT_EQ(split("", ','), (Parts{""}));
}

TEST(Trim, TakesWhiteSpaceOffBothEnds) {
    EXPECT_EQ(trim(" \t a b \r\n"), "a b");
    EXPECT_EQ(trim(" \n "), "");
    EXPECT_EQ(trim(""), "");
}

TEST(ToLowerAscii, LeavesOtherAlphabetsAlone) {
    EXPECT_EQ(to_lower_ascii("AZaz09É"), "azaz09É");
}

TEST(NearestName, FindsWhatWasProbablyMeant) {
    const std::vector<std::string> names{"flac", "wav", "mp3", "aiff", "sample_rate_hz"};

    EXPECT_EQ(nearest_name("falc", names), "flac");
    EXPECT_EQ(nearest_name("FLAC", names), "flac");
    EXPECT_EQ(nearest_name("wave", names), "wav");
    EXPECT_EQ(nearest_name("mp4", names), "mp3");
    EXPECT_EQ(nearest_name("aif", names), "aiff");
    EXPECT_EQ(nearest_name("samplerate_hz", names), "sample_rate_hz");
}

TEST(NearestName, GuessesNothingWhereNothingIsNear) {
    const std::vector<std::string> names{"flac", "wav", "x"};

    EXPECT_EQ(nearest_name("vorbis", names), std::nullopt);
    EXPECT_EQ(nearest_name("", names), std::nullopt);
    EXPECT_EQ(nearest_name("y", names), std::nullopt);
    EXPECT_EQ(nearest_name(std::string(100'000, 'f'), names), std::nullopt);
    EXPECT_EQ(nearest_name("flac", {}), std::nullopt);
}

TEST(NearestName, CountsSwappedLettersAsOneMistake) {
    const std::vector<std::string> names{"hat", "that"};

    EXPECT_EQ(nearest_name("taht", names), "that");
}

}  // namespace
}  // namespace dubplate
