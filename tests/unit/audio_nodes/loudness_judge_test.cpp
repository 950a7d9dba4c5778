// Ours against libebur128, which shares no code with it.
#include "audio/nodes/loudness_meter.h"
#include "support/signals.h"
#include "support/songs.h"

#include <ebur128.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace dubplate {
namespace {

using namespace test;

using State = std::unique_ptr<ebur128_state, void (*)(ebur128_state*)>;

State make_judge(const StreamFormat& format) {
    return {ebur128_init(static_cast<unsigned>(format.channels),
                         static_cast<unsigned long>(format.sample_rate_hz),
                         EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK),
            [](ebur128_state* state) { ebur128_destroy(&state); }};
}

void add_frames(ebur128_state* state, const Audio& audio, std::int64_t begin, std::int64_t frames) {
    std::vector<float> interleaved;
    for (std::int64_t i = begin; i < begin + frames; ++i)
        for (int c = 0; c < audio.format.channels; ++c) interleaved.push_back(audio.at(c, i));
    ASSERT_EQ(ebur128_add_frames_float(state, interleaved.data(), static_cast<std::size_t>(frames)),
              EBUR128_SUCCESS);
}

// The range by its definition (Tech 3342), from the judge's own short-term values. Its range takes one a second.
double range_of(std::vector<double> lufs) {
    std::erase_if(lufs, [](double value) { return value < -70; });
    double power = 0;
    for (const double value : lufs) power += std::pow(10, value / 10);
    const double gate = 10 * std::log10(power / static_cast<double>(lufs.size())) - 20;
    std::erase_if(lufs, [&](double value) { return value < gate; });
    std::sort(lufs.begin(), lufs.end());
    const auto at = [&](double part) {
        return lufs[static_cast<std::size_t>(std::lround(part * static_cast<double>(lufs.size() - 1)))];
    };
    return lufs.empty() ? 0 : at(0.95) - at(0.10);
}

// What is far below 24 bits is not compared: it is rounding, ours and the judge's.
void expect_near_lufs(double ours, double judged) {
    constexpr double least_lufs = -170;
    EXPECT_NEAR(std::max(ours, least_lufs), std::max(judged, least_lufs), 0.001);
}

void expect_agreement(const Audio& audio) {
    LoudnessMeter meter;
    drive<float>(meter, audio);
    const LoudnessResult& ours = meter.result();
    const State state = make_judge(audio.format);
    const std::int64_t step = audio.format.sample_rate_hz / 10;
    std::vector<double> short_term;
    for (std::int64_t begin = 0; begin + step <= audio.frames(); begin += step) {
        add_frames(state.get(), audio, begin, step);
        double lufs = 0;
        const std::int64_t steps = begin / step + 1;
        if (steps >= 4) {
            ASSERT_EQ(ebur128_loudness_momentary(state.get(), &lufs), EBUR128_SUCCESS);
            expect_near_lufs(static_cast<double>(ours.momentary_lufs[static_cast<std::size_t>(steps - 4)]),
                             lufs);
        }
        if (steps < 30) continue;
        ASSERT_EQ(ebur128_loudness_shortterm(state.get(), &lufs), EBUR128_SUCCESS);
        expect_near_lufs(static_cast<double>(ours.short_term_lufs[static_cast<std::size_t>(steps - 30)]),
                         lufs);
        short_term.push_back(lufs);
    }
    add_frames(state.get(), audio, audio.frames() / step * step, audio.frames() % step);
    double integrated = 0;
    ASSERT_EQ(ebur128_loudness_global(state.get(), &integrated), EBUR128_SUCCESS);
    EXPECT_NEAR(ours.integrated_lufs, integrated, 0.001);
    EXPECT_NEAR(ours.range_lu, range_of(short_term), 0.002);

    // It does not give out the tail of its filter by itself.
    add_frames(state.get(), silence(audio.format.sample_rate_hz, audio.format.channels, 0.01), 0, step / 10);
    double true_peak = 0;
    double sample_peak = 0;
    for (unsigned c = 0; c < state->channels; ++c) {
        double peak = 0;
        ASSERT_EQ(ebur128_true_peak(state.get(), c, &peak), EBUR128_SUCCESS);
        true_peak = std::max(true_peak, peak);
        ASSERT_EQ(ebur128_sample_peak(state.get(), c, &peak), EBUR128_SUCCESS);
        sample_peak = std::max(sample_peak, peak);
    }
    EXPECT_NEAR(db_to_gain(ours.true_peak.dbtp), true_peak, 1e-5 * std::max(1.0, true_peak));
    EXPECT_NEAR(ours.sample_peak, sample_peak, 1e-7);
}

// A level that moves by itself, so that gates and percentiles have something to do.
Audio moving_noise(int rate_hz, int channels, double seconds) {
    Audio audio = noise(rate_hz, channels, seconds, 0.8, 17);
    for (auto& channel : audio.channels)
        for (std::size_t i = 0; i < channel.size(); ++i) {
            const double time = static_cast<double>(i) / rate_hz;
            const double level_db = -20 + 18 * std::sin(2 * std::numbers::pi * time / 7.3) - time / 2;
            channel[i] = static_cast<float>(static_cast<double>(channel[i]) * db_to_gain(level_db));
        }
    return audio;
}

class AgainstLibebur128 : public testing::TestWithParam<std::tuple<int, int>> {};

INSTANTIATE_TEST_SUITE_P(RatesAndChannels, AgainstLibebur128,
                         testing::Combine(testing::Values(32'000, 44'100, 48'000, 96'000),
                                          testing::Values(1, 2, 3, 4, 5, 6)));

TEST_P(AgainstLibebur128, AgreesOnNoiseOfMovingLevel) {
    const auto [rate_hz, channels] = GetParam();

    expect_agreement(moving_noise(rate_hz, channels, 5));
}

TEST_P(AgainstLibebur128, AgreesOnAHighSineAndAnImpulse) {
    const auto [rate_hz, channels] = GetParam();
    Audio audio = sine(rate_hz, channels, 1.1, 0.37 * rate_hz, -3);
    audio.append(impulse(rate_hz, channels, rate_hz / 2, 77, 0.99f));

    expect_agreement(audio);
}

class RealSong : public testing::TestWithParam<std::tuple<std::string, int>> {};

INSTANTIATE_TEST_SUITE_P(EachAtEachRate, RealSong,
                         testing::Combine(testing::ValuesIn(song_names),
                                          testing::Values(32'000, 44'100, 48'000, 96'000)));

TEST_P(RealSong, IsMeasuredAsLibebur128Does) {
    const auto [name, rate_hz] = GetParam();
    const Audio song = load_song(name, rate_hz, 2, 6, 10);
    DUBPLATE_SKIP_WITHOUT_SONG(song);

    expect_agreement(song);
}

}  // namespace
}  // namespace dubplate
