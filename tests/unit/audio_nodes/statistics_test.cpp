#include "audio/nodes/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/signals.h"

namespace dubplate {
namespace {

using test::Audio;

SampleStatistics measure(const Audio& audio, std::int64_t block = block_frames, int bits = 0) {
    StatisticsMeter meter(bits);
    test::drive(meter, audio, block);
    return meter.result();
}

TEST(Statistics, FindsPeakAndRmsOfASine) {
    const SampleStatistics found = measure(test::sine(48000, 2, 1, 1000, -20));

    EXPECT_NEAR(found.peak, 0.1, 1e-6);
    EXPECT_NEAR(found.rms, 0.1 / std::sqrt(2.0), 1e-6);
    EXPECT_NEAR(found.dc_offset, 0, 1e-6);
    EXPECT_NEAR(found.correlation.value_or(0), 1, 1e-9);
    EXPECT_EQ(found.frames, 48000);
}

TEST(Statistics, AveragesOverAllSamplesOfAllChannels) {
    Audio audio = test::sine(48000, 2, 1, 1000, 0);
    for (float& sample : audio.channels[1]) sample = 0;

    const SampleStatistics found = measure(audio);

    EXPECT_NEAR(found.rms, 0.5, 1e-6);
    EXPECT_FALSE(found.correlation.has_value()) << "one side is silent";
}

TEST(Statistics, TellsInvertedAndUnrelatedSides) {
    Audio inverted = test::noise(48000, 2, 1, 0.5);
    inverted.channels[1] = inverted.channels[0];
    for (float& sample : inverted.channels[1]) sample = -sample;

    EXPECT_NEAR(measure(inverted).correlation.value_or(0), -1, 1e-9);
    EXPECT_NEAR(measure(test::noise(48000, 2, 1, 0.5)).correlation.value_or(1), 0, 0.02);
}

TEST(Statistics, FindsTheOffset) {
    Audio audio = test::sine(48000, 2, 1, 1000, -20);
    for (float& sample : audio.channels[1]) sample -= 0.25F;

    EXPECT_NEAR(measure(audio).dc_offset, -0.25, 1e-6);
}

TEST(Statistics, MeasuresTheSilenceAtBothEnds) {
    Audio audio(48000, 2, 4800);
    audio.append(test::noise(48000, 2, 1, 0.5));
    audio.append(Audio(48000, 2, 9600));
    audio.at(0, 4800) = 0.5F;
    audio.at(1, 4800 + 48000 - 1) = 0.5F;

    const SampleStatistics found = measure(audio);

    EXPECT_EQ(found.leading_silence_frames, 4800);
    EXPECT_EQ(found.trailing_silence_frames, 9600);
}

TEST(Statistics, CountsAllOfASilentStreamAsLeadingSilence) {
    const SampleStatistics found = measure(Audio(48000, 1, 4800));

    EXPECT_EQ(found.leading_silence_frames, 4800);
    EXPECT_EQ(found.trailing_silence_frames, 0);
    EXPECT_EQ(found.rms, 0);
}

TEST(Statistics, CountsRunsAtFullScaleAndNotSinglePeaks) {
    Audio audio(48000, 1, 48000);
    audio.at(0, 10) = 1;
    audio.at(0, 1000) = audio.at(0, 1001) = 1;
    for (int i = 0; i < 5; ++i) audio.at(0, 1022 + i) = i % 2 == 0 ? 1.0F : -1.0F;
    for (int i = 0; i < 3; ++i) audio.at(0, 47997 + i) = 1.5F;

    const ClippedRuns found = measure(audio).clipping;

    EXPECT_EQ(found, (ClippedRuns{.runs = 2, .samples = 8, .longest_frames = 5, .first_frame = 1022}));
}

TEST(Statistics, KnowsTheGreatestSampleOfEightBits) {
    Audio audio(48000, 1, 1000);
    for (int i = 0; i < 4; ++i) audio.at(0, 100 + i) = 127.0F / 128;

    EXPECT_EQ(measure(audio, block_frames, 8).clipping.runs, 1);
    EXPECT_EQ(measure(audio, block_frames, 16).clipping.runs, 0);
}

TEST(Statistics, TakesNanAsSilenceAndInfinityAsFullScale) {
    Audio audio(48000, 1, 100);
    audio.at(0, 10) = std::numeric_limits<float>::quiet_NaN();
    audio.at(0, 20) = -std::numeric_limits<float>::infinity();

    const SampleStatistics found = measure(audio);

    EXPECT_EQ(found.peak, 1);
    EXPECT_NEAR(found.rms, 0.1, 1e-9);
}

TEST(Statistics, DoNotDependOnTheBlocks) {
    Audio audio = test::noise(44100, 2, 0.5, 1.2);
    audio.append(Audio(44100, 2, 777));
    const SampleStatistics whole = measure(audio);

    for (const std::int64_t block : {1, 7, 64, 1000, 4096}) {
        const SampleStatistics found = measure(audio, block);
        EXPECT_EQ(found.rms, whole.rms);
        EXPECT_EQ(found.dc_offset, whole.dc_offset);
        EXPECT_EQ(found.correlation, whole.correlation);
        EXPECT_EQ(found.clipping, whole.clipping);
        EXPECT_EQ(found.trailing_silence_frames, whole.trailing_silence_frames);
    }
}

}  // namespace
}  // namespace dubplate
