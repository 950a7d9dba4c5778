#include "audio/kernels/samples.h"
#include "support/dispatch.h"
#include "support/signals.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace dubplate {
namespace {

using namespace test;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr std::int64_t lengths[] = {0, 1, 2, 3, 5, 8, 13, 16, 31, 64, 101};

std::vector<float> noise_of(std::int64_t count) {
    return noise(1000, 1, static_cast<double>(count) / 1000, 1.3).channels[0];
}

// Noise past full scale, with each kind of bad sample and of edge in it, so that every lane meets some of them.
std::vector<float> hostile_samples(std::int64_t count) {
    std::vector<float> samples = noise_of(count);
    const float edges[] = {not_a_number, infinity, -infinity, -0.0f,      1.0f,        -1.0f,   0.99999f,
                           1e-40f,       3.4e38f,  -3.4e38f,  0x1.8p-15f, -0x1.8p-15f, 0x1p-16f};
    for (std::size_t i = 0, edge = 0; i < samples.size(); i += 3, ++edge)
        samples[i] = edges[edge % std::size(edges)];
    return samples;
}

double finite(float x) {
    if (std::isnan(x)) return 0;
    return std::isinf(x) ? std::copysign(1.0, static_cast<double>(x)) : static_cast<double>(x);
}

TEST(Samples, AllFiniteSeesABadSampleAtAnyPlace) {
    for (const std::int64_t count : lengths) {
        std::vector<float> samples = noise_of(count);
        EXPECT_TRUE(all_finite(samples.data(), count));
        for (float& sample : samples) {
            const float kept = std::exchange(sample, count % 2 == 0 ? not_a_number : -infinity);
            expect_same_on_all_targets([&] { return std::vector<char>{all_finite(samples.data(), count)}; });
            EXPECT_FALSE(all_finite(samples.data(), count));
            sample = kept;
        }
    }
}

TEST(Samples, ScaleFiniteIsTheProductInDoubleRoundedOnce) {
    constexpr double gain = 0.7345678901234;
    for (const std::int64_t count : lengths) {
        const std::vector<float> from = hostile_samples(count);
        const auto scaled = [&] {
            std::vector<float> to(from.size());
            scale_finite(from.data(), to.data(), count, gain);
            return to;
        };
        std::vector<float> expected;
        for (const float x : from) expected.push_back(static_cast<float>(finite(x) * gain));
        EXPECT_TRUE(same_bytes(scaled(), expected)) << count;
        expect_same_on_all_targets(scaled);
    }
}

TEST(Samples, ScaleFiniteWorksInPlace) {
    std::vector<float> samples = hostile_samples(101);
    std::vector<float> expected(samples.size());
    scale_finite(samples.data(), expected.data(), 101, 1.5);
    scale_finite(samples.data(), samples.data(), 101, 1.5);
    EXPECT_TRUE(same_bytes(samples, expected));
}

// One sample by the definition in the header. Returns whether it was clipped.
bool quantize_plainly(float x, int bits, double noise, std::int32_t& to) {
    const double full_scale = std::ldexp(1.0, bits - 1);
    const double number = std::isnan(x) ? 0 : std::clamp(static_cast<double>(x), -4.0, 4.0);
    const double value = std::nearbyint(number * full_scale + noise);
    const double inside = std::clamp(value, -full_scale, full_scale - 1);
    to = static_cast<std::int32_t>(inside);
    return inside != value;
}

// The integers, and after them how many were clipped.
std::vector<std::int32_t> quantized(const std::vector<float>& from, int bits, const Random* noise,
                                    std::uint64_t first) {
    std::vector<std::int32_t> to(from.size());
    const std::int64_t clipped =
        quantize(from.data(), to.data(), static_cast<std::int64_t>(from.size()), bits, noise, first);
    to.push_back(static_cast<std::int32_t>(clipped));
    return to;
}

void expect_quantized_by_definition(std::int64_t count, int bits, const Random* noise) {
    constexpr std::uint64_t first = 0xFFFF'FFFF'0123U;
    const std::vector<float> from = hostile_samples(count);
    std::vector<std::int32_t> expected(from.size());
    std::int32_t clipped = 0;
    for (std::size_t i = 0; i < from.size(); ++i)
        clipped +=
            quantize_plainly(from[i], bits, noise ? noise->triangular(first + i) : 0.0, expected[i]) ? 1 : 0;
    expected.push_back(clipped);
    EXPECT_EQ(quantized(from, bits, noise, first), expected) << bits << " bits, " << count << " samples";
    expect_same_on_all_targets([&] { return quantized(from, bits, noise, first); });
}

TEST(Samples, QuantizeIsWhatItsHeaderSaysOnEveryKindOfProcessor) {
    const Random noise(7, 1);
    for (const int bits : {16, 24, 32})
        for (const std::int64_t count : lengths) {
            expect_quantized_by_definition(count, bits, nullptr);
            expect_quantized_by_definition(count, bits, &noise);
        }
}

TEST(Samples, ToFloatsUndoesQuantizeOnEveryKindOfProcessor) {
    for (const int bits : {16, 24, 32})
        for (const std::int64_t count : lengths) {
            std::vector<std::int32_t> from = quantized(hostile_samples(count), bits, nullptr, 0);
            from.pop_back();
            const auto floats = [&] {
                std::vector<float> to(from.size());
                to_floats(from.data(), to.data(), count, bits);
                return to;
            };
            std::vector<float> expected;
            for (const std::int32_t x : from) expected.push_back(std::ldexp(static_cast<float>(x), 1 - bits));
            EXPECT_TRUE(same_bytes(floats(), expected));
            expect_same_on_all_targets(floats);
        }
}

TEST(Samples, StereoOf24BitsIsThatOfTheDefinition) {
    for (const std::int64_t frames : lengths) {
        std::vector<std::byte> bytes;
        for (std::int64_t i = 0; i < 6 * frames; ++i)
            bytes.push_back(static_cast<std::byte>(Random(3).bits(static_cast<std::uint64_t>(i))));
        const auto decoded = [&] {
            std::vector<float> both(static_cast<std::size_t>(2 * frames));
            stereo24_to_floats(bytes.data(), both.data(), both.data() + frames, frames);
            return both;
        };
        const auto both = decoded();
        for (std::size_t i = 0; i < both.size(); ++i) {
            const bool is_right = i >= both.size() / 2;
            const std::byte* sample = &bytes[is_right ? 6 * (i - both.size() / 2) + 3 : 6 * i];
            const int value = std::to_integer<int>(sample[0]) | std::to_integer<int>(sample[1]) << 8 |
                              std::to_integer<int>(sample[2]) << 16;
            EXPECT_EQ(both[i],
                      std::ldexp(static_cast<float>(value >= 1 << 23 ? value - (1 << 24) : value), -23));
        }
        expect_same_on_all_targets(decoded);
    }
}

}  // namespace
}  // namespace dubplate
