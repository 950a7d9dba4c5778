#include "audio/kernels/oversampler.h"
#include "support/dispatch.h"
#include "support/signals.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace dubplate {
namespace {

using namespace test;

using Rows = std::vector<std::vector<float>>;

struct Reading {
    const char* name;
    Oversampler oversampler;
    int half_width;
    double (*window)(double place);  // place: -1 to 1
};

double hann(double place) {
    return 0.5 + 0.5 * std::cos(std::numbers::pi * place);
}

double kaiser(double place) {
    return std::cyl_bessel_i(0.0, 5.65 * std::sqrt(1 - place * place)) / std::cyl_bessel_i(0.0, 5.65);
}

std::array<Reading, 4> all_readings() {
    return {{{"4x, 49 taps", meter_oversampler(44'100), 6, hann},
             {"2x, 49 taps", meter_oversampler(96'000), 12, hann},
             {"1x", meter_oversampler(192'000), 1, hann},
             {"4x, precise", precise_oversampler(), 24, kaiser}}};
}

// Multiples of the group of four that fill the widest vectors once, never, and in part.
constexpr std::array<std::int64_t, 6> lengths{4, 12, 16, 36, 64, 252};

// `frames` frames of noise behind the history of any filter.
struct Stretch {
    static constexpr std::int64_t history = 64;
    std::vector<float> samples;

    explicit Stretch(std::int64_t frames)
        : samples(noise(1000, 1, static_cast<double>(history + frames) / 1000, 0.9).channels[0]) {}
    const float* data() const { return samples.data() + history; }
};

Rows read(const Oversampler& oversampler, const float* x, std::int64_t frames) {
    Rows rows(3, std::vector<float>(static_cast<std::size_t>(frames)));
    float* const pointers[] = {rows[0].data(), rows[1].data(), rows[2].data()};
    oversampler.read(x, frames, pointers);
    return rows;
}

// Straight from the definition: x at the place i - H + phase / factor, by a windowed sinc that sees 2H frames.
double reference_at(const Reading& reading, const float* x, std::int64_t i, int phase) {
    const int reach = reading.half_width;
    const double fraction = static_cast<double>(phase) / reading.oversampler.factor();
    double sum = 0;
    for (int tap = 1 - reach; tap <= reach; ++tap) {
        const double distance = fraction - tap;
        const double angle = std::numbers::pi * distance;
        sum += static_cast<double>(x[i - reach + tap]) * std::sin(angle) / angle *
               reading.window(distance / reach);
    }
    return sum;
}

TEST(Oversampler, ReadsWhatTheDefinitionOfTheFilterGives) {
    const Stretch stretch(64);
    for (const Reading& reading : all_readings()) {
        const Rows rows = read(reading.oversampler, stretch.data(), 64);
        for (int phase = 1; phase < reading.oversampler.factor(); ++phase)
            for (std::int64_t i = 0; i < 64; ++i)
                EXPECT_NEAR(rows[static_cast<std::size_t>(phase - 1)][static_cast<std::size_t>(i)],
                            reference_at(reading, stretch.data(), i, phase), 2e-6)
                    << reading.name << ", phase " << phase << ", frame " << i;
    }
}

TEST(Oversampler, ReadsTheSameBitsOnEveryKindOfProcessor) {
    for (const Reading& reading : all_readings())
        for (const std::int64_t frames : lengths) {
            const Stretch stretch(frames);
            expect_same_on_all_targets([&] {
                std::vector<float> all;
                for (const auto& row : read(reading.oversampler, stretch.data(), frames))
                    all.insert(all.end(), row.begin(), row.end());
                return all;
            });
        }
}

TEST(Oversampler, FindsTheSamePeakOnEveryKindOfProcessor) {
    for (const Reading& reading : all_readings())
        for (const std::int64_t frames : lengths) {
            const Stretch stretch(frames);
            expect_same_on_all_targets(
                [&] { return std::vector<float>{reading.oversampler.peak(stretch.data(), frames)}; });
        }
}

TEST(Oversampler, PeakIsTheLargestOfWhatIsRead) {
    for (const Reading& reading : all_readings())
        for (const std::int64_t frames : lengths) {
            const Stretch stretch(frames);
            const Rows rows = read(reading.oversampler, stretch.data(), frames);
            float largest = 0;
            for (int phase = 1; phase < reading.oversampler.factor(); ++phase)
                for (const float value : rows[static_cast<std::size_t>(phase - 1)])
                    largest = std::max(largest, std::abs(value));
            EXPECT_EQ(reading.oversampler.peak(stretch.data(), frames), largest) << reading.name;
        }
}

TEST(Oversampler, ReadsTheSameBitsHoweverAStretchIsCut) {
    const Stretch stretch(252);
    for (const Reading& reading : all_readings()) {
        const Rows whole = read(reading.oversampler, stretch.data(), 252);
        const Rows part = read(reading.oversampler, stretch.data() + 20, 12);
        for (std::size_t row = 0; row < whole.size(); ++row)
            EXPECT_TRUE(std::equal(part[row].begin(), part[row].end(), whole[row].begin() + 20))
                << reading.name;
    }
}

TEST(LargestMagnitude, IsTheSameOnEveryKindOfProcessorAtAnyLength) {
    for (const std::int64_t count : {0, 1, 3, 4, 7, 16, 31, 100}) {
        const Stretch stretch(count);
        float largest = 0;
        for (std::int64_t i = 0; i < count; ++i) largest = std::max(largest, std::abs(stretch.data()[i]));
        EXPECT_EQ(largest_magnitude(stretch.data(), count), largest);
        expect_same_on_all_targets(
            [&] { return std::vector<float>{largest_magnitude(stretch.data(), count)}; });
    }
}

TEST(ExtentOf, IsTheSameOnEveryKindOfProcessorAtAnyLength) {
    for (const std::int64_t count : {0, 1, 3, 4, 7, 16, 31, 100}) {
        const Stretch stretch(count);
        const float* x = stretch.data();
        Extent extent;
        for (std::int64_t i = 0; i < count; ++i)
            extent = larger(extent, {std::abs(x[i]), std::abs(x[i] + x[i - 2] - 2 * x[i - 1])});
        const Extent found = extent_of(x, count);
        EXPECT_EQ(found.magnitude, extent.magnitude);
        EXPECT_EQ(found.bend, extent.bend);
        expect_same_on_all_targets([&] {
            const Extent again = extent_of(x, count);
            return std::vector<float>{again.magnitude, again.bend};
        });
    }
}

// White noise comes near the bound by magnitude, a slow tone near that by bend.
TEST(Oversampler, NoPlaceReadsMoreThanTheBound) {
    constexpr std::int64_t frames = 64;
    std::vector<Audio> signals{noise(44'100, 1, 1, 0.9)};
    for (const double frequency_hz : {50.0, 1'000.0, 5'000.0, 12'000.0, 20'000.0})
        signals.push_back(sine(44'100, 1, 1, frequency_hz, 0));
    for (const Audio& signal : signals)
        for (const Reading& reading : all_readings())
            for (std::int64_t begin = 64; begin + frames <= signal.frames(); begin += frames) {
                const float* x = signal.channels[0].data() + begin;
                const Extent seen =
                    extent_of(x - reading.oversampler.history(), frames + reading.oversampler.history());
                EXPECT_LE(reading.oversampler.peak(x, frames), reading.oversampler.bound(seen))
                    << reading.name;
            }
}

}  // namespace
}  // namespace dubplate
