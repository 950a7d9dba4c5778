#include "audio/nodes/pictures.h"
#include "support/signals.h"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

namespace dubplate {
namespace {

using namespace test;

std::vector<WaveformColumn> waveform(const Audio& audio, int columns = 1200,
                                     std::int64_t block = block_frames) {
    WaveformPicture picture(columns);
    drive<float>(picture, audio, block);
    return picture.columns();
}

std::vector<SpectrumBand> spectrum(const Audio& audio, std::int64_t block = block_frames) {
    SpectrumPicture picture;
    drive<float>(picture, audio, block);
    return picture.bands();
}

double level_at(const std::vector<SpectrumBand>& bands, double frequency_hz) {
    const auto nearest = std::min_element(bands.begin(), bands.end(), [&](const auto& a, const auto& b) {
        return std::abs(a.frequency_hz - frequency_hz) < std::abs(b.frequency_hz - frequency_hz);
    });
    return nearest->level_db;
}

TEST(WaveformPicture, HoldsTheExtremesOfTheStream) {
    Audio audio = noise(48'000, 2, 3, 0.3);
    audio.at(1, 70'000) = 0.9f;
    audio.at(0, 70'001) = -0.8f;

    float low = 0;
    float high = 0;
    for (const WaveformColumn& column : waveform(audio)) {
        low = std::min(low, column.low);
        high = std::max(high, column.high);
    }

    EXPECT_EQ(low, -0.8f);
    EXPECT_EQ(high, 0.9f);
}

TEST(WaveformPicture, ShowsAPeakAtItsPlace) {
    const auto columns = waveform(impulse(48'000, 1, 480'000, 360'000));

    const auto highest = std::max_element(columns.begin(), columns.end(),
                                          [](const auto& a, const auto& b) { return a.high < b.high; });
    const double place = static_cast<double>(highest - columns.begin()) / static_cast<double>(columns.size());
    EXPECT_NEAR(place, 0.75, 0.005);
}

TEST(WaveformPicture, NeverHasMoreColumnsThanAskedForNorFewerThanHalf) {
    for (const std::int64_t frames : {1'200, 1'201, 2'400, 5'000, 123'457, 1'000'000}) {
        const std::size_t columns = waveform(Audio(48'000, 1, frames)).size();
        EXPECT_LE(columns, 1'200U) << frames;
        EXPECT_GE(columns, 600U) << frames;
    }
}

TEST(WaveformPicture, GivesAShortStreamAColumnForEachFrame) {
    Audio audio(48'000, 1, 3);
    audio.channels[0] = {0.1f, -0.2f, 0.3f};

    const auto columns = waveform(audio);

    ASSERT_EQ(columns.size(), 3U);
    EXPECT_EQ(columns[1].low, -0.2f);
    EXPECT_EQ(columns[1].high, -0.2f);
    EXPECT_TRUE(waveform(Audio(48'000, 1, 0)).empty());
}

TEST(WaveformPicture, IsTheSameForEveryBlockSize) {
    const Audio audio = noise(44'100, 2, 0.9, 0.7);
    const auto whole = waveform(audio, 300, audio.frames());
    for (const std::int64_t block : block_sizes) {
        const auto cut = waveform(audio, 300, block);
        ASSERT_EQ(cut.size(), whole.size());
        for (std::size_t i = 0; i < cut.size(); ++i) {
            ASSERT_EQ(cut[i].low, whole[i].low);
            ASSERT_EQ(cut[i].high, whole[i].high);
        }
    }
}

TEST(WaveformPicture, KnowsHowLongItIs) {
    WaveformPicture picture;
    drive<float>(picture, noise(44'100, 1, 2.5, 0.1));

    EXPECT_DOUBLE_EQ(picture.seconds(), 2.5);
}

TEST(SpectrumPicture, ShowsASineInItsBandAtMinusThree) {
    for (const double frequency : {100.0, 1'000.0, 10'000.0}) {
        const auto bands = spectrum(sine(48'000, 2, 3, frequency, 0));

        EXPECT_NEAR(level_at(bands, frequency), -3.01, frequency < 200 ? 0.3 : 0.05);
        for (const SpectrumBand& band : bands) {
            const double octaves = std::abs(std::log2(band.frequency_hz / frequency));
            EXPECT_LT(band.level_db, octaves > 0.8 ? -60.0 : 0.0) << band.frequency_hz;
        }
    }
}

TEST(SpectrumPicture, RisesWithTheBandwidthForWhiteNoise) {
    const auto bands = spectrum(noise(48'000, 2, 20, 0.5));

    // Uniform +-0.5: a mean square of 1/12 over 24 kHz. A third-octave band has 23 % of its center.
    for (const double center : {501.2, 1'000.0, 5'011.9, 15'848.9})
        EXPECT_NEAR(level_at(bands, center), 10 * std::log10(1.0 / 12 * 0.2307 * center / 24'000), 0.3)
            << center;
}

TEST(SpectrumPicture, TakesTheMeanOverChannels) {
    Audio audio = silence(48'000, 2, 2);
    audio.channels[1] = sine(48'000, 1, 2, 1000, 0).channels[0];

    EXPECT_NEAR(level_at(spectrum(audio), 1000), -6.02, 0.05);
}

TEST(SpectrumPicture, EndsBelowHalfTheSampleRate) {
    EXPECT_LT(spectrum(noise(8'000, 1, 2, 0.5)).back().frequency_hz, 4'000);
    EXPECT_NEAR(spectrum(noise(96'000, 1, 2, 0.5)).back().frequency_hz, 19'953, 1);
    EXPECT_NEAR(spectrum(noise(96'000, 1, 2, 0.5)).front().frequency_hz, 20, 0.1);
}

TEST(SpectrumPicture, MeasuresAStreamShorterThanItsWindow) {
    EXPECT_NEAR(level_at(spectrum(sine(48'000, 1, 0.1, 2'000, -20)), 2'000), -23.01, 0.5);
}

TEST(SpectrumPicture, ShowsSilenceAsSuch) {
    for (const SpectrumBand& band : spectrum(silence(48'000, 2, 1))) EXPECT_EQ(band.level_db, silence_db);
    for (const SpectrumBand& band : spectrum(silence(48'000, 2, 0))) EXPECT_EQ(band.level_db, silence_db);
}

TEST(SpectrumPicture, IsTheSameForEveryBlockSize) {
    const Audio audio = noise(44'100, 2, 0.7, 0.7);
    const auto whole = spectrum(audio, audio.frames());
    for (const std::int64_t block : block_sizes) {
        const auto cut = spectrum(audio, block);
        ASSERT_EQ(cut.size(), whole.size());
        for (std::size_t i = 0; i < cut.size(); ++i) ASSERT_EQ(cut[i].level_db, whole[i].level_db);
    }
}

TEST(SpectrumPicture, CanBeDrawnOnSeveralThreadsAtOnce) {
    const Audio audio = noise(44'100, 1, 0.5, 0.7);
    const auto alone = spectrum(audio);
    std::vector<std::vector<SpectrumBand>> together(4);
    {
        std::vector<std::jthread> threads;
        for (auto& result : together) threads.emplace_back([&] { result = spectrum(audio); });
    }
    for (const auto& result : together) EXPECT_EQ(level_at(result, 1000), level_at(alone, 1000));
}

}  // namespace
}  // namespace dubplate
