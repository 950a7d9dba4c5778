#include "score/tempo_map.h"

#include <gtest/gtest.h>

namespace dubplate {
namespace {

constexpr std::int64_t quarter = ticks_per_quarter;

TEST(TempoMap, IsAt120In44WhereNothingIsSaid) {
    const TempoMap map;

    EXPECT_DOUBLE_EQ(map.seconds_at(4 * quarter), 2.0);
    EXPECT_EQ(map.tick_at(2.0), 4 * quarter);
    EXPECT_EQ(map.bar_at(5 * quarter), (BarPosition{2, 2, 0}));
}

TEST(TempoMap, CountsSecondsAcrossChanges) {
    const TempoMap map = *TempoMap::make({{0, 60}, {4 * quarter, 120}, {8 * quarter, 30}}, {});

    EXPECT_DOUBLE_EQ(map.seconds_at(2 * quarter), 2.0);
    EXPECT_DOUBLE_EQ(map.seconds_at(6 * quarter), 5.0);
    EXPECT_DOUBLE_EQ(map.seconds_at(9 * quarter), 8.0);
    for (const std::int64_t tick : {std::int64_t{0}, quarter, 4 * quarter, 7 * quarter + 17, 100 * quarter})
        EXPECT_EQ(map.tick_at(map.seconds_at(tick)), tick);
}

TEST(TempoMap, TakesChangesInAnyOrderAndTheLastAtOneTick) {
    const TempoMap map = *TempoMap::make({{quarter, 90}, {0, 100}, {quarter, 95}, {2 * quarter, 95}}, {});

    ASSERT_EQ(map.tempos().size(), 2U);
    EXPECT_EQ(map.tempos()[0], (TempoChange{0, 100}));
    EXPECT_EQ(map.tempos()[1], (TempoChange{quarter, 95}));
    EXPECT_EQ(map.bpm_at(quarter - 1), 100);
    EXPECT_EQ(map.bpm_at(quarter), 95);
}

TEST(TempoMap, CountsBarsAcrossTimeSignatures) {
    const TempoMap map = *TempoMap::make({}, {{0, {3, 4}}, {6 * quarter, {7, 8}}});

    EXPECT_EQ(map.bar_at(5 * quarter + 1), (BarPosition{2, 3, 1}));
    EXPECT_EQ(map.bar_at(6 * quarter), (BarPosition{3, 1, 0}));
    EXPECT_EQ(map.bar_at(6 * quarter + 7 * quarter / 2), (BarPosition{4, 1, 0}));
}

TEST(TempoMap, BeginsABarWithEachTimeSignature) {
    const TempoMap map = *TempoMap::make({}, {{0, {4, 4}}, {5 * quarter, {3, 4}}});

    EXPECT_EQ(map.bar_at(5 * quarter), (BarPosition{3, 1, 0}));
}

TEST(TempoMap, RefusesWhatNoPieceHas) {
    EXPECT_FALSE(TempoMap::make({{0, 0}}, {}));
    EXPECT_FALSE(TempoMap::make({{0, 1000}}, {}));
    EXPECT_FALSE(TempoMap::make({{-1, 120}}, {}));
    EXPECT_FALSE(TempoMap::make({}, {{0, {4, 3}}}));
    EXPECT_FALSE(TempoMap::make({}, {{0, {0, 4}}}));
    EXPECT_FALSE(TempoMap::make({}, {{0, {4, 128}}}));
}

}  // namespace
}  // namespace dubplate
