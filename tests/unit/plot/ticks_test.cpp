#include "plot/ticks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace dubplate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> labels(const std::vector<Tick>& ticks) {
    std::vector<std::string> texts;
    for (const Tick& tick : ticks)
        if (!tick.label.empty()) texts.push_back(tick.label);
    return texts;
}

TEST(Ticks, StepByOneTwoAndFive) {
    EXPECT_THAT(labels(linear_ticks(0, 10, 5)), ElementsAre("0", "2", "4", "6", "8", "10"));
    EXPECT_THAT(labels(linear_ticks(-1, 1, 4)), ElementsAre("−1.0", "−0.5", "0.0", "0.5", "1.0"));
    EXPECT_THAT(labels(linear_ticks(-40, -10, 6)),
                ElementsAre("−40", "−35", "−30", "−25", "−20", "−15", "−10"));
}

TEST(Ticks, AreTheSameOnAnAxisThatHangs) {
    EXPECT_EQ(labels(linear_ticks(3, 0, 3)), labels(linear_ticks(0, 3, 3)));
}

TEST(Ticks, StepAsClocksDo) {
    EXPECT_THAT(labels(time_ticks(0, 252, 8)), ElementsAre("0:00", "1:00", "2:00", "3:00", "4:00"));
    EXPECT_THAT(labels(time_ticks(0, 61, 5)), ElementsAre("0:00", "0:15", "0:30", "0:45", "1:00"));
    EXPECT_THAT(labels(time_ticks(0, 1, 2)), ElementsAre("0:00.0", "0:00.5", "0:01.0"));
    EXPECT_THAT(labels(time_ticks(0, 7300, 3)), ElementsAre("0:00", "1:00:00", "2:00:00"));
}

TEST(Ticks, MarkDecadesOfFrequency) {
    EXPECT_THAT(labels(frequency_ticks(20, 22050)),
                ElementsAre("20", "50", "100", "200", "500", "1k", "2k", "5k", "10k", "20k"));
    EXPECT_EQ(frequency_ticks(100, 1000).size(), 10U);
}

TEST(Ticks, AreNoneWhereThereIsNoSpan) {
    const double infinity = std::numeric_limits<double>::infinity();
    EXPECT_THAT(linear_ticks(1, 1, 5), IsEmpty());
    EXPECT_THAT(linear_ticks(0, infinity, 5), IsEmpty());
    EXPECT_THAT(time_ticks(0, 0, 5), IsEmpty());
    EXPECT_THAT(frequency_ticks(0, 100), IsEmpty());
    EXPECT_THAT(frequency_ticks(10, infinity), IsEmpty());
}

TEST(Ticks, StayFewForEverySpan) {
    for (double span = 1e-6; span < 1e9; span *= 1.7) {
        EXPECT_LE(linear_ticks(0, span, 6).size(), 8U) << span;
        EXPECT_GE(linear_ticks(0, span, 6).size(), 3U) << span;
        const bool is_time = span > 0.01 && span < 1e6;
        EXPECT_LE(time_ticks(0, is_time ? span : 1, 6).size(), 8U) << span;
    }
}

}  // namespace
}  // namespace dubplate
