#include "exports/stems/null_test.h"

#include <gtest/gtest.h>

#include "support/exporting.h"

namespace dubplate {
namespace {

using test::Audio;

// A signal as a reader that keeps it.
class SignalReader final : public AudioReader {
  public:
    explicit SignalReader(const Audio& audio)
        : input_(*test::input_of(audio, "track").input), reader_(std::move(input_.open()->reader)) {}
    const SourceInfo& info() const override { return reader_->info(); }
    Result<std::int64_t> read(BlockView<float> target) override { return reader_->read(target); }
    Status rewind() override { return reader_->rewind(); }

  private:
    AudioInput input_;
    std::unique_ptr<AudioReader> reader_;
};

std::unique_ptr<AudioReader> reader_of(const Audio& audio) {
    return std::make_unique<SignalReader>(audio);
}

MixReader mix_of(std::vector<MixTrack> tracks, int threads = 2) {
    return MixReader(std::move(tracks), 0, threads);
}

NullTest compare(const std::vector<Audio>& stems, const Audio& mix, double limit = 1e-6) {
    std::vector<MixTrack> tracks;
    for (const Audio& stem : stems) tracks.push_back({"stem", reader_of(stem), 0, 0});
    MixReader sum = mix_of(std::move(tracks));
    const auto result = null_test(sum, *reader_of(mix), limit, {}, {});
    EXPECT_TRUE(result);
    return *result;
}

Audio shifted(const Audio& audio, std::int64_t frames) {
    Audio moved(audio.format.sample_rate_hz, audio.format.channels, audio.frames());
    for (int c = 0; c < audio.format.channels; ++c)
        for (std::int64_t i = 0; i < audio.frames(); ++i)
            if (i - frames >= 0 && i - frames < audio.frames()) moved.at(c, i) = audio.at(c, i - frames);
    return moved;
}

TEST(MixReader, PansAsABalance) {
    const Audio mono = test::sine(48'000, 1, 0.1, 1000, -6);
    std::vector<MixTrack> tracks;
    tracks.push_back({"left", reader_of(mono), 0, -1});
    tracks.push_back({"right, half as loud", reader_of(mono), -6.0206, 0.5});
    MixReader mix = mix_of(std::move(tracks));
    BlockBuffer<float> block(2, 4'800);

    ASSERT_EQ(*mix.read(block.view(4'800)), 4'800);

    const float sample = mono.at(0, 1'212);
    EXPECT_NEAR(block.channel(0)[1'212], sample + sample * 0.5F * 0.5F, 1e-5);
    EXPECT_NEAR(block.channel(1)[1'212], sample * 0.5F, 1e-5);
}

TEST(MixReader, IsTheSameOnAnyNumberOfThreads) {
    const auto mix = [](int threads) {
        std::vector<MixTrack> tracks;
        for (std::uint64_t i = 0; i < 7; ++i)
            tracks.push_back(
                {"track", reader_of(test::noise(48'000, 2, 2, 0.1, i)), -static_cast<double>(i), 0.1});
        MixReader reader = mix_of(std::move(tracks), threads);
        BlockBuffer<float> block(2, block_frames);
        std::vector<float> samples;
        for (auto frames = reader.read(block.view(block_frames)); *frames > 0;
             frames = reader.read(block.view(block_frames)))
            samples.insert(samples.end(), block.channel(0).begin(), block.channel(0).begin() + *frames);
        return samples;
    };

    const std::vector<float> alone = mix(1);

    EXPECT_EQ(alone.size(), 96'000U);
    EXPECT_EQ(mix(2), alone);
    EXPECT_EQ(mix(8), alone);
}

TEST(NullTest, FindsNothingBetweenStemsAndTheirSum) {
    const Audio a = test::noise(48'000, 2, 3, 0.25, 1);
    const Audio b = test::noise(48'000, 2, 3, 0.25, 2);
    Audio mix = a;
    for (int c = 0; c < 2; ++c)
        for (std::int64_t i = 0; i < mix.frames(); ++i) mix.at(c, i) += b.at(c, i);

    const NullTest test = compare({a, b}, mix);

    EXPECT_TRUE(test.passed);
    EXPECT_LT(test.residual_peak_dbfs, -140);
    EXPECT_EQ(test.offset_frames, 0);
    EXPECT_NEAR(test.mix_rms_dbfs, test.sum_rms_dbfs, 1e-6);
}

TEST(NullTest, TellsHowFarTheMixIsOff) {
    const Audio track = test::noise(48'000, 2, 6, 0.5);
    for (const std::int64_t offset : {1, -1, 441, -480, 20'000}) {
        const NullTest test = compare({track}, shifted(track, offset));

        EXPECT_FALSE(test.passed) << offset;
        EXPECT_EQ(test.offset_frames, offset);
        EXPECT_FALSE(test.inverted);
    }
}

TEST(NullTest, TellsAnInvertedMix) {
    const Audio track = test::noise(48'000, 2, 3, 0.5);
    Audio mix = track;
    for (auto& channel : mix.channels)
        for (float& sample : channel) sample = -sample;

    const NullTest test = compare({track}, mix);

    EXPECT_FALSE(test.passed);
    EXPECT_TRUE(test.inverted);
    EXPECT_EQ(test.offset_frames, 0);
    EXPECT_NEAR(test.residual_rms_dbfs, test.mix_rms_dbfs + 6.02, 0.01);
}

TEST(NullTest, TellsTheGainThatFits) {
    const Audio track = test::noise(48'000, 1, 3, 0.5);

    const NullTest test = compare({track}, test::scaled(track, -3));

    EXPECT_FALSE(test.passed);
    EXPECT_NEAR(test.gain_db, -3, 0.01);
}

TEST(NullTest, NamesTheWorstPlace) {
    const Audio track = test::noise(48'000, 1, 3, 0.25);
    Audio mix = track;
    mix.at(0, 100'000) += 0.5F;

    const NullTest test = compare({track}, mix);

    EXPECT_EQ(test.worst_frame, 100'000);
    EXPECT_NEAR(test.residual_peak_dbfs, -6.02, 0.01);
}

TEST(NullTest, CountsWhatOnlyOneOfTheTwoHas) {
    const Audio track = test::noise(48'000, 1, 1, 0.25);
    Audio mix = track;
    mix.append(test::sine(48'000, 1, 1, 1000, -20));

    EXPECT_FALSE(compare({track}, mix).passed);
}

TEST(NullTest, StopsWhereItIsAsked) {
    std::vector<MixTrack> tracks;
    tracks.push_back({"stem", reader_of(test::silence(48'000, 1, 1)), 0, 0});
    MixReader sum = mix_of(std::move(tracks));
    std::stop_source stop;
    stop.request_stop();

    const auto result = null_test(sum, *reader_of(test::silence(48'000, 1, 1)), 0, {}, stop.get_token());

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::canceled);
}

}  // namespace
}  // namespace dubplate
