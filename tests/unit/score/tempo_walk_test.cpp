#include "score/tempo_walk.h"

#include <gtest/gtest.h>

namespace dubplate {
namespace {

TempoMap three_tempos() {
    return *TempoMap::make({{0, 120}, {4 * ticks_per_quarter, 90}, {6 * ticks_per_quarter, 60}}, {});
}

TEST(TempoWalk, AgreesWithTheMapInAnyOrder) {
    const TempoMap map = three_tempos();
    TempoWalk walk(map);

    for (const std::int64_t quarters : {0, 1, 4, 5, 6, 9, 9, 2, 7, 0}) {
        const std::int64_t tick = quarters * ticks_per_quarter + 1;
        const double seconds = walk.seconds_at(tick);
        EXPECT_DOUBLE_EQ(seconds, map.seconds_at(tick));
        EXPECT_EQ(walk.tick_at(seconds), tick);
    }
}

TEST(TempoWalk, FindsTheTickWhereATempoChanges) {
    const TempoMap map = three_tempos();
    TempoWalk walk(map);

    EXPECT_EQ(walk.tick_at(2), 4 * ticks_per_quarter);
    EXPECT_EQ(walk.tick_at(1), 2 * ticks_per_quarter);
}

}  // namespace
}  // namespace dubplate
