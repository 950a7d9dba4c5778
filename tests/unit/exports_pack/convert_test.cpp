// What becomes of the samples: their length, their level, their loops.
#include <gmock/gmock.h>

#include "packing.h"

namespace dubplate {
namespace {

using namespace test;
using testing::HasSubstr;

struct Made {
    MemoryStore store;
    PackManifest manifest;

    const PackSample& sample(std::size_t item = 0) const { return manifest.items.at(item).samples.at(0); }
    Audio audio(std::size_t item = 0) { return decode(store, "/pack/" + sample(item).files.at(0).path); }
};

std::unique_ptr<Made> make(const PackSpec& spec, const Audio& audio, const TagSet& tags = {}) {
    auto made = std::make_unique<Made>();
    auto manifest = run_pack_of(spec, {wav_input(made->store, audio, "sample.wav", tags)}, made->store);
    EXPECT_TRUE(manifest) << manifest.error().to_string();
    if (manifest) made->manifest = *std::move(manifest);
    EXPECT_EQ(made->manifest.failed_count(), 0U);
    return made;
}

TEST(PackSample, HasTheRateAndDepthOfTheDeviceAndTheLengthOfItsSource) {
    for (const int rate : {8000, 16000, 22050, 32000, 44100, 96000, 192000}) {
        const auto made = make({}, sine(rate, 2, 0.5, 440, -20));
        EXPECT_EQ(made->sample().layout, (SampleLayout{48000, 2, 24000})) << rate;
        const Audio audio = made->audio();
        EXPECT_EQ(audio.format.sample_rate_hz, 48000);
        EXPECT_NEAR(gain_to_db(amplitude_at(std::span(audio.channels[0]).subspan(4800, 12000), 440, 48000)),
                    -20, 0.01)
            << rate;
    }
}

TEST(PackSample, BeginsWithAPlainHeaderOf44Bytes) {
    const auto made = make({}, sine(44100, 1, 0.5, 440, -20));
    const auto source = made->store.open("/pack/sample.wav");
    EXPECT_EQ((*source)->size(), 44U + 2U * 24000U);
    Bytes head(4);
    ASSERT_TRUE((*source)->read_at(36, head));
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(head.data()), 4), "data");
}

TEST(PackSample, KeepsEverySampleOfWhatFitsAsItIs) {
    const Audio audio = in_16_bits(noise(48000, 2, 0.3, 0.9));
    const auto made = make({}, audio);
    EXPECT_TRUE(made->sample().kept);
    EXPECT_EQ(made->audio(), audio);
}

TEST(PackSample, IsAiffWhereThatWasAskedFor) {
    PackSpec spec;
    spec.format = "aiff";
    const Audio audio = in_16_bits(noise(48000, 1, 0.3, 0.9));
    const auto made = make(spec, audio);
    EXPECT_EQ(made->sample().files.at(0).path, "sample.aif");
    EXPECT_EQ(made->audio(), audio);
}

TEST(PackSample, StaysMonoOrStereoUnlessFolded) {
    EXPECT_EQ(make({}, sine(48000, 1, 0.2, 440, -20))->audio().format.channels, 1);
    EXPECT_EQ(make({}, sine(48000, 2, 0.2, 440, -20))->audio().format.channels, 2);
    PackSpec spec;
    spec.mono = true;
    const Audio folded = make(spec, sine(48000, 2, 0.2, 440, -20))->audio();
    EXPECT_EQ(folded.format.channels, 1);
    EXPECT_NEAR(gain_to_db(amplitude_at(folded.channels[0], 440, 48000)), -20, 0.05);
}

TEST(PackSample, IsPaddedWithSilenceWhereItIsTooShort) {
    PackSpec spec;
    const Audio audio = in_16_bits(noise(48000, 1, 0.05, 0.5));
    MemoryStore store;
    const auto refused = run_pack_of(spec, {wav_input(store, audio, "short.wav")}, store);
    ASSERT_TRUE(refused);
    ASSERT_TRUE(refused->items[0].error);
    EXPECT_THAT(refused->items[0].error->to_string(),
                HasSubstr("50 ms long, the Roland SP-404MKII needs 100 ms; use --pad-short"));
    spec.pad_short = true;
    const Audio padded = make(spec, audio)->audio();
    EXPECT_EQ(padded.frames(), 5760);
    EXPECT_TRUE(std::equal(audio.channels[0].begin(), audio.channels[0].end(), padded.channels[0].begin()));
    for (std::int64_t i = audio.frames(); i < padded.frames(); ++i) ASSERT_EQ(padded.at(0, i), 0.0f) << i;
}

TEST(PackSample, OfExactly100MillisecondsPassesAndOneFrameLessDoesNot) {
    MemoryStore store;
    const auto manifest = run_pack_of({},
                                      {wav_input(store, noise(48000, 1, 4800.0 / 48000, 0.5), "enough.wav"),
                                       wav_input(store, noise(48000, 1, 4799.0 / 48000, 0.5), "less.wav")},
                                      store);
    ASSERT_TRUE(manifest);
    EXPECT_FALSE(manifest->items[0].error);
    EXPECT_TRUE(manifest->items[1].error);
    EXPECT_FALSE(manifest->items[1].validation.meets_duration_requirement);
    EXPECT_EQ(manifest->failed_count(), 1U);
}

TEST(PackSample, LosesItsSilentEnds) {
    Audio audio = silence(48000, 1, 0.5);
    audio.append(in_16_bits(sine(48000, 1, 0.5, 1000, -6)));
    audio.append(silence(48000, 1, 0.5));
    PackSpec spec;
    spec.trim_silence_dbfs = -60;
    EXPECT_NEAR(static_cast<double>(make(spec, audio)->audio().frames()), 24000, 4);
}

TEST(PackSample, IsLiftedToAPeakOrALoudness) {
    PackSpec spec;
    spec.normalize = PackNormalize::peak;
    spec.true_peak_dbtp = -1;
    const Audio peak = make(spec, sine(48000, 2, 1, 997, -20))->audio();
    EXPECT_NEAR(gain_to_db(amplitude_at(std::span(peak.channels[0]).first(48000), 997, 48000)), -1, 0.05);
    spec.normalize = PackNormalize::loudness;
    spec.target_lufs = -23;
    // A sine at -20 dBFS in both channels measures -20 LUFS (EBU Tech 3341, case 1 at 3 dB more).
    const Audio loud = make(spec, sine(48000, 2, 3, 997, -20))->audio();
    EXPECT_NEAR(gain_to_db(amplitude_at(std::span(loud.channels[0]).first(48000), 997, 48000)), -23, 0.05);
}

TEST(PackSample, NormalizedToALoudnessStaysUnderTheCeiling) {
    PackSpec spec;
    spec.normalize = PackNormalize::loudness;
    spec.target_lufs = 0;
    const Audio audio = make(spec, sine(48000, 2, 1, 997, -20))->audio();
    EXPECT_NEAR(gain_to_db(amplitude_at(std::span(audio.channels[0]).first(48000), 997, 48000)), -1, 0.05);
}

// How far the turn from the last frame to the first is from what a sine would do there.
double click_at_turn(const Audio& loop, std::int64_t begin, double frequency_hz) {
    const std::span<const float> turn = std::span(loop.channels[0]).subspan(static_cast<std::size_t>(begin));
    const double step = 2 * std::numbers::pi * frequency_hz / loop.format.sample_rate_hz;
    const auto at = [&](std::size_t i) { return static_cast<double>(turn[i % turn.size()]); };
    double worst = 0;
    // A sine obeys x[n+1] = 2 cos(w) x[n] - x[n-1], also over the turn.
    for (std::size_t i = turn.size() - 8; i < turn.size() + 8; ++i)
        worst = std::max(worst, std::abs(at(i + 1) - 2 * std::cos(step) * at(i) + at(i - 1)));
    return worst;
}

TEST(PackLoop, TurnsWithoutAClickAfterItWasResampled) {
    // 100 whole periods in 22,051 frames: no whole number of frames at 48 kHz.
    const double frequency = 100 * 44100.0 / 22051;
    const Audio audio = sine(44100, 1, 22051.0 / 44100, frequency, -6, {.phase_degrees = 90});
    TagSet tags;
    tags.loop = SampleLoop{0, 22051, 60};
    const auto made = make({}, audio, tags);
    const Audio loop = made->audio();
    ASSERT_EQ(loop.frames(), 24001);
    const double two_steps = 4 * 2 / 32768.0;  // four dithered samples
    EXPECT_LT(click_at_turn(loop, 0, 100 * 48000.0 / 24001), two_steps);
    // What does not loop has the filter's edge there, of silence before and behind it.
    const Audio plain = make({}, audio)->audio();
    EXPECT_GT(click_at_turn(plain, 0, 100 * 48000.0 / static_cast<double>(plain.frames())), 10 * two_steps);
}

TEST(PackLoop, KeepsItsHeadBeforeTheTurn) {
    PackSpec spec;
    MemoryStore store;
    const double frequency = 50 * 44100.0 / 11027;
    const Audio audio = sine(44100, 1, 30000.0 / 44100, frequency, -6);
    const ExpandedInput input = wav_input(store, audio, "tone.wav");
    spec.kit = "k";
    spec.preview = true;
    PackPad pad{.pad = "A1", .sample = "tone.wav"};
    pad.settings.loop = true;
    pad.loop_seconds = 5000.0 / 44100;
    pad.end_seconds = 16027.0 / 44100;
    spec.pads = {pad};
    const auto manifest = run_pack_of(spec, {input}, store);
    ASSERT_TRUE(manifest) << manifest.error().to_string();
    ASSERT_EQ(manifest->failed_count(), 0U);
    const Audio made = decode(store, "/pack/k/bank_A/pad_01_tone.wav");
    const std::int64_t turn = 12002;  // 11,027 frames at 48 kHz, rounded
    EXPECT_NEAR(static_cast<double>(made.frames()), 16027 * 48000.0 / 44100, 1);
    EXPECT_LT(click_at_turn(made, made.frames() - turn, 50 * 48000.0 / static_cast<double>(turn)),
              8 / 32768.0);
    EXPECT_TRUE(std::ranges::all_of(manifest->project, &ProofCheck::passed));
}

}  // namespace
}  // namespace dubplate
