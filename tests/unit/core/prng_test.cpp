#include "core/prng.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <set>

namespace dubplate {
namespace {

static_assert(Random(1).bits(0) == Random(1).bits(0), "it is a function of its arguments");
static_assert(Random(1).uniform(5) >= 0 && Random(1).uniform(5) < 1);

constexpr int count = 100'000;

TEST(Random, GivesTheSameNumbersForever) {
    // Files depend on these: a change of them is a change of every dithered file.
    // The values were computed by a second implementation, in Python's whole numbers.
    EXPECT_EQ(Random(0).bits(0), 0x568A'9B0B'1A2C'05ECU);
    EXPECT_EQ(Random(0, 1).bits(0), 0x1CD3'6414'3CCE'4AAEU);
    EXPECT_EQ(Random(42, 7).bits(123'456), 0xEFEA'B41C'A7F0'7791U);
}

TEST(Random, IsUniform) {
    constexpr int bins = 64;
    std::array<int, bins> hits{};
    double sum = 0;
    double squares = 0;
    const Random random(1);
    for (int i = 0; i < count; ++i) {
        const double value = random.uniform(static_cast<std::uint64_t>(i));
        ASSERT_GE(value, 0.0);
        ASSERT_LT(value, 1.0);
        ++hits[static_cast<std::size_t>(value * bins)];
        sum += value;
        squares += value * value;
    }

    double chi_squared = 0;
    for (const int hit : hits)
        chi_squared += (hit - count / bins) * (hit - count / bins) / (1.0 * count / bins);
    EXPECT_LT(chi_squared, 103.4);  // 63 degrees of freedom, one in a thousand
    EXPECT_NEAR(sum / count, 1.0 / 2, 0.005);
    EXPECT_NEAR(squares / count, 1.0 / 3, 0.005);
}

TEST(Random, IsTriangularWithMeanZeroAndVarianceOneSixth) {
    double sum = 0;
    double squares = 0;
    int inner = 0;
    const Random random(2);
    for (int i = 0; i < count; ++i) {
        const double value = random.triangular(static_cast<std::uint64_t>(i));
        ASSERT_GT(value, -1.0);
        ASSERT_LT(value, 1.0);
        sum += value;
        squares += value * value;
        if (std::abs(value) < 0.5) ++inner;
    }

    EXPECT_NEAR(sum / count, 0.0, 0.005);
    EXPECT_NEAR(squares / count, 1.0 / 6, 0.003);
    EXPECT_NEAR(1.0 * inner / count, 0.75, 0.01);  // the area of the triangle's middle
}

TEST(Random, NeighborsInSeedStreamAndIndexHaveNothingInCommon) {
    // Half of the 64 bits differ: the mean of 1000 lies within 31.2 and 32.8 (6 standard errors of 0.13).
    const auto mean_distance = [](auto first, auto second) {
        int bits = 0;
        for (std::uint64_t i = 0; i < 1000; ++i) bits += std::popcount(first(i) ^ second(i));
        return bits / 1000.0;
    };
    const auto numbers = [](std::uint64_t seed, std::uint64_t stream, std::uint64_t offset) {
        return [=](std::uint64_t i) { return Random(seed, stream).bits(i + offset); };
    };

    EXPECT_NEAR(mean_distance(numbers(1, 0, 0), numbers(2, 0, 0)), 32, 0.8);
    EXPECT_NEAR(mean_distance(numbers(1, 0, 0), numbers(1, 1, 0)), 32, 0.8);
    EXPECT_NEAR(mean_distance(numbers(1, 0, 0), numbers(1, 0, 1)), 32, 0.8);
    EXPECT_NEAR(mean_distance(numbers(1, 0, 0), numbers(0, 1, 0)), 32, 0.8);
}

TEST(Random, StreamsAreNotCorrelated) {
    double product = 0;
    const Random left(3, 0);
    const Random right(3, 1);
    for (std::uint64_t i = 0; i < count; ++i) product += left.triangular(i) * right.triangular(i);

    // The standard error is 1 / 6 / sqrt(count) = 0.0005.
    EXPECT_NEAR(product / count, 0.0, 0.003);
}

TEST(Random, DoesNotRepeatWithinAStreamOrBetweenStreams) {
    std::set<std::uint64_t> seen;
    for (std::uint64_t stream = 0; stream < 8; ++stream)
        for (std::uint64_t i = 0; i < 2000; ++i) seen.insert(Random(9, stream).bits(i));

    EXPECT_EQ(seen.size(), 16'000U);
}

}  // namespace
}  // namespace dubplate
