#include "audio/nodes/quantizer.h"
#include "audio/nodes/noise_shaping.h"
#include "support/signals.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace dubplate {
namespace {

using namespace test;

Signal<std::int32_t> quantized(const Audio& audio, QuantizerSettings settings) {
    Quantizer quantizer(settings);
    return run(quantizer, audio);
}

// What the quantizer added, in LSB.
std::vector<double> errors(const Audio& audio, QuantizerSettings settings) {
    const Signal<std::int32_t> result = quantized(audio, settings);
    std::vector<double> all;
    for (std::int64_t i = 0; i < audio.frames(); ++i)
        all.push_back(result.at(0, i) -
                      static_cast<double>(audio.at(0, i)) * std::ldexp(1.0, settings.bits - 1));
    return all;
}

double mean(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

double variance(const std::vector<double>& values) {
    const double center = mean(values);
    double sum = 0;
    for (const double value : values) sum += (value - center) * (value - center);
    return sum / static_cast<double>(values.size());
}

double correlation(const std::vector<double>& a, const std::vector<double>& b, std::size_t lag) {
    double sum = 0;
    for (std::size_t i = 0; i + lag < a.size(); ++i) sum += a[i + lag] * b[i];
    return sum / static_cast<double>(a.size() - lag);
}

// The power of a noise at a frequency, from its autocorrelation (Blackman and Tukey).
double power_at(const std::vector<double>& values, double frequency_hz, int sample_rate_hz) {
    constexpr std::size_t lags = 40;
    double power = correlation(values, values, 0);
    for (std::size_t lag = 1; lag < lags; ++lag) {
        const double window = 0.5 + 0.5 * std::cos(std::numbers::pi * static_cast<double>(lag) / lags);
        power += 2 * window * correlation(values, values, lag) *
                 std::cos(2 * std::numbers::pi * frequency_hz * static_cast<double>(lag) / sample_rate_hz);
    }
    return power;
}

TEST(Quantizer, MakesFullScaleTwoToTheBitsMinusOne) {
    for (const int bits : {16, 24, 32}) {
        Audio audio(48'000, 1, 4);
        audio.channels[0] = {0.5f, -0.5f, -1.0f, 0.0f};

        const Signal<std::int32_t> result = quantized(audio, {.bits = bits, .dither = Dither::none});

        EXPECT_EQ(result.at(0, 0), 1 << (bits - 2));
        EXPECT_EQ(result.at(0, 1), -(1 << (bits - 2)));
        EXPECT_EQ(result.at(0, 2), -(std::int64_t{1} << (bits - 1)));
        EXPECT_EQ(result.at(0, 3), 0);
    }
}

TEST(Quantizer, ReturnsExactlyWhatFitsTheDepth) {
    Audio audio(44'100, 1, 65'536);
    for (std::int64_t i = 0; i < 65'536; ++i) audio.at(0, i) = static_cast<float>(i - 32'768) / 32'768.0f;

    const Signal<std::int32_t> result = quantized(audio, {.bits = 16, .dither = Dither::none});

    for (std::int64_t i = 0; i < 65'536; ++i) ASSERT_EQ(result.at(0, i), i - 32'768);
}

TEST(Quantizer, RoundsToTheNearest) {
    Audio audio(44'100, 1, 4);
    audio.channels[0] = {10.49f / 32'768, 10.51f / 32'768, -10.49f / 32'768, -10.51f / 32'768};

    const Signal<std::int32_t> result = quantized(audio, {.bits = 16, .dither = Dither::none});

    EXPECT_EQ(result.channels[0], (std::vector<std::int32_t>{10, 11, -10, -11}));
}

TEST(Quantizer, ClipsAndCountsWhatIsPastFullScale) {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    for (const int bits : {16, 24, 32})
        for (const Dither dither : {Dither::none, Dither::tpdf, Dither::shaped}) {
            Audio audio(48'000, 1, 6);
            audio.channels[0] = {1.0f, 1.5f, -1.5f, infinity, -infinity, 0.25f};
            Quantizer quantizer({.bits = bits, .dither = dither});

            const Signal<std::int32_t> result = run(quantizer, audio);

            const auto highest = static_cast<std::int32_t>((std::int64_t{1} << (bits - 1)) - 1);
            EXPECT_NEAR(result.at(0, 0), highest, dither == Dither::none ? 0 : 3);
            EXPECT_EQ(result.at(0, 1), highest);
            EXPECT_EQ(result.at(0, 2), -highest - 1);
            EXPECT_EQ(result.at(0, 3), highest);
            EXPECT_EQ(result.at(0, 4), -highest - 1);
            EXPECT_GE(quantizer.clipped_samples(), 4);
            EXPECT_LE(quantizer.clipped_samples(), 5);
        }
}

TEST(Quantizer, TakesNotANumberForSilence) {
    Audio audio(48'000, 1, 1);
    audio.at(0, 0) = std::numeric_limits<float>::quiet_NaN();

    EXPECT_EQ(quantized(audio, {.dither = Dither::none}).at(0, 0), 0);
    EXPECT_LE(std::abs(quantized(audio, {.dither = Dither::shaped}).at(0, 0)), 2);
}

TEST(Quantizer, TriangularDitherLeavesNoTraceOfTheSignalInMeanAndVariance) {
    // A quarter of an LSB would round to nothing; with dither its mean is there, and the noise is the same as ever:
    // 1/12 of rounding and 2/12 of dither, whatever the signal.
    for (const double level : {0.0, 0.25, 0.5, 17.31}) {
        Audio audio(48'000, 1, 200'000);
        std::fill(audio.channels[0].begin(), audio.channels[0].end(), static_cast<float>(level / 32'768));

        const std::vector<double> noise_lsb = errors(audio, {.bits = 16, .dither = Dither::tpdf, .seed = 3});

        EXPECT_NEAR(mean(noise_lsb), 0, 0.006) << level;
        EXPECT_NEAR(variance(noise_lsb), 0.25, 0.004) << level;
    }
}

TEST(Quantizer, TriangularDitherIsWhite) {
    const std::vector<double> noise_lsb = errors(silence(48'000, 1, 4), {.bits = 16, .dither = Dither::tpdf});

    for (std::size_t lag = 1; lag < 20; ++lag)
        EXPECT_NEAR(correlation(noise_lsb, noise_lsb, lag), 0, 0.003) << lag;
}

TEST(Quantizer, ChannelsAndSeedsHaveTheirOwnNoise) {
    const Signal<std::int32_t> first = quantized(silence(48'000, 2, 0.1), {.seed = 1});
    const Signal<std::int32_t> second = quantized(silence(48'000, 2, 0.1), {.seed = 2});

    EXPECT_NE(first.channels[0], first.channels[1]);
    EXPECT_NE(first.channels[0], second.channels[0]);
    EXPECT_TRUE(quantized(silence(48'000, 2, 0.1), {.seed = 1}) == first);
}

TEST(Quantizer, NeverDithersThirtyTwoBits) {
    for (const Dither dither : {Dither::tpdf, Dither::shaped})
        EXPECT_TRUE(quantized(noise(48'000, 1, 0.1, 0.7), {.bits = 32, .dither = dither}) ==
                    quantized(noise(48'000, 1, 0.1, 0.7), {.bits = 32, .dither = Dither::none}));
}

TEST(Quantizer, ShapedNoiseIsLowerWhereTheEarHearsBest) {
    for (const int rate_hz : {44'100, 48'000}) {
        const Audio audio = silence(rate_hz, 1, 2);
        const std::vector<double> flat = errors(audio, {.bits = 16, .dither = Dither::tpdf});
        const std::vector<double> shaped = errors(audio, {.bits = 16, .dither = Dither::shaped});

        for (const double frequency : {2'000.0, 3'000.0, 4'000.0, 5'000.0})
            EXPECT_LT(
                10 * std::log10(power_at(shaped, frequency, rate_hz) / power_at(flat, frequency, rate_hz)),
                -8)
                << frequency;
        EXPECT_NEAR(10 * std::log10(variance(shaped) / variance(flat)), 7.7, 0.5) << "and higher in all";
        EXPECT_NEAR(mean(shaped), 0, 0.01);
    }
}

TEST(Quantizer, ShapedNoiseFallsTowardsTheLowAtOtherRates) {
    const Audio audio = silence(96'000, 1, 1);
    const std::vector<double> flat = errors(audio, {.bits = 16, .dither = Dither::tpdf});
    const std::vector<double> shaped = errors(audio, {.bits = 16, .dither = Dither::shaped});

    EXPECT_LT(power_at(shaped, 3'000, 96'000), power_at(flat, 3'000, 96'000) / 10);
}

TEST(Quantizer, ShapingStaysCalmWhereTheSignalClips) {
    Audio audio = scaled(noise(44'100, 1, 1, 1), 12);
    audio.append(silence(44'100, 1, 0.5));
    const Signal<std::int32_t> result = quantized(audio, {.bits = 16, .dither = Dither::shaped});

    for (std::int64_t i = audio.frames() - 20'000; i < audio.frames(); ++i)
        ASSERT_LE(std::abs(result.at(0, i)), 12);
}

TEST(Quantizer, IsTheSameForEveryBlockSize) {
    const Audio audio = noise(44'100, 3, 0.3, 0.9);
    for (const Dither dither : {Dither::none, Dither::tpdf, Dither::shaped})
        for (const int bits : {16, 24, 32})
            expect_block_size_invariant(
                [&] {
                    return std::make_unique<Quantizer>(
                        QuantizerSettings{.bits = bits, .dither = dither, .seed = 7});
                },
                audio);
}

TEST(Quantizer, RefusesOtherDepths) {
    for (const int bits : {0, 8, 15, 17, 33, 64, -16}) {
        Quantizer quantizer({.bits = bits});
        const Status status = quantizer.start({48'000, 2});
        ASSERT_FALSE(status);
        EXPECT_EQ(status.error().code, ErrorCode::invalid_argument);
    }
}

// As noise_shaping.h describes it.
ShapingFilter derived_filter(int sample_rate_hz) {
    constexpr int points = 4'096;
    std::vector<double> threshold_db;
    for (int i = 0; i < points; ++i) {
        const double khz = std::max((i + 0.5) / points * sample_rate_hz / 2, 20.0) / 1000;
        threshold_db.push_back(3.64 * std::pow(khz, -0.8) - 6.5 * std::exp(-0.6 * (khz - 3.3) * (khz - 3.3)) +
                               1e-3 * std::pow(khz, 4));
    }
    const double lowest = *std::min_element(threshold_db.begin(), threshold_db.end());
    std::vector<double> correlations;
    for (std::size_t lag = 0; lag <= shaping_taps; ++lag) {
        double sum = 0;
        for (std::size_t i = 0; i < points; ++i)
            sum += std::pow(10, -std::min(threshold_db[i] - lowest, 30.0) / 10) *
                   std::cos(std::numbers::pi * static_cast<double>(lag) * (static_cast<double>(i) + 0.5) /
                            points);
        correlations.push_back(sum / points);
    }
    std::vector<double> filter{1};
    double error = correlations[0];
    for (std::size_t order = 1; order <= shaping_taps; ++order) {
        double sum = 0;
        for (std::size_t j = 0; j < order; ++j) sum += filter[j] * correlations[order - j];
        const double reflection = -sum / error;
        EXPECT_LT(std::abs(reflection), 1) << "minimum phase";
        filter.push_back(0);
        const std::vector<double> before = filter;
        for (std::size_t j = 0; j <= order; ++j) filter[j] = before[j] + reflection * before[order - j];
        error *= 1 - reflection * reflection;
    }
    ShapingFilter taps{};
    std::copy(filter.begin() + 1, filter.end(), taps.begin());
    return taps;
}

TEST(NoiseShaping, IsTheLeastAudibleFilterOfItsLength) {
    for (const int rate_hz : {44'100, 48'000}) {
        const ShapingFilter derived = derived_filter(rate_hz);
        for (std::size_t i = 0; i < shaping_taps; ++i)
            EXPECT_NEAR(shaping_filter(rate_hz)[i], derived[i], 0.000051) << rate_hz << " Hz, tap " << i + 1;
    }
}

}  // namespace
}  // namespace dubplate
