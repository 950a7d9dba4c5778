#include "audio/kernels/limiting.h"
#include "audio/kernels/oversampler.h"
#include "support/dispatch.h"
#include "support/signals.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace dubplate {
namespace {

using namespace test;

constexpr std::int64_t lengths[] = {0, 1, 3, 8, 13, 64, 101};

std::vector<float> noise_of(std::int64_t count, std::uint64_t seed = 1) {
    return noise(1000, 1, static_cast<double>(count) / 1000, 1.0, seed).channels[0];
}

// The crest of the parabola through three equally spaced values, where the middle one is the largest in magnitude.
float crest(float before, float middle, float after) {
    const float top = std::abs(middle);
    const float sign = middle < 0 ? -1.0f : 1.0f;
    const float left = before * sign;
    const float right = after * sign;
    const float curve = left - 2 * top + right;
    if (left > top || right > top || curve >= 0) return top;
    return top - (left - right) * (left - right) / (8 * curve);
}

TEST(Limiting, CrestsAreThoseOfParabolasWherePlacesComeNear) {
    constexpr std::size_t count = 48;
    constexpr float near = 0.7f;
    const std::vector<float> frames = noise_of(count + 1, 1);
    const std::array<std::vector<float>, 3> rows{noise_of(count, 2), noise_of(count, 3),
                                                 noise_of(count + 1, 4)};
    const Places places{frames.data(), {rows[0].data(), rows[1].data(), rows[2].data() + 1}};
    std::vector<float> expected_at;
    std::vector<float> expected_between;
    for (std::size_t i = 0; i < count; ++i) {
        const float first = rows[0][i], second = rows[1][i], third = rows[2][i + 1];
        float at = std::abs(frames[i]);
        float between = std::max({std::abs(first), std::abs(second), std::abs(third)});
        if (std::max(at, between) > near) {
            at = std::max(at, crest(rows[2][i], frames[i], first));
            between = std::max({between, crest(frames[i], first, second), crest(first, second, third),
                                crest(second, third, frames[i + 1])});
        }
        expected_at.push_back(at);
        expected_between.push_back(between);
    }
    expected_at.insert(expected_at.end(), expected_between.begin(), expected_between.end());
    const auto found = [&] {
        std::vector<float> all(2 * count);
        find_crests(places, count, near, all.data(), all.data() + count);
        return all;
    };
    EXPECT_TRUE(same_bytes(found(), expected_at));
    expect_same_on_all_targets(found);
}

TEST(Limiting, NeededIsRoundedUpAndZeroUnderTheCeiling) {
    for (const std::int64_t count : lengths) {
        const std::vector<float> peaks = noise_of(count);
        const auto needed = [&] {
            std::vector<double> to(peaks.size());
            find_needed(peaks.data(), to.data(), count, 0.5, 0.49, 0x1p32);
            return to;
        };
        std::vector<double> expected;
        for (const float peak : peaks)
            expected.push_back(peak > 0.5f ? std::ceil((1.0 - 0.49 / static_cast<double>(peak)) * 0x1p32)
                                           : 0.0);
        EXPECT_TRUE(same_bytes(needed(), expected)) << count;
        expect_same_on_all_targets(needed);
    }
}

TEST(Limiting, ReleaseDecaysInWholeNumbersFromWhatWasHigher) {
    std::vector<std::int64_t> values(101);
    values[3] = 1'000'000'007;
    values[40] = values[41] = 900'000'000;
    values[90] = 30;
    std::vector<std::int64_t> expected = values;
    std::int64_t last = 5'000;
    for (std::int64_t& value : expected) {
        const auto released = static_cast<std::int64_t>(static_cast<double>(last) * 0.97);
        last = value = std::max(value, released < 16 ? 0 : released);
    }
    const auto released = [&] {
        std::vector<std::int64_t> all = values;
        release(all.data(), std::ssize(all), 5'000, 0.97, 16);
        return all;
    };
    EXPECT_EQ(released(), expected);
    expect_same_on_all_targets(released);
}

TEST(Limiting, GainsAreAppliedInDoubleAndSurveyed) {
    for (const std::int64_t count : lengths) {
        const std::vector<float> from = noise_of(count);
        std::vector<double> gains;
        for (const float value : noise_of(count, 2))
            gains.push_back(std::min(1.0, 0.9 + static_cast<double>(value)));
        const auto applied = [&] {
            std::vector<float> to(from.size());
            apply_gains(from.data(), gains.data(), to.data(), count);
            return to;
        };
        std::vector<float> expected;
        for (std::size_t i = 0; i < from.size(); ++i)
            expected.push_back(static_cast<float>(static_cast<double>(from[i]) * gains[i]));
        EXPECT_TRUE(same_bytes(applied(), expected));
        expect_same_on_all_targets(applied);

        const auto surveyed = [&] {
            const GainSurvey survey = survey_gains(gains.data(), count);
            return std::vector<double>{survey.lowest, static_cast<double>(survey.active)};
        };
        const double lowest = gains.empty() ? 1.0 : *std::min_element(gains.begin(), gains.end());
        const auto active = std::count_if(gains.begin(), gains.end(), [](double gain) { return gain < 1; });
        EXPECT_EQ(surveyed(), (std::vector<double>{lowest, static_cast<double>(active)}));
        expect_same_on_all_targets(surveyed);
    }
}

}  // namespace
}  // namespace dubplate
