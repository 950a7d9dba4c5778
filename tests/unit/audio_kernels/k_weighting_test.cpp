#include "audio/kernels/k_weighting.h"
#include "support/dispatch.h"
#include "support/signals.h"

#include <algorithm>
#include <array>

namespace dubplate {
namespace {

using namespace test;

constexpr std::size_t group = KWeightedPair::group;

std::int64_t step_begin(std::int64_t step, int rate_hz) {
    return (step * rate_hz + 50) / 100;
}

std::array<std::int64_t, group> step_lengths(std::int64_t first_step, int rate_hz) {
    std::array<std::int64_t, group> lengths{};
    for (std::size_t i = 0; i < group; ++i) {
        const std::int64_t step = first_step + static_cast<std::int64_t>(i);
        lengths[i] = step_begin(step + 1, rate_hz) - step_begin(step, rate_hz);
    }
    return lengths;
}

// As many whole groups of steps as the audio holds: the sums of the first channel, then those of the second.
std::vector<std::vector<double>> sums_in_groups(const Audio& audio) {
    const int rate_hz = audio.format.sample_rate_hz;
    KWeightedPair filters(design_k_weighting(rate_hz), rate_hz / 100);
    // Two frames of silence stand before the stream, and one more than it holds is read.
    Audio padded(rate_hz, 2, 2);
    padded.append(audio);
    padded.append(silence(rate_hz, 2, 0.01));
    std::vector<std::vector<double>> all(2);
    constexpr auto steps = static_cast<std::int64_t>(group);
    for (std::int64_t step = 0; step_begin(step + steps, rate_hz) <= audio.frames(); step += steps) {
        const std::int64_t begin = 2 + step_begin(step, rate_hz);
        const auto sums =
            filters.sums_of_squares(padded.channels[0].data() + begin, padded.channels[1].data() + begin,
                                    step_lengths(step, rate_hz));
        for (std::size_t c = 0; c < 2; ++c) all[c].insert(all[c].end(), sums[c].begin(), sums[c].end());
    }
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
    const auto sums = sums_in_groups(audio);
    for (std::size_t c = 0; c < 2; ++c) {
        ASSERT_GE(sums[c].size(), group);
        const auto expected =
            sums_in_sequence(audio.channels[c], audio.format.sample_rate_hz, sums[c].size());
        double loudest = 0;
        for (std::size_t step = 0; step < expected.size(); ++step) {
            const double root = std::sqrt(expected[step]);
            loudest = std::max(loudest, root);
            ASSERT_NEAR(std::sqrt(sums[c][step]), root, 0.5e-9 * root + of_loudest * loudest)
                << audio.format.sample_rate_hz << " Hz, channel " << c << ", step " << step;
        }
    }
}

// A second of it, another one in each channel.
Audio noise_at(int rate_hz, double peak) {
    return noise(rate_hz, 2, 1, peak);
}

void expect_same_sums_on_all_targets(const Audio& audio) {
    expect_same_on_all_targets([&] {
        auto sums = sums_in_groups(audio);
        sums[0].insert(sums[0].end(), sums[1].begin(), sums[1].end());
        return sums[0];
    });
}

constexpr int rates_hz[] = {8'000, 11'025, 22'050, 44'100, 48'000, 96'000};

TEST(KWeightedPair, SumsEqualThoseOfFiltersThatRunFrameByFrame) {
    for (const int rate_hz : rates_hz) expect_sequential_sums(noise_at(rate_hz, 0.5));
}

TEST(KWeightedPair, SumsAreTheSameBitsOnEveryKindOfProcessor) {
    for (const int rate_hz : rates_hz) expect_same_sums_on_all_targets(noise_at(rate_hz, 0.5));
}

TEST(KWeightedPair, StepsOfUnequalLengthKeepTheirPlaces) {
    for (const int rate_hz : {11'025, 22'050}) {
        const auto lengths = step_lengths(0, rate_hz);
        EXPECT_NE(*std::max_element(lengths.begin(), lengths.end()), rate_hz / 100) << "a step is longer";
        expect_sequential_sums(sine(rate_hz, 2, 1.0, 100, -3));
    }
}

TEST(KWeightedPair, SoundAfterSilenceIsFilteredAsIfItWereFirst) {
    Audio audio = silence(44'100, 2, 0.5);
    audio.append(noise_at(44'100, 0.5));
    expect_sequential_sums(audio);
    expect_same_sums_on_all_targets(audio);
}

// What a loud step leaves in the filters is added to what the quiet one is from rest, and rounded there.
TEST(KWeightedPair, AQuietStepIsRightTo160DbBelowALoudOneBeforeIt) {
    for (const int rate_hz : {11'025, 44'100}) {
        Audio audio = noise_at(rate_hz, 1.0);
        audio.append(noise_at(rate_hz, 1e-4));
        expect_sequential_sums(audio, 1e-8);
        expect_same_sums_on_all_targets(audio);
    }
}

TEST(KWeightedPair, TheEndOfAStreamIsFilteredLikeItsSteps) {
    constexpr int rate_hz = 44'100;
    const Audio audio = noise_at(rate_hz, 0.5);
    KWeightedPair filters(design_k_weighting(rate_hz), rate_hz / 100);
    std::vector<float> padded(2, 0.0f);
    padded.insert(padded.end(), audio.channels[0].begin(), audio.channels[0].end());
    for (std::int64_t step = 0; step < 3; ++step) {
        const double sum = filters.sum_of_squares(0, padded.data() + 2 + step * 441, 441);
        const double expected = sums_in_groups(audio)[0][static_cast<std::size_t>(step)];
        EXPECT_NEAR(sum, expected, 1e-10 * expected);
    }
}

}  // namespace
}  // namespace dubplate
