#include "analysis/mono_mix.h"
#include "unit/analysis/rhythms.h"

#include <gtest/gtest.h>

#include <limits>

namespace dubplate::test {

namespace {

// A piece of one channel as two, the second times `factor`.
Audio widened(const Audio& mono, float factor) {
    Audio audio = mono;
    audio.format.channels = 2;
    audio.channels.push_back(mono.channels[0]);
    for (float& sample : audio.channels[1]) sample *= factor;
    return audio;
}

std::vector<float> mixed(const Audio& audio, std::int64_t block_frames) {
    MonoMix mix;
    std::vector<float> all;
    std::vector<float> part;
    for (std::int64_t begin = 0; begin < audio.frames(); begin += block_frames) {
        const std::int64_t count = std::min(block_frames, audio.frames() - begin);
        std::vector<const float*> channels;
        for (const auto& channel : audio.channels) channels.push_back(channel.data() + begin);
        mix.process(BlockView<const float>(channels, count), part);
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

}  // namespace

TEST(MonoMix, IsTheMeanOfTheChannels) {
    const Audio audio = noise(rhythm_rate_hz, 2, 0.5, 0.5);

    const std::vector<float> mono = mixed(audio, 1000);

    for (std::int64_t i = 0; i < audio.frames(); ++i)
        ASSERT_EQ(mono[static_cast<std::size_t>(i)], (audio.at(0, i) + audio.at(1, i)) * 0.5f) << i;
}

TEST(MonoMix, HearsWhatTwoChannelsPlayInOppositePhase) {
    const Audio loop = drum_loop(16, 8 * rhythm_rate_hz);

    const Tempo in_phase = music_of(widened(loop, 1)).tempo;
    const Tempo opposite = music_of(widened(loop, -1)).tempo;

    ASSERT_TRUE(in_phase.bpm);
    ASSERT_TRUE(opposite.bpm) << opposite.reason;
    EXPECT_NEAR(*opposite.bpm, *in_phase.bpm, 0.01);
    EXPECT_NEAR(opposite.confidence, in_phase.confidence, 0.1);
}

TEST(MonoMix, GoesBackToTheSumWhereTheChannelsAgreeAgain) {
    Audio audio = widened(drum_loop(8, 4 * rhythm_rate_hz), -1);
    const Audio rest = widened(drum_loop(8, 4 * rhythm_rate_hz), 1);
    audio.append(rest);

    const std::vector<float> mono = mixed(audio, 8192);

    const std::size_t last_second = mono.size() - rhythm_rate_hz;
    for (std::size_t i = last_second; i < mono.size(); ++i) ASSERT_EQ(mono[i], audio.channels[0][i]) << i;
}

TEST(MonoMix, IsTheSameForEveryBlockSize) {
    Audio audio = widened(drum_loop(8, 3 * rhythm_rate_hz + 77), -1);
    audio.append(widened(drum_loop(8, 3 * rhythm_rate_hz + 77), 0.5));
    const std::vector<float> whole = mixed(audio, audio.frames());

    for (const std::int64_t block : {1, 7, 64, 1024, 4099}) EXPECT_EQ(mixed(audio, block), whole) << block;
}

TEST(MonoMix, TakesWhatIsNotFiniteForSilence) {
    Audio audio = noise(rhythm_rate_hz, 2, 0.1, 0.5);
    audio.at(0, 100) = std::numeric_limits<float>::infinity();
    audio.at(1, 200) = std::numeric_limits<float>::quiet_NaN();

    const std::vector<float> mono = mixed(audio, 512);

    EXPECT_EQ(mono[100], 0);
    EXPECT_EQ(mono[200], 0);
}

}  // namespace dubplate::test
