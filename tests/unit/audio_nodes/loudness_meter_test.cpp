#include "audio/nodes/loudness_meter.h"
#include "audio/nodes/section_meter.h"
#include "support/signals.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace dubplate {
namespace {

using namespace test;

LoudnessResult measure(const Audio& audio, std::int64_t block = block_frames,
                       LoudnessMeterOptions options = {}) {
    LoudnessMeter meter(options);
    drive<float>(meter, audio, block);
    return meter.result();
}

void expect_equal(const PeakPlace& a, const PeakPlace& b) {
    EXPECT_EQ(a.dbtp, b.dbtp);
    EXPECT_EQ(a.frame, b.frame);
    EXPECT_EQ(a.channel, b.channel);
}

void expect_equal(const LoudnessResult& a, const LoudnessResult& b) {
    EXPECT_EQ(a.frames, b.frames);
    EXPECT_EQ(a.integrated_lufs, b.integrated_lufs);
    EXPECT_EQ(a.range_lu, b.range_lu);
    EXPECT_EQ(a.max_momentary_lufs, b.max_momentary_lufs);
    EXPECT_EQ(a.max_short_term_lufs, b.max_short_term_lufs);
    EXPECT_EQ(a.sample_peak, b.sample_peak);
    EXPECT_EQ(a.short_term_lufs, b.short_term_lufs);
    EXPECT_EQ(a.momentary_lufs, b.momentary_lufs);
    expect_equal(a.true_peak, b.true_peak);
    ASSERT_EQ(a.peak_places.size(), b.peak_places.size());
    for (std::size_t i = 0; i < a.peak_places.size(); ++i) expect_equal(a.peak_places[i], b.peak_places[i]);
}

TEST(LoudnessMeter, ReadsMinusThreeForAFullScaleSineInOneChannel) {
    EXPECT_NEAR(measure(sine(48'000, 1, 5, 997, 0)).integrated_lufs, -3.01, 0.005);
}

TEST(LoudnessMeter, FollowsLevelDecibelByDecibel) {
    const double loud = measure(noise(44'100, 2, 5, 0.5)).integrated_lufs;

    const double quiet = measure(scaled(noise(44'100, 2, 5, 0.5), -10)).integrated_lufs;

    EXPECT_NEAR(loud - quiet, 10, 1e-6);
}

TEST(LoudnessMeter, CountsADualMonoFileThreeDecibelsLouder) {
    const Audio mono = noise(48'000, 1, 3, 0.3);

    EXPECT_NEAR(
        measure(mono, block_frames, {.dual_mono = true}).integrated_lufs - measure(mono).integrated_lufs,
        10 * std::log10(2.0), 1e-9);
}

TEST(LoudnessMeter, IgnoresDualMonoForStereo) {
    const Audio stereo = noise(48'000, 2, 3, 0.3);

    EXPECT_EQ(measure(stereo, block_frames, {.dual_mono = true}).integrated_lufs,
              measure(stereo).integrated_lufs);
}

TEST(LoudnessMeter, LeavesTheLowFrequencyChannelOut) {
    Audio surround = silence(48'000, 6, 2);
    surround.channels[3] = sine(48'000, 1, 2, 1000, -10).channels[0];

    EXPECT_EQ(measure(surround).integrated_lufs, silence_db);
    EXPECT_NEAR(measure(surround).true_peak.dbtp, -10, 0.05) << "its peaks count all the same";
}

TEST(LoudnessMeter, WeighsSurroundsByOnePointFourOne) {
    Audio front = silence(48'000, 5, 2);
    Audio back = front;
    front.channels[0] = sine(48'000, 1, 2, 1000, -20).channels[0];
    back.channels[4] = front.channels[0];

    EXPECT_NEAR(measure(back).integrated_lufs - measure(front).integrated_lufs, 10 * std::log10(1.41), 1e-9);
}

TEST(LoudnessMeter, IsTheSameForEveryBlockSize) {
    Audio audio = noise(44'100, 2, 1.7, 0.4, 3);
    audio.append(sine(44'100, 2, 2.531, 11'000, -1));
    audio.append(noise(44'100, 2, 1.1, 0.9, 4));
    const LoudnessResult whole = measure(audio, audio.frames());

    for (const std::int64_t block : block_sizes) expect_equal(measure(audio, block), whole);
}

TEST(LoudnessMeter, IsTheSameForEveryBlockSizeAtARateThatIsNoMultipleOfTen) {
    const Audio audio = noise(11'027, 3, 4, 0.4, 3);
    const LoudnessResult whole = measure(audio, audio.frames());

    for (const std::int64_t block : block_sizes) expect_equal(measure(audio, block), whole);
}

TEST(LoudnessMeter, IsTheSameOnAnyNumberOfThreads) {
    Audio audio = noise(44'100, 2, 14.0, 0.4);
    audio.append(sine(44'100, 2, 6.3, 997, -1));
    const LoudnessResult alone = measure(audio);
    for (const int threads : {2, 3, 7}) {
        const LoudnessResult together = measure(audio, 4096, {.threads = threads});
        expect_equal(alone, together);
        EXPECT_EQ(alone.momentary_lufs, together.momentary_lufs) << threads << " threads";
    }
}

// The end of the stream may fall anywhere around the end of a section.
TEST(LoudnessMeter, MeasuresAPeakAndAToneOverTheBordersOfSections) {
    const SectionMeter sections({48'000, 2}, std::vector<double>{1, 1});
    for (const std::int64_t beyond : {-1, 0, 1, 5, 480}) {
        const std::int64_t frames = 2 * sections.section_frames() + beyond;
        Audio audio = sine(48'000, 2, static_cast<double>(frames) / 48'000, 997, -20);
        ASSERT_EQ(audio.frames(), frames);
        audio.at(1, frames - 1) = 0.9F;
        audio.at(0, sections.section_frames() - 1) = 0.7F;
        audio.at(0, sections.section_frames()) = 0.7F;

        const LoudnessResult result = measure(audio);

        EXPECT_EQ(result.frames, frames);
        EXPECT_NEAR(result.integrated_lufs, -20, 0.02) << beyond;
        EXPECT_GT(result.true_peak.dbtp, gain_to_db(0.9) - 0.01);
        EXPECT_EQ(result.true_peak.frame, frames - 1);
        ASSERT_GE(result.peak_places.size(), 2U);
        const auto between = std::ranges::max_element(result.peak_places, {}, [&](const PeakPlace& place) {
            return place.channel == 0 ? place.dbtp : -99;
        });
        EXPECT_NEAR(static_cast<double>(between->frame), static_cast<double>(sections.section_frames()), 1);
        EXPECT_GT(between->dbtp, -1.5) << "the two frames of 0.7 belong together";
    }
}

TEST(LoudnessMeter, TakesSamplesThatAreNoSound) {
    const Audio loud = sine(44'100, 2, 8.0, 997, 0);
    Audio huge = loud;
    for (auto& channel : huge.channels)
        for (float& sample : channel) sample *= 0x1p100F;

    const LoudnessResult result = measure(huge);

    EXPECT_NEAR(result.integrated_lufs, measure(loud).integrated_lufs + gain_to_db(0x1p100), 1e-6);
}

TEST(LoudnessMeter, DoesNotDriftAtARateThatIsNoMultipleOfTen) {
    // 12 345 Hz: steps of 1234 or 1235 frames. After 60 s there are 600 of them, and neither 599 nor 601.
    const LoudnessResult result = measure(sine(12'345, 1, 60, 1000, -20));

    EXPECT_EQ(result.momentary_lufs.size(), 597U);
    EXPECT_EQ(result.short_term_lufs.size(), 571U);
    EXPECT_NEAR(result.momentary_lufs.back(), result.momentary_lufs[10], 0.01);
}

TEST(LoudnessMeter, GivesAShortStreamItsUngatedLoudness) {
    const LoudnessResult brief = measure(sine(48'000, 2, 0.2, 1000, -20));

    EXPECT_TRUE(brief.is_short);
    EXPECT_NEAR(brief.integrated_lufs, -20, 0.3);
    EXPECT_EQ(brief.max_momentary_lufs, silence_db);
    EXPECT_EQ(brief.range_lu, 0);
    EXPECT_TRUE(brief.momentary_lufs.empty());
}

TEST(LoudnessMeter, CallsNothingOfFourHundredMillisecondsShort) {
    EXPECT_TRUE(measure(noise(48'000, 1, 0.399, 0.1)).is_short);
    EXPECT_FALSE(measure(noise(48'000, 1, 0.4, 0.1)).is_short);
}

TEST(LoudnessMeter, FindsNothingInSilence) {
    const LoudnessResult result = measure(silence(48'000, 2, 5));

    EXPECT_EQ(result.integrated_lufs, silence_db);
    EXPECT_EQ(result.range_lu, 0);
    EXPECT_EQ(result.true_peak.dbtp, silence_db);
    EXPECT_EQ(result.sample_peak, 0);
    EXPECT_TRUE(result.peak_places.empty());
    EXPECT_FALSE(result.is_short);
}

TEST(LoudnessMeter, TakesAStreamOfNoFrames) {
    const LoudnessResult result = measure(silence(48'000, 2, 0));

    EXPECT_EQ(result.frames, 0);
    EXPECT_TRUE(result.is_short);
    EXPECT_EQ(result.integrated_lufs, silence_db);
    EXPECT_EQ(result.true_peak.dbtp, silence_db);
}

TEST(LoudnessMeter, TakesAStreamOfOneFrame) {
    const LoudnessResult result = measure(impulse(48'000, 1, 1, 0, 0.5f));

    EXPECT_EQ(result.frames, 1);
    EXPECT_EQ(result.sample_peak, 0.5);
    EXPECT_NEAR(result.true_peak.dbtp, -6.02, 0.01);
    EXPECT_EQ(result.true_peak.frame, 0);
}

TEST(LoudnessMeter, CountsNonFiniteSamplesAndMeasuresThemAsGainMakesThem) {
    Audio clean = noise(48'000, 2, 2, 0.5);
    Audio dirty = clean;
    const float bad[] = {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                         -std::numeric_limits<float>::infinity()};
    for (int i = 0; i < 300; ++i) {
        clean.at(i % 2, 100 * i) = i % 3 == 0 ? 0.0f : i % 3 == 1 ? 1.0f : -1.0f;
        dirty.at(i % 2, 100 * i) = bad[i % 3];
    }

    const LoudnessResult result = measure(dirty);

    EXPECT_EQ(result.non_finite_samples, 300);
    EXPECT_EQ(measure(clean).non_finite_samples, 0);
    expect_equal(result, measure(clean));
}

TEST(LoudnessMeter, MeasuresTheLastFrames) {
    // The crest lies between the last two frames: only the filter's tail reaches it.
    Audio audio = silence(48'000, 1, 1);
    audio.at(0, audio.frames() - 2) = 0.5f;
    audio.at(0, audio.frames() - 1) = 0.5f;

    const LoudnessResult result = measure(audio);

    EXPECT_GT(result.true_peak.dbtp, -4.5);
    EXPECT_GE(result.true_peak.frame, audio.frames() - 2);
}

TEST(LoudnessMeter, TellsWhereThePeaksAre) {
    Audio audio = silence(48'000, 2, 30);
    for (int i = 0; i < 14;
         ++i)  // one every two seconds, each a little lower, the right channel for odd ones
        audio.at(i % 2, 96'000 * i + 1234) = static_cast<float>(0.9 - 0.05 * i);

    const LoudnessResult result = measure(audio);

    EXPECT_EQ(result.true_peak.frame, 1234);
    EXPECT_EQ(result.true_peak.channel, 0);
    ASSERT_EQ(result.peak_places.size(), 10U);
    for (int i = 0; i < 10; ++i) {
        const PeakPlace& place = result.peak_places[static_cast<std::size_t>(i)];
        EXPECT_EQ(place.frame, 96'000 * i + 1234);
        EXPECT_EQ(place.channel, i % 2);
        EXPECT_NEAR(place.dbtp, gain_to_db(0.9 - 0.05 * i), 1e-4);
    }
}

TEST(LoudnessMeter, KeepsPeakPlacesOneSecondApart) {
    const LoudnessResult result = measure(noise(44'100, 2, 40, 0.7, 9));

    ASSERT_EQ(result.peak_places.size(), 10U);
    for (std::size_t i = 1; i < result.peak_places.size(); ++i)
        EXPECT_GE(result.peak_places[i].frame - result.peak_places[i - 1].frame, 44'100);
}

TEST(LoudnessMeter, FindsTheHighestPeakAmongManyWindows) {
    Audio audio = noise(44'100, 1, 60, 0.3, 5);
    audio.at(0, 44'100 * 47 + 17) = 0.95f;

    const LoudnessResult result = measure(audio);

    EXPECT_NEAR(static_cast<double>(result.true_peak.frame), 44'100 * 47 + 17, 1);
    EXPECT_GE(result.true_peak.dbtp, gain_to_db(0.95) - 1e-5);
}

TEST(LoudnessMeter, ReadsOnlySamplesFromOneHundredNinetyTwoKilohertz) {
    const Audio audio = sine(192'000, 1, 0.5, 48'000, 0, {.phase_degrees = 45});

    EXPECT_NEAR(measure(audio).true_peak.dbtp, -3.01, 0.01);
}

TEST(LoudnessMeter, ReadsBetweenTheSamplesBelowOneHundredNinetyTwoKilohertz) {
    const Audio audio = sine(96'000, 1, 0.5, 24'000, 0, {.phase_degrees = 45, .fade_seconds = 0.1});

    EXPECT_NEAR(measure(audio).true_peak.dbtp, 0, 0.05);
}

TEST(LoudnessMeter, TakesNumbersTooSmallToBeNormal) {
    const LoudnessResult result = measure(scaled(noise(48'000, 2, 1, 1.0), -790));

    EXPECT_EQ(result.integrated_lufs, silence_db);
    EXPECT_EQ(result.true_peak.dbtp, silence_db);
    EXPECT_EQ(result.non_finite_samples, 0);
}

TEST(LoudnessMeter, RefusesWhatItCannotMeasure) {
    for (const StreamFormat format :
         {StreamFormat{48'000, 0}, StreamFormat{48'000, 9}, StreamFormat{7'999, 2}, StreamFormat{384'001, 2},
          StreamFormat{0, 2}, StreamFormat{-1, 2}}) {
        LoudnessMeter meter;
        const Status status = meter.start(format);

        ASSERT_FALSE(status);
        EXPECT_EQ(status.error().code, ErrorCode::unsupported);
    }
}

TEST(JointLoudness, IsThatOfAllProgramsPlayedOneAfterTheOther) {
    // Each program ends in silence for the length of a gating block, so no block spans two of them.
    const Audio first = tones(48'000, 2, {{-20, 8}, {silence_db, 0.4}});
    const Audio second = tones(48'000, 2, {{-28, 12}, {silence_db, 0.4}});
    LoudnessMeter meters[2];
    drive<float>(meters[0], first);
    drive<float>(meters[1], second);
    Audio joined = first;
    joined.append(second);

    const LoudnessMeter* pointers[] = {&meters[0], &meters[1]};

    EXPECT_NEAR(joint_integrated_lufs(pointers), measure(joined).integrated_lufs, 0.05);
    EXPECT_GT(meters[0].result().integrated_lufs, joint_integrated_lufs(pointers));
    EXPECT_LT(meters[1].result().integrated_lufs, joint_integrated_lufs(pointers));
}

TEST(JointLoudness, OfOneProgramIsItsOwn) {
    LoudnessMeter meter;
    drive<float>(meter, noise(48'000, 2, 3, 0.3));
    const LoudnessMeter* pointers[] = {&meter};

    EXPECT_EQ(joint_integrated_lufs(pointers), meter.result().integrated_lufs);
}

TEST(JointLoudness, MixesSampleRates) {
    LoudnessMeter meters[2];
    drive<float>(meters[0], sine(48'000, 2, 5, 1000, -20));
    drive<float>(meters[1], sine(44'100, 2, 5, 1000, -20));
    const LoudnessMeter* pointers[] = {&meters[0], &meters[1]};

    EXPECT_NEAR(joint_integrated_lufs(pointers), -20, 0.1);
}

TEST(JointLoudness, OfShortProgramsIsUngated) {
    LoudnessMeter meters[2];
    drive<float>(meters[0], sine(48'000, 2, 0.2, 1000, -20));
    drive<float>(meters[1], silence(48'000, 2, 0.2));
    const LoudnessMeter* pointers[] = {&meters[0], &meters[1]};

    EXPECT_NEAR(joint_integrated_lufs(pointers), meters[0].result().integrated_lufs - 3.01, 0.01);
}

TEST(JointLoudness, OfNothingIsSilence) {
    EXPECT_EQ(joint_integrated_lufs({}), silence_db);
}

}  // namespace
}  // namespace dubplate
