#include "audio/kernels/k_weighting.h"
#include "support/dispatch.h"
#include "support/signals.h"

#include <algorithm>
#include <array>

namespace dubplate {
namespace {

using namespace test;

std::int64_t step_begin(std::int64_t step, int rate_hz) {
    return (step * rate_hz + 50) / 100;
}

std::vector<std::int64_t> step_lengths(std::int64_t steps, int rate_hz) {
    std::vector<std::int64_t> lengths;
    for (std::int64_t step = 0; step < steps; ++step)
        lengths.push_back(step_begin(step + 1, rate_hz) - step_begin(step, rate_hz));
    return lengths;
}

// As many whole steps as the audio holds, in stretches of a second, the first of which begins in silence: the sums of the
// first channel, then those of the second.
std::vector<std::vector<double>> sums_in_columns(const Audio& audio) {
    const int rate_hz = audio.format.sample_rate_hz;
    const KWeightedColumns filter(rate_hz);
    Audio padded(rate_hz, 2, filter.warm_up_frames());
    padded.append(audio);
    const std::int64_t seconds = audio.frames() / rate_hz;
    std::array<const float*, row_columns> begins{};
    for (std::int64_t j = 0; j < static_cast<std::int64_t>(row_columns); ++j) {
        const auto& samples = padded.channels[static_cast<std::size_t>(j / 8)];
        begins[static_cast<std::size_t>(j)] =
            samples.data() + filter.warm_up_frames() + std::min(j % 8, seconds - 1) * rate_hz;
    }
    const std::vector<std::int64_t> lengths = step_lengths(100, rate_hz);
    std::vector<KWeightedColumns::Energies> energies(lengths.size());
    filter.sum_squares(begins, lengths, energies);
    std::vector<std::vector<double>> all(2);
    for (std::size_t c = 0; c < 2; ++c)
        for (std::size_t j = 0; j < static_cast<std::size_t>(seconds); ++j)
            for (const auto& of_step : energies) all[c].push_back(of_step[8 * c + j]);
    return all;
}

// One frame after the other, as the recommendation writes its filters.
class SequentialBiquad {
  public:
    explicit SequentialBiquad(const Biquad& biquad) : b_(biquad) {}
    double next(double x) {
        const double y = b_.b0 * x + b_.b1 * x1_ + b_.b2 * x2_ - b_.a1 * y1_ - b_.a2 * y2_;
        x2_ = x1_;
        x1_ = x;
        y2_ = y1_;
        y1_ = y;
        return y;
    }

  private:
    Biquad b_;
    double x1_ = 0, x2_ = 0, y1_ = 0, y2_ = 0;
};

std::vector<double> sums_in_sequence(const std::vector<float>& samples, int rate_hz, std::size_t steps) {
    const KWeighting design = design_k_weighting(rate_hz);
    SequentialBiquad shelf(design.shelf);
    SequentialBiquad high_pass(design.high_pass);
    std::vector<double> sums(steps);
    std::int64_t i = 0;
    for (std::size_t step = 0; step < steps; ++step)
        for (; i < step_begin(static_cast<std::int64_t>(step) + 1, rate_hz); ++i) {
            const double y =
                high_pass.next(shelf.next(static_cast<double>(samples[static_cast<std::size_t>(i)])));
            sums[step] += y * y;
        }
    return sums;
}

// of_loudest: how far the root of a sum may be off, as a part of that of the loudest step before.
void expect_sequential_sums(const Audio& audio, double of_loudest = 0) {
    const auto sums = sums_in_columns(audio);
    for (std::size_t c = 0; c < 2; ++c) {
        ASSERT_GE(sums[c].size(), 100U);
        const auto expected =
            sums_in_sequence(audio.channels[c], audio.format.sample_rate_hz, sums[c].size());
        double loudest = 0;
        for (std::size_t step = 0; step < expected.size(); ++step) {
            const double root = std::sqrt(expected[step]);
            loudest = std::max(loudest, root);
            ASSERT_NEAR(std::sqrt(sums[c][step]), root, 5e-6 * root + of_loudest * loudest)
                << audio.format.sample_rate_hz << " Hz, channel " << c << ", step " << step;
        }
    }
}

// So many seconds of it, another one in each channel.
Audio noise_at(int rate_hz, double peak, double seconds = 3) {
    return noise(rate_hz, 2, seconds, peak);
}

void expect_same_sums_on_all_targets(const Audio& audio) {
    expect_same_on_all_targets([&] {
        auto sums = sums_in_columns(audio);
        sums[0].insert(sums[0].end(), sums[1].begin(), sums[1].end());
        return sums[0];
    });
}

constexpr int rates_hz[] = {8'000, 11'025, 22'050, 44'100, 48'000, 96'000, 192'000, 384'000};

TEST(KWeightedColumns, SumsEqualThoseOfDoublePrecisionFrameByFrame) {
    for (const int rate_hz : rates_hz) expect_sequential_sums(noise_at(rate_hz, 0.5));
}

TEST(KWeightedColumns, SumsAreTheSameBitsOnEveryKindOfProcessor) {
    for (const int rate_hz : rates_hz) expect_same_sums_on_all_targets(noise_at(rate_hz, 0.5, 1));
}

TEST(KWeightedColumns, StepsOfUnequalLengthKeepTheirPlaces) {
    for (const int rate_hz : {11'025, 22'050}) {
        const auto lengths = step_lengths(100, rate_hz);
        EXPECT_NE(*std::max_element(lengths.begin(), lengths.end()), rate_hz / 100) << "a step is longer";
        expect_sequential_sums(sine(rate_hz, 2, 2.0, 100, -3));
    }
}

TEST(KWeightedColumns, SoundAfterSilenceIsFilteredAsIfItWereFirst) {
    Audio audio = silence(44'100, 2, 0.5);
    audio.append(noise_at(44'100, 0.5));
    expect_sequential_sums(audio);
    expect_same_sums_on_all_targets(audio);
}

TEST(KWeightedColumns, AQuietStepIsRightTo120DbBelowALoudOneBeforeIt) {
    for (const int rate_hz : {11'025, 44'100, 192'000}) {
        Audio audio = noise_at(rate_hz, 1.0, 1.97);  // what it leaves rings over the border of two stretches
        audio.append(noise_at(rate_hz, 1e-4, 1.5));
        expect_sequential_sums(audio, 1e-6);
        expect_same_sums_on_all_targets(audio);
    }
}

// The high pass takes nearly all of a low tone away: what is left must not be what rounding has left.
TEST(KWeightedColumns, WhatIsLeftOfALowToneIsRightTo120DbBelowIt) {
    for (const int rate_hz : {8'000, 44'100, 192'000}) {
        Audio audio = sine(rate_hz, 2, 3.0, 2, 0);
        const double level = std::sqrt(rate_hz / 200.0);  // the root of a step's sum at full scale
        const auto sums = sums_in_columns(audio);
        const auto expected = sums_in_sequence(audio.channels[0], rate_hz, sums[0].size());
        for (std::size_t step = 0; step < expected.size(); ++step)
            ASSERT_NEAR(std::sqrt(sums[0][step]), std::sqrt(expected[step]), 1e-6 * level)
                << rate_hz << " Hz, step " << step;
    }
}

}  // namespace
}  // namespace dubplate
