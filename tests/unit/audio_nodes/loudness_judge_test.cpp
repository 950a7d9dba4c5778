// Ours against libebur128, which shares no code with it.
#include <ebur128.h>
#include <gtest/gtest.h>

#include <memory>

#include "audio/nodes/loudness_meter.h"
#include "support/signals.h"
#include "support/songs.h"

namespace dubplate {
namespace {

using namespace test;

struct Judged {
    double integrated = 0;
    double range = 0;
    double true_peak = 0;
    double sample_peak = 0;
};

Judged judge(Audio audio) {
    const auto close = [](ebur128_state* state) { ebur128_destroy(&state); };
    const std::unique_ptr<ebur128_state, decltype(close)> state(
        ebur128_init(static_cast<unsigned>(audio.format.channels),
                     static_cast<unsigned long>(audio.format.sample_rate_hz),
                     EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK),
        close);
    Judged result;
    const auto add = [&](const Audio& part) {
        std::vector<float> interleaved;
        for (std::int64_t i = 0; i < part.frames(); ++i)
            for (int c = 0; c < part.format.channels; ++c) interleaved.push_back(part.at(c, i));
        EXPECT_EQ(ebur128_add_frames_float(state.get(), interleaved.data(),
                                           static_cast<std::size_t>(part.frames())),
                  EBUR128_SUCCESS);
    };
    add(audio);
    EXPECT_EQ(ebur128_loudness_global(state.get(), &result.integrated), EBUR128_SUCCESS);
    EXPECT_EQ(ebur128_loudness_range(state.get(), &result.range), EBUR128_SUCCESS);
    add(silence(audio.format.sample_rate_hz, audio.format.channels, 0.01));  // its filter's tail
    for (unsigned c = 0; c < state->channels; ++c) {
        double peak = 0;
        EXPECT_EQ(ebur128_true_peak(state.get(), c, &peak), EBUR128_SUCCESS);
        result.true_peak = std::max(result.true_peak, peak);
        EXPECT_EQ(ebur128_sample_peak(state.get(), c, &peak), EBUR128_SUCCESS);
        result.sample_peak = std::max(result.sample_peak, peak);
    }
    return result;
}

void expect_agreement(const Audio& audio, double range_tolerance) {
    const Judged judged = judge(audio);
    LoudnessMeter meter;

    drive<float>(meter, audio);

    const LoudnessResult& ours = meter.result();
    EXPECT_NEAR(ours.integrated_lufs, judged.integrated, 0.001);
    EXPECT_NEAR(db_to_gain(ours.true_peak.dbtp), judged.true_peak, 1e-5 * std::max(1.0, judged.true_peak));
    EXPECT_NEAR(ours.sample_peak, judged.sample_peak, 1e-7);
    EXPECT_NEAR(ours.range_lu, judged.range, range_tolerance);
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

    // It takes one short-term value a second where we take ten, so ranges differ a little.
    expect_agreement(moving_noise(rate_hz, channels, 8), 1.0);
}

TEST_P(AgainstLibebur128, AgreesOnAHighSineAndAnImpulse) {
    const auto [rate_hz, channels] = GetParam();
    Audio audio = sine(rate_hz, channels, 1.1, 0.37 * rate_hz, -3);
    audio.append(impulse(rate_hz, channels, rate_hz / 2, 77, 0.99f));

    expect_agreement(audio, 0.01);
}

class RealSong : public testing::TestWithParam<std::tuple<std::string, int>> {};

INSTANTIATE_TEST_SUITE_P(EachAtEachRate, RealSong,
                         testing::Combine(testing::ValuesIn(song_names),
                                          testing::Values(32'000, 44'100, 48'000, 96'000)));

TEST_P(RealSong, IsMeasuredAsLibebur128Does) {
    const auto [name, rate_hz] = GetParam();
    const Audio song = load_song(name, rate_hz, 2, 12);
    DUBPLATE_SKIP_WITHOUT_SONG(song);

    expect_agreement(song, 0.3);
}

}  // namespace
}  // namespace dubplate
