#include "audio/nodes/shape.h"
#include "audio/nodes/loudness_meter.h"
#include "support/signals.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dubplate {
namespace {

using namespace test;

Audio ones(int channels, std::int64_t frames) {
    Audio audio(48'000, channels, frames);
    for (auto& channel : audio.channels) std::fill(channel.begin(), channel.end(), 1.0f);
    return audio;
}

Audio folded(const Audio& audio, int channels) {
    ChannelFold fold(channels);
    return run(fold, audio);
}

TEST(Region, PassesTheFramesAskedFor) {
    const Audio audio = noise(48'000, 2, 0.5, 0.9);
    Region region(100, 12'345);

    const Audio result = run(region, audio);

    ASSERT_EQ(result.frames(), 12'245);
    EXPECT_EQ(result.at(0, 0), audio.at(0, 100));
    EXPECT_EQ(result.at(1, 12'244), audio.at(1, 12'344));
    EXPECT_TRUE(region.done());
}

TEST(Region, EndsWhereTheStreamEnds) {
    Region region(20'000, 1'000'000);

    EXPECT_EQ(run(region, noise(48'000, 1, 0.5, 0.9)).frames(), 4'000);
    EXPECT_FALSE(region.done());
}

TEST(Region, PassesNothingPastTheEnd) {
    Region region(50'000, 60'000);

    EXPECT_EQ(run(region, noise(48'000, 1, 0.5, 0.9)).frames(), 0);
}

TEST(Region, IsTheSameForEveryBlockSize) {
    expect_block_size_invariant([] { return std::make_unique<Region>(4'001, 9'999); },
                                noise(48'000, 2, 0.4, 0.9));
}

TEST(Fades, RiseFromSilenceAndFallToSilence) {
    Fades fades(1'000, 2'000, 10'000);

    const Audio result = run(fades, ones(2, 10'000));

    EXPECT_EQ(result.at(0, 0), 0.0f);
    EXPECT_NEAR(result.at(0, 500), 0.5, 1e-6) << "half way";
    for (std::int64_t i = 1; i <= 1'000; ++i) ASSERT_GT(result.at(1, i), result.at(1, i - 1));
    for (std::int64_t i = 1'000; i < 8'000; ++i) ASSERT_EQ(result.at(0, i), 1.0f);
    for (std::int64_t i = 8'001; i < 10'000; ++i) ASSERT_LT(result.at(0, i), result.at(0, i - 1));
    EXPECT_NEAR(result.at(0, 8'999), 0.5, 1e-6);
    EXPECT_EQ(result.at(0, 9'999), 0.0f);
}

TEST(Fades, OfNoLengthChangeNothing) {
    const Audio audio = noise(48'000, 2, 0.3, 0.9);
    Fades fades(0, 0, audio.frames());

    EXPECT_TRUE(run(fades, audio) == audio);
}

TEST(Fades, MayOverlap) {
    Fades fades(1'000, 1'000, 1'000);

    const Audio result = run(fades, ones(1, 1'000));

    EXPECT_NEAR(result.at(0, 500), 0.25, 0.01);
    EXPECT_EQ(result.at(0, 0), 0.0f);
    EXPECT_EQ(result.at(0, 999), 0.0f);
}

TEST(Fades, StaySilentPastTheStatedEnd) {
    Fades fades(0, 10, 100);

    const Audio result = run(fades, ones(1, 150));

    for (std::int64_t i = 99; i < 150; ++i) EXPECT_EQ(result.at(0, i), 0.0f);
}

TEST(Fades, AreTheSameForEveryBlockSize) {
    expect_block_size_invariant([] { return std::make_unique<Fades>(5'000, 9'000, 20'000); },
                                noise(40'000, 2, 0.5, 0.9));
}

TEST(ChannelFold, PassesWhatHasTheAskedForChannels) {
    const Audio mono = noise(48'000, 1, 0.2, 0.9);
    const Audio stereo = noise(48'000, 2, 0.2, 0.9);

    EXPECT_TRUE(folded(mono, 1) == mono);
    EXPECT_TRUE(folded(stereo, 2) == stereo);
}

TEST(ChannelFold, CopiesMonoToBothSides) {
    const Audio mono = noise(48'000, 1, 0.2, 0.9);

    const Audio result = folded(mono, 2);

    EXPECT_EQ(result.channels[0], mono.channels[0]);
    EXPECT_EQ(result.channels[1], mono.channels[0]);
}

TEST(ChannelFold, TakesTheMeanOfStereo) {
    Audio stereo(48'000, 2, 1);
    stereo.at(0, 0) = 0.5f;
    stereo.at(1, 0) = -0.25f;

    EXPECT_EQ(folded(stereo, 1).at(0, 0), 0.125f);
}

TEST(ChannelFold, KeepsTheBalanceOfSurroundAsBs775Says) {
    const double share = 1 / (1 + std::sqrt(2.0));  // 1 / (1 + 0.707 + 0.707)
    Audio audio(48'000, 6, 6);
    for (int c = 0; c < 6; ++c) audio.at(c, c) = 1.0f;  // each channel sounds in its own frame

    const Audio result = folded(audio, 2);

    const double left[] = {share, 0, share * std::sqrt(0.5), 0, share * std::sqrt(0.5), 0};
    const double right[] = {0, share, share * std::sqrt(0.5), 0, 0, share * std::sqrt(0.5)};
    for (int i = 0; i < 6; ++i) {
        EXPECT_NEAR(result.at(0, i), left[i], 1e-7) << i;
        EXPECT_NEAR(result.at(1, i), right[i], 1e-7) << i;
    }
}

TEST(ChannelFold, NeverClipsHoweverHotTheSurroundIs) {
    for (int channels = 1; channels <= max_channels; ++channels)
        for (const int target : {1, 2}) {
            const Audio result = folded(ones(channels, 10), target);
            for (int c = 0; c < target; ++c) {
                EXPECT_LE(result.at(c, 0), 1.0f) << channels << " to " << target;
                EXPECT_GT(result.at(c, 0), 0.99f) << channels << " to " << target;
            }
        }
}

TEST(ChannelFold, FoldsMoreToOneByWayOfTwo) {
    const Audio audio = noise(48'000, 5, 0.1, 0.9);

    const Audio direct = folded(audio, 1);
    const Audio by_two = folded(folded(audio, 2), 1);

    for (std::int64_t i = 0; i < audio.frames(); ++i) ASSERT_NEAR(direct.at(0, i), by_two.at(0, i), 1e-7);
}

TEST(ChannelFold, IsTheSameForEveryBlockSize) {
    expect_block_size_invariant([] { return std::make_unique<ChannelFold>(2); }, noise(48'000, 7, 0.2, 0.9));
}

TEST(ChannelFold, RefusesOtherTargets) {
    ChannelFold three(3);
    EXPECT_EQ(three.start({48'000, 6}).error().code, ErrorCode::invalid_argument);
    ChannelFold two(2);
    EXPECT_EQ(two.start({48'000, 9}).error().code, ErrorCode::unsupported);
}

TEST(SilenceFinder, FindsTheAudiblePart) {
    for (const std::int64_t block : block_sizes) {
        Audio audio = silence(48'000, 2, 1);
        audio.at(1, 1'234) = -0.01f;
        audio.at(0, 40'000) = 0.01f;
        audio.at(0, 45'000) = 0.0005f;  // below the threshold
        SilenceFinder finder(-60);

        drive<float>(finder, audio, block);

        EXPECT_EQ(finder.begin_frame(), 1'234);
        EXPECT_EQ(finder.end_frame(), 40'001);
    }
}

TEST(SilenceFinder, FindsNothingWhereAllIsSilent) {
    SilenceFinder finder(-60);

    drive<float>(finder, silence(48'000, 2, 1));

    EXPECT_EQ(finder.begin_frame(), 0);
    EXPECT_EQ(finder.end_frame(), 0);
}

}  // namespace
}  // namespace dubplate
