// The minimum requirements of EBU Tech 3341 (Table 1) and Tech 3342 (Table 1), their signals made from the text of the
// tables. Cases 7 and 8 of the first and 5 and 6 of the second are recordings of programs and cannot be made.
#include "audio/nodes/loudness_meter.h"
#include "support/signals.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace dubplate {
namespace {

using namespace test;

constexpr double ours_lu = 0.06;  // ours; the specification allows 0.1

LoudnessResult measure(const Audio& audio) {
    LoudnessMeter meter;
    drive<float>(meter, audio);
    return meter.result();
}

class EbuTech3341 : public testing::TestWithParam<int> {
  protected:
    int rate() const { return GetParam(); }
    void expect_integrated(const std::vector<Tone>& sequence, double lufs) const {
        EXPECT_NEAR(measure(tones(rate(), 2, sequence)).integrated_lufs, lufs, ours_lu);
    }
};

INSTANTIATE_TEST_SUITE_P(AtEachRate, EbuTech3341, testing::Values(44'100, 48'000));

TEST_P(EbuTech3341, Case1SteadyToneAtTarget) {
    const LoudnessResult result = measure(tones(rate(), 2, {{-23, 20}}));

    EXPECT_NEAR(result.integrated_lufs, -23, ours_lu);
    for (const float lufs : result.momentary_lufs) EXPECT_NEAR(lufs, -23, ours_lu);
    for (const float lufs : result.short_term_lufs) EXPECT_NEAR(lufs, -23, ours_lu);
}

TEST_P(EbuTech3341, Case2SteadyToneTenLower) {
    const LoudnessResult result = measure(tones(rate(), 2, {{-33, 20}}));

    EXPECT_NEAR(result.integrated_lufs, -33, ours_lu);
    EXPECT_NEAR(result.momentary_lufs.back(), -33, ours_lu);
    EXPECT_NEAR(result.short_term_lufs.back(), -33, ours_lu);
}

TEST_P(EbuTech3341, Case3RelativeGate) {
    expect_integrated({{-36, 10}, {-23, 60}, {-36, 10}}, -23);
}

TEST_P(EbuTech3341, Case4BothGates) {
    expect_integrated({{-72, 10}, {-36, 10}, {-23, 60}, {-36, 10}, {-72, 10}}, -23);
}

TEST_P(EbuTech3341, Case5WithinTheGate) {
    expect_integrated({{-26, 20}, {-20, 20.1}, {-26, 20}}, -23);
}

TEST_P(EbuTech3341, Case6FiveChannels) {
    Audio audio(rate(), 5, 0);
    const double levels[] = {-28, -28, -24, -30, -30};
    for (std::size_t c = 0; c < 5; ++c) audio.channels[c] = tones(rate(), 1, {{levels[c], 20}}).channels[0];

    EXPECT_NEAR(measure(audio).integrated_lufs, -23, ours_lu);
}

TEST_P(EbuTech3341, Case9ShortTermIsConstant) {
    std::vector<Tone> sequence;
    for (int i = 0; i < 5; ++i) sequence.insert(sequence.end(), {{-20, 1.34}, {-30, 1.66}});

    const LoudnessResult result = measure(tones(rate(), 2, sequence));

    for (const float lufs : result.short_term_lufs) EXPECT_NEAR(lufs, -23, ours_lu);
}

TEST_P(EbuTech3341, Case10MaximumShortTermWhereverTheToneBegins) {
    for (int i = 0; i < 20; ++i) {
        const Audio audio = tones(rate(), 2, {{silence_db, 0.15 * i}, {-23, 3}, {silence_db, 1}});
        EXPECT_NEAR(measure(audio).max_short_term_lufs, -23, ours_lu) << "segment " << i;
    }
}

TEST_P(EbuTech3341, Case11MaximumShortTermAsItGoes) {
    // As live meters see it: each segment is louder than the one before, so each raises the maximum.
    std::vector<Tone> sequence;
    for (int i = 0; i < 20; ++i) {
        sequence.insert(sequence.end(), {{silence_db, 0.15 * i}, {-38.0 + i, 3}, {silence_db, 3 - 0.15 * i}});
        if (i % 10 != 9) continue;
        EXPECT_NEAR(measure(tones(rate(), 2, sequence)).max_short_term_lufs, -38.0 + i, ours_lu);
    }
}

TEST_P(EbuTech3341, Case12MomentaryIsConstant) {
    std::vector<Tone> sequence;
    for (int i = 0; i < 25; ++i) sequence.insert(sequence.end(), {{-20, 0.18}, {-30, 0.22}});

    const LoudnessResult result = measure(tones(rate(), 2, sequence));

    for (std::size_t i = 6; i < result.momentary_lufs.size(); ++i)  // from 1 s on
        EXPECT_NEAR(result.momentary_lufs[i], -23, ours_lu);
}

TEST_P(EbuTech3341, Case13MaximumMomentaryWhereverTheToneBegins) {
    for (int i = 0; i < 20; ++i) {
        const Audio audio = tones(rate(), 2, {{silence_db, 0.02 * i}, {-23, 0.4}, {silence_db, 1}});
        EXPECT_NEAR(measure(audio).max_momentary_lufs, -23, ours_lu) << "segment " << i;
    }
}

TEST_P(EbuTech3341, Case14MaximumMomentaryAsItGoes) {
    std::vector<Tone> sequence;
    for (int i = 0; i < 20; ++i) {
        sequence.insert(sequence.end(),
                        {{silence_db, 0.02 * i}, {-38.0 + i, 0.4}, {silence_db, 0.4 - 0.02 * i}});
        if (i % 5 != 4) continue;
        EXPECT_NEAR(measure(tones(rate(), 2, sequence)).max_momentary_lufs, -38.0 + i, ours_lu);
    }
}

struct PeakCase {
    int number;
    double frequency;  // of the sample rate
    double phase_degrees;
    double amplitude;
    double dbtp;
};

TEST_P(EbuTech3341, Cases15To19TruePeakOfSines) {
    for (const PeakCase& peak : {PeakCase{15, 1.0 / 4, 0, 0.5, -6}, PeakCase{16, 1.0 / 4, 45, 0.5, -6},
                                 PeakCase{17, 1.0 / 6, 60, 0.5, -6}, PeakCase{18, 1.0 / 8, 67.5, 0.5, -6},
                                 PeakCase{19, 1.0 / 4, 45, 1.41, 3}}) {
        const Audio audio = sine(rate(), 2, 1, peak.frequency * rate(), gain_to_db(peak.amplitude),
                                 {.phase_degrees = peak.phase_degrees, .fade_seconds = 0.1});

        const double dbtp = measure(audio).true_peak.dbtp;

        EXPECT_GE(dbtp, peak.dbtp - 0.1) << "case " << peak.number << "; the specification allows -0.4";
        EXPECT_LE(dbtp, peak.dbtp + 0.05) << "case " << peak.number << "; the specification allows +0.2";
    }
}

// At four times the rate a sine of a sixth of the rate at half of full scale, with one period at full scale in its
// middle that begins and ends at a zero; band-limited, and every fourth frame of it taken.
Audio one_loud_period(int rate_hz, int offset) {
    const int period = 24;  // frames of the fourfold rate
    const std::int64_t half = 4'800;
    std::vector<double> fine;
    for (std::int64_t i = -half; i < half; ++i) {
        const double edge = std::min(1.0, static_cast<double>(half - std::abs(i)) / 2'000);
        const double amplitude = i >= 0 && i < period ? 1.0 : 0.5;
        fine.push_back(edge * amplitude * std::sin(2 * std::numbers::pi * static_cast<double>(i) / period));
    }
    const int reach = 256;
    Audio audio(rate_hz, 2, 2 * half / 4);
    for (std::int64_t frame = 0; frame < audio.frames(); ++frame) {
        double sum = 0;
        for (int tap = -reach; tap <= reach; ++tap) {
            const std::int64_t from = 4 * frame + offset + tap;
            if (from < 0 || from >= 2 * half) continue;
            const double x = std::numbers::pi * tap / 4;
            const double window = 0.5 + 0.5 * std::cos(std::numbers::pi * tap / reach);
            sum += fine[static_cast<std::size_t>(from)] * (tap == 0 ? 1 : std::sin(x) / x) * window / 4;
        }
        for (int c = 0; c < 2; ++c) audio.at(c, frame) = static_cast<float>(sum);
    }
    return audio;
}

TEST_P(EbuTech3341, Cases20To23TruePeakBetweenTheSamples) {
    for (int offset = 0; offset < 4; ++offset) {
        const double dbtp = measure(one_loud_period(rate(), offset)).true_peak.dbtp;

        EXPECT_GE(dbtp, -0.4) << "offset " << offset;
        EXPECT_LE(dbtp, 0.2) << "offset " << offset;
    }
}

class EbuTech3342 : public testing::TestWithParam<int> {
  protected:
    void expect_range(const std::vector<Tone>& sequence, double lu) const {
        // The specification allows 1 LU.
        EXPECT_NEAR(measure(tones(GetParam(), 2, sequence)).range_lu, lu, 0.05);
    }
};

INSTANTIATE_TEST_SUITE_P(AtEachRate, EbuTech3342, testing::Values(44'100, 48'000));

TEST_P(EbuTech3342, Case1) {
    expect_range({{-20, 20}, {-30, 20}}, 10);
}
TEST_P(EbuTech3342, Case2) {
    expect_range({{-20, 20}, {-15, 20}}, 5);
}
TEST_P(EbuTech3342, Case3) {
    expect_range({{-40, 20}, {-20, 20}}, 20);
}
TEST_P(EbuTech3342, Case4) {
    expect_range({{-50, 20}, {-35, 20}, {-20, 20}, {-35, 20}, {-50, 20}}, 15);
}

}  // namespace
}  // namespace dubplate
