#include "audio/nodes/gain.h"
#include "support/signals.h"

#include <gtest/gtest.h>

#include <limits>

namespace dubplate {
namespace {

using namespace test;

TEST(Gain, HalvesAtMinusSixDecibels) {
    const Audio audio = noise(48'000, 2, 0.2, 0.8);
    Gain gain(20 * std::log10(0.5));

    const Audio result = run(gain, audio);

    for (int c = 0; c < 2; ++c)
        for (std::int64_t i = 0; i < audio.frames(); ++i)
            ASSERT_FLOAT_EQ(result.at(c, i), audio.at(c, i) / 2);
}

TEST(Gain, OfZeroDecibelsChangesNoBit) {
    const Audio audio = noise(44'100, 3, 0.3, 1.7);
    Gain gain(0);

    EXPECT_TRUE(run(gain, audio) == audio);
}

TEST(Gain, KeepsWhatIsPastFullScale) {
    Gain gain(20);

    EXPECT_NEAR(run(gain, impulse(48'000, 1, 1, 0, 0.5f)).at(0, 0), 5.0, 1e-6);
}

TEST(Gain, MakesNonFiniteSamplesHarmless) {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    Audio audio(48'000, 1, 4);
    audio.channels[0] = {std::numeric_limits<float>::quiet_NaN(), infinity, -infinity, 0.25f};
    Gain gain(20 * std::log10(2.0));

    const Audio result = run(gain, audio);

    EXPECT_EQ(result.at(0, 0), 0.0f);
    EXPECT_FLOAT_EQ(result.at(0, 1), 2.0f);
    EXPECT_FLOAT_EQ(result.at(0, 2), -2.0f);
    EXPECT_FLOAT_EQ(result.at(0, 3), 0.5f);
}

TEST(Gain, IsTheSameForEveryBlockSize) {
    expect_block_size_invariant([] { return std::make_unique<Gain>(-3.3); }, noise(44'100, 2, 0.5, 0.9));
}

TEST(Gain, PassesAStreamOfNoFrames) {
    Gain gain(-3);

    EXPECT_EQ(run(gain, silence(48'000, 2, 0)).frames(), 0);
}

}  // namespace
}  // namespace dubplate
