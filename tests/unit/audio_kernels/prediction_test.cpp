#include "audio/kernels/prediction.h"

#include <cmath>

#include "core/prng.h"
#include "support/dispatch.h"

namespace dubplate {
namespace {

constexpr std::int64_t lengths[] = {1, 2, 7, 8, 9, 31, 64, 101};
constexpr std::size_t front = most_prediction_order;

std::vector<std::int32_t> samples_of(std::int64_t count, int bits, std::uint64_t seed = 1) {
    const Random random(seed);
    std::vector<std::int32_t> samples;
    for (std::int64_t i = 0; i < count; ++i)
        samples.push_back(static_cast<std::int32_t>(random.bits(static_cast<std::uint64_t>(i)) >> 32) >>
                          (32 - bits));
    return samples;
}

TEST(Prediction, MidAndSideAreHalfTheSumRoundedDownAndTheDifference) {
    for (const std::int64_t count : lengths) {
        const auto left = samples_of(count, 24, 1);
        const auto right = samples_of(count, 24, 2);
        const auto both = [&] {
            std::vector<std::int32_t> result(2 * left.size());
            mid_and_side(left.data(), right.data(), result.data(), result.data() + count, count);
            return result;
        };
        const auto result = both();
        for (std::size_t i = 0; i < left.size(); ++i) {
            EXPECT_EQ(result[i], static_cast<std::int32_t>(std::floor((left[i] + right[i]) / 2.0)));
            EXPECT_EQ(result[left.size() + i], left[i] - right[i]);
        }
        test::expect_same_on_all_targets(both);
    }
}

TEST(Prediction, WindowedChannelsAreProductsAndDifferencesOnEveryTarget) {
    for (const std::int64_t count : lengths) {
        const auto samples = samples_of(count, 25);
        std::vector<float> window;
        for (std::int64_t i = 0; i < count; ++i) window.push_back(1.0F / static_cast<float>(i + 3));
        const auto work = [&] {
            std::vector<double> plain(samples.size()), windowed(samples.size());
            to_doubles(samples.data(), plain.data(), count);
            apply_window(samples.data(), window.data(), windowed.data(), count);
            subtract(windowed.data(), plain.data(), windowed.data(), count);
            return windowed;
        };
        const auto result = work();
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const double sample = samples[i];
            EXPECT_EQ(result[i], sample * static_cast<double>(window[i]) - sample);
        }
        test::expect_same_on_all_targets(work);
    }
}

TEST(Prediction, AutocorrelationIsTheSumOfProductsOnEveryTarget) {
    for (const std::int64_t count : lengths) {
        std::vector<double> samples(front + static_cast<std::size_t>(count) + autocorrelation_columns);
        for (std::int64_t i = 0; i < count; ++i)
            samples[front + static_cast<std::size_t>(i)] = std::sin(static_cast<double>(i) * 0.1) * 1e6;
        const auto work = [&] {
            const Autocorrelation result = autocorrelate(samples.data() + front, count);
            return std::vector<double>(result.begin(), result.end());
        };
        const auto result = work();
        for (std::size_t lag = 0; lag < result.size(); ++lag) {
            double expected = 0;
            for (std::size_t i = front; i < samples.size(); ++i) expected += samples[i] * samples[i - lag];
            EXPECT_NEAR(result[lag], expected, 1e-12 * result[0] + 1e-12) << lag;
        }
        test::expect_same_on_all_targets(work);
    }
}

TEST(Prediction, ResidualsAreExactWithTheLargestWeightsOnEveryTarget) {
    constexpr PredictionWeights weights{16383,  -16384, 16383,  -16384, 16383,  12345,
                                        -16384, 16383,  -16384, 16383,  -16384, 16383};
    constexpr int shift = 14;
    for (const std::int64_t count : {13, 16, 31, 101}) {
        const auto samples = samples_of(count, 25);
        const auto work = [&] {
            std::vector<double> doubles(samples.size());
            std::vector<std::int32_t> residuals(samples.size());
            to_doubles(samples.data(), doubles.data(), count);
            EXPECT_TRUE(linear_residuals(doubles.data(), front, count, weights, shift, residuals.data()));
            return residuals;
        };
        const auto residuals = work();
        for (std::size_t i = front; i < samples.size(); ++i) {
            std::int64_t sum = 0;
            for (std::size_t j = 0; j < weights.size(); ++j)
                sum += static_cast<std::int64_t>(weights[j]) * samples[i - 1 - j];
            EXPECT_EQ(residuals[i], samples[i] - (sum >> shift)) << i;
        }
        test::expect_same_on_all_targets(work);
    }
}

TEST(Prediction, ResidualsThatDoNotFitAreTold) {
    const std::vector<double> samples(30, 16'777'215.0);
    std::vector<std::int32_t> residuals(samples.size());
    const PredictionWeights weights{16'384, 16'384};
    EXPECT_TRUE(linear_residuals(samples.data(), front, 30, weights, 10, residuals.data()));
    EXPECT_FALSE(linear_residuals(samples.data(), front, 30, weights, 5, residuals.data()));
}

}  // namespace
}  // namespace dubplate
