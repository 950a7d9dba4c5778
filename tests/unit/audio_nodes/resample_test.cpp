#include "audio/nodes/resample.h"
#include "audio/nodes/gain.h"
#include "support/signals.h"

#include <gtest/gtest.h>

namespace dubplate {
namespace {

using namespace test;

Audio resampled(const Audio& audio, int rate_hz) {
    Resampler resampler(rate_hz);
    return run(resampler, audio);
}

TEST(Resampler, PassesEqualRatesUntouched) {
    const Audio audio = noise(44'100, 2, 0.3, 0.9);

    EXPECT_TRUE(resampled(audio, 44'100) == audio);
}

TEST(Resampler, GivesExactlyTheStatedNumberOfFrames) {
    for (const std::int64_t frames : {0, 1, 2, 146, 147, 148, 8'191, 8'192, 8'193, 44'100, 100'003})
        for (const auto& [from, to] : {std::pair{44'100, 48'000},
                                       {48'000, 44'100},
                                       {44'100, 8'000},
                                       {8'000, 192'000},
                                       {96'000, 44'100},
                                       {11'025, 22'050},
                                       {44'056, 48'000}}) {
            const Audio result = resampled(Audio(from, 1, frames), to);
            EXPECT_EQ(result.frames(), resampled_frames(frames, from, to))
                << frames << ": " << from << " to " << to;
            EXPECT_EQ(result.format.sample_rate_hz, to);
        }
}

TEST(Resampler, KeepsASineAtItsFrequencyAndLevel) {
    for (const auto& [from, to] : {std::pair{44'100, 48'000},
                                   {48'000, 44'100},
                                   {96'000, 44'100},
                                   {44'100, 32'000},
                                   {44'056, 48'000}}) {
        const Audio result = resampled(sine(from, 1, 2, 10'000, -6), to);

        const auto middle = std::span(result.channels[0])
                                .subspan(static_cast<std::size_t>(to / 2), static_cast<std::size_t>(to));
        EXPECT_NEAR(gain_to_db(amplitude_at(middle, 10'000, to)), -6, 0.001);
        EXPECT_LT(gain_to_db(amplitude_at(middle, 9'000, to)), -120);
        EXPECT_LT(gain_to_db(amplitude_at(middle, 4'000, to)), -120);
    }
}

TEST(Resampler, FoldsNothingBackFromAboveTheNewBand) {
    const Audio result = resampled(sine(48'000, 1, 2, 20'000, 0), 32'000);

    const auto middle = std::span(result.channels[0]).subspan(16'000, 32'000);
    double energy = 0;
    for (const float sample : middle) energy += static_cast<double>(sample) * static_cast<double>(sample);
    EXPECT_LT(10 * std::log10(energy / 32'000), -120);
}

// Images of the source's band, mirrored at its Nyquist frequency.
TEST(Resampler, AddsNothingAboveTheOldBand) {
    const Audio result = resampled(sine(44'100, 1, 1, 20'000, 0), 96'000);

    const auto middle = std::span(result.channels[0]).subspan(24'000, 48'000);
    EXPECT_NEAR(gain_to_db(amplitude_at(middle, 20'000, 96'000)), 0, 0.001);
    EXPECT_LT(gain_to_db(amplitude_at(middle, 24'100, 96'000)), -130);
    EXPECT_LT(gain_to_db(amplitude_at(middle, 44'000, 96'000)), -130);
}

TEST(Resampler, KeepsAnImpulseInItsPlace) {
    for (const auto& [from, to] : {std::pair{44'100, 88'200},
                                   {44'100, 48'000},
                                   {48'000, 44'100},
                                   {96'000, 48'000},
                                   {44'056, 48'000}}) {
        const std::int64_t place = from / 2;
        const Audio result = resampled(impulse(from, 1, from, place), to);

        const auto& samples = result.channels[0];
        const auto highest = std::max_element(samples.begin(), samples.end()) - samples.begin();
        EXPECT_EQ(highest, resampled_frames(place, from, to)) << from << " to " << to;
    }
}

TEST(Resampler, KeepsTheLastFrames) {
    const Audio result = resampled(sine(44'100, 1, 0.5, 441, 0, {.phase_degrees = 90}), 88'200);

    // The sine goes on until its end; only the filter's own edge touches the last few frames.
    double late = 0;
    for (std::int64_t i = result.frames() - 300; i < result.frames(); ++i)
        late = std::max(late, std::abs(static_cast<double>(result.at(0, i))));
    EXPECT_GT(late, 0.9);
}

TEST(Resampler, IsTheSameForEveryBlockSize) {
    const Audio audio = noise(44'100, 2, 0.45, 0.5);

    expect_block_size_invariant([] { return std::make_unique<Resampler>(48'000); }, audio);
    expect_block_size_invariant([] { return std::make_unique<Resampler>(8'000); }, audio);
    expect_block_size_invariant([] { return std::make_unique<Resampler>(47'999); }, audio);
}

TEST(Resampler, IsTheSameOnAnyNumberOfThreads) {
    for (const auto& [from, to] :
         {std::pair{44'100, 48'000}, {48'000, 44'100}, {44'100, 8'000}, {44'100, 88'200}}) {
        const Audio audio = noise(from, 2, 3.3, 0.5);
        const Audio alone = resampled(audio, to);
        for (const int threads : {2, 3, 5}) {
            Resampler resampler(to, threads);
            EXPECT_TRUE(run(resampler, audio) == alone) << from << " to " << to << " on " << threads;
        }
    }
}

TEST(Resampler, KeepsChannelsApart) {
    Audio audio = silence(44'100, 8, 0.3);
    audio.channels[5] = sine(44'100, 1, 0.3, 1000, -6).channels[0];

    const Audio result = resampled(audio, 48'000);

    for (int c = 0; c < 8; ++c)
        for (std::int64_t i = 0; c != 5 && i < result.frames(); ++i) ASSERT_EQ(result.at(c, i), 0.0f);
    EXPECT_GT(*std::max_element(result.channels[5].begin(), result.channels[5].end()), 0.49f);
}

TEST(Resampler, RefusesRatesThatItCannotReach) {
    for (const auto& [from, to] :
         {std::pair{44'100, 999}, {44'100, 768'001}, {0, 44'100}, {800'000, 44'100}}) {
        Resampler resampler(to);
        const Status status = resampler.start({from, 2});
        ASSERT_FALSE(status);
        EXPECT_EQ(status.error().code, ErrorCode::unsupported);
    }
}

TEST(Resampler, PassesOnTheErrorOfWhatStandsBehindIt) {
    class Broken final : public Sink<float> {
      public:
        Status start(const StreamFormat&) override { return {}; }
        Status process(BlockView<const float>) override { return fail(ErrorCode::io, "no room"); }
        Status finish() override { return {}; }
    } broken;
    Resampler resampler(48'000);
    resampler.add_output(broken);
    const Audio audio = noise(44'100, 1, 1, 0.1);
    const float* pointers[] = {audio.channels[0].data()};

    ASSERT_TRUE(resampler.start(audio.format));
    const Status status = resampler.process({pointers, audio.frames()});

    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::io);
}

}  // namespace
}  // namespace dubplate
