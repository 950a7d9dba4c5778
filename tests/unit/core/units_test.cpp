#include "core/units.h"

#include <gtest/gtest.h>

namespace dubplate {
namespace {

TEST(Decibels, HalveAndDoubleAsPhysicsSays) {
    EXPECT_NEAR(db_to_gain(-6.0206), 0.5, 1e-6);
    EXPECT_DOUBLE_EQ(db_to_gain(0), 1.0);
    EXPECT_DOUBLE_EQ(gain_to_db(10.0), 20.0);
    EXPECT_EQ(gain_to_db(0), silence_db);
    EXPECT_EQ(gain_to_db(-1), silence_db);
    EXPECT_EQ(db_to_gain(silence_db), 0.0);
    for (const double db : {-90.0, -1.0, 0.3, 24.0}) EXPECT_NEAR(gain_to_db(db_to_gain(db)), db, 1e-12);
}

TEST(Frames, BecomeSecondsAndBack) {
    EXPECT_DOUBLE_EQ(frames_to_seconds(44100, 44100), 1.0);
    EXPECT_EQ(seconds_to_frames(1.5, 48000), 72000);
    EXPECT_EQ(seconds_to_frames(frames_to_seconds(123'456'789, 96000), 96000), 123'456'789);
}

TEST(ResampledFrames, RoundsToTheNearest) {
    EXPECT_EQ(resampled_frames(44100, 44100, 48000), 48000);
    EXPECT_EQ(resampled_frames(0, 44100, 48000), 0);
    EXPECT_EQ(resampled_frames(1, 44100, 48000), 1);  // 1.088
    EXPECT_EQ(resampled_frames(1, 96000, 44100), 0);  // 0.459
    EXPECT_EQ(resampled_frames(1, 96000, 48000), 1);  // 0.5: up
    EXPECT_EQ(resampled_frames(147, 44100, 48000), 160);
    EXPECT_EQ(resampled_frames(12345, 44100, 44100), 12345);
}

TEST(ResampledFrames, DoesNotOverflowForYearsOfAudio) {
    const std::int64_t year = std::int64_t{192000} * 60 * 60 * 24 * 365;

    EXPECT_EQ(resampled_frames(year, 192000, 8000), year / 24);
    EXPECT_EQ(resampled_frames(year / 24, 8000, 192000), year);
}

}  // namespace
}  // namespace dubplate
