#include "unit/analysis/rhythms.h"

#include <gtest/gtest.h>

namespace dubplate::test {

TEST(Tempo, FindsTheTempoOfClicks) {
    for (const double bpm : {60.0, 90.0, 120.0, 128.5}) {
        const Music music = music_of(click_track(bpm, 31));

        ASSERT_TRUE(music.tempo.bpm) << bpm << ": " << music.tempo.reason;
        EXPECT_NEAR(*music.tempo.bpm, bpm, 0.002 * bpm);
        EXPECT_TRUE(music.tempo.steady);
    }
}

}  // namespace dubplate::test
