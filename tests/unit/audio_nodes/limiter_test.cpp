#include "audio/nodes/limiter.h"
#include "audio/nodes/gain.h"
#include "audio/nodes/loudness_meter.h"
#include "audio/nodes/peak_reader.h"
#include "support/signals.h"
#include "support/songs.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace dubplate {
namespace {

using namespace test;

double metered_dbtp(const Audio& audio) {
    LoudnessMeter meter;
    drive<float>(meter, audio);
    return meter.result().true_peak.dbtp;
}

// The judge: sixteen places for each frame by a sinc of 128 frames. Only what stands near the highest sample is read.
double reference_dbtp(const Audio& audio) {
    constexpr int places = 16;
    constexpr int reach = 64;
    std::vector<std::vector<double>> rows;
    for (int place = 0; place < places; ++place) {
        std::vector<double>& row = rows.emplace_back();
        for (int tap = -reach + 1; tap <= reach; ++tap) {
            const double distance = tap - static_cast<double>(place) / places;
            const double x = std::numbers::pi * distance;
            const double window = std::pow(std::cos(x / 2 / (reach + 1)), 2);
            row.push_back((std::abs(distance) < 1e-9 ? 1 : std::sin(x) / x) * window);
        }
    }
    double best = 0;
    for (const auto& channel : audio.channels) {
        const auto frames = static_cast<std::int64_t>(channel.size());
        double highest = 0;
        for (const float sample : channel) highest = std::max(highest, std::abs(static_cast<double>(sample)));
        for (std::int64_t i = 0; i < frames; ++i) {
            const auto at = [&](std::int64_t k) {
                return k < 0 || k >= frames ? 0.0 : static_cast<double>(channel[static_cast<std::size_t>(k)]);
            };
            if (std::max(std::abs(at(i)), std::abs(at(i + 1))) < 0.6 * highest) continue;
            for (const std::vector<double>& row : rows) {
                double sum = 0;
                for (int tap = -reach + 1; tap <= reach; ++tap)
                    sum += at(i + tap) * row[static_cast<std::size_t>(tap + reach - 1)];
                best = std::max(best, std::abs(sum));
            }
        }
    }
    return gain_to_db(best);
}

Audio limited(const Audio& audio, LimiterSettings settings = {}) {
    Limiter limiter(settings);
    return run(limiter, audio);
}

void expect_under_ceiling(const Audio& audio, double ceiling_dbtp) {
    EXPECT_LE(metered_dbtp(audio), ceiling_dbtp + 0.05);
    EXPECT_LE(reference_dbtp(audio), ceiling_dbtp + 0.05);
}

// Both polarities of a sine, driven into the rails: corners and flat tops, up to half of the sample rate.
Audio clipped_sine(int rate_hz, double seconds, double frequency_hz, double drive_db) {
    Audio audio = sine(rate_hz, 2, seconds, frequency_hz, drive_db);
    for (auto& channel : audio.channels)
        for (float& sample : channel) sample = std::clamp(sample, -1.0f, 1.0f);
    return audio;
}

// Without what lies above 0.45 of the sample rate.
Audio low_passed(const Audio& audio) {
    constexpr int reach = 200;
    std::vector<double> taps;
    for (int tap = -reach; tap <= reach; ++tap) {
        const double x = 2 * std::numbers::pi * 0.44 * tap;
        taps.push_back((tap == 0 ? 1 : std::sin(x) / x) * 0.88 *
                       (0.5 + 0.5 * std::cos(std::numbers::pi * tap / (reach + 1))));
    }
    Audio result = audio;
    for (int c = 0; c < audio.format.channels; ++c)
        for (std::int64_t i = 0; i < audio.frames(); ++i) {
            double sum = 0;
            const std::int64_t end = std::min<std::int64_t>(reach, audio.frames() - 1 - i);
            for (std::int64_t tap = std::max<std::int64_t>(-reach, -i); tap <= end; ++tap)
                sum +=
                    taps[static_cast<std::size_t>(tap + reach)] * static_cast<double>(audio.at(c, i + tap));
            result.at(c, i) = static_cast<float>(sum);
        }
    return result;
}

TEST(Limiter, LeavesAloneWhatStaysUnderTheCeiling) {
    const Audio audio = noise(44'100, 2, 2, 0.3);
    Limiter limiter({});

    EXPECT_TRUE(run(limiter, audio) == audio);
    EXPECT_EQ(limiter.result().active_frames, 0);
    EXPECT_EQ(limiter.result().max_reduction_db, 0);
    EXPECT_EQ(limiter.result().reduction_db, std::vector<float>(20, 0.0f));
}

TEST(Limiter, LeavesASineRightAtTheCeilingAlone) {
    const Audio audio = sine(48'000, 2, 1, 997, -1.02, {.fade_seconds = 0.05});

    EXPECT_TRUE(limited(audio) == audio);
}

TEST(Limiter, GivesAsManyFramesAsItGot) {
    for (const std::int64_t frames : {0, 1, 2, 63, 511, 512, 513, 10'000}) {
        Audio audio(48'000, 2, frames);
        for (auto& channel : audio.channels) std::fill(channel.begin(), channel.end(), 0.99f);
        EXPECT_EQ(limited(audio).frames(), frames);
    }
}

TEST(Limiter, KeepsEachFrameInItsPlace) {
    const Audio audio = impulse(48'000, 2, 20'000, 7'777, 1.0f);

    const Audio result = limited(audio);

    EXPECT_NEAR(result.at(0, 7'777), db_to_gain(-1.03), 1e-3);
    for (std::int64_t i = 0; i < result.frames(); ++i) EXPECT_EQ(result.at(1, i) != 0, i == 7'777);
}

TEST(Limiter, IsTheSameForEveryBlockSize) {
    Audio audio = scaled(noise(44'100, 2, 0.4, 0.2), 0);
    audio.append(noise(44'100, 2, 0.3, 1.5));
    audio.append(noise(44'100, 2, 0.9, 0.1));

    expect_block_size_invariant([] { return std::make_unique<Limiter>(LimiterSettings{}); }, audio);
}

TEST(Limiter, ReportsTheSameForEveryBlockSize) {
    Audio audio = noise(44'100, 2, 0.45, 0.2);
    audio.append(noise(44'100, 2, 0.3, 1.5));
    Limiter whole({});
    run(whole, audio, audio.frames());

    for (const std::int64_t block : block_sizes) {
        Limiter cut({});
        run(cut, audio, block);
        EXPECT_EQ(cut.result().reduction_db, whole.result().reduction_db);
        EXPECT_EQ(cut.result().active_frames, whole.result().active_frames);
        EXPECT_EQ(cut.result().max_reduction_db, whole.result().max_reduction_db);
    }
}

TEST(Limiter, TellsWhenAndHowMuchItLimited) {
    Audio audio = silence(48'000, 1, 2);
    audio.at(0, 60'000) = 1.0f;  // at 1.25 s
    Limiter limiter({.ceiling_dbtp = -6});

    run(limiter, audio);

    const LimiterResult& result = limiter.result();
    EXPECT_NEAR(result.max_reduction_db, 6.03, 0.01);
    ASSERT_EQ(result.reduction_db.size(), 20U);
    EXPECT_NEAR(result.reduction_db[12], 6.03, 0.01);
    EXPECT_EQ(result.reduction_db[11], 0.0f);
    EXPECT_GT(result.reduction_db[13], 0.5f);
    EXPECT_LT(result.reduction_db[19], 0.05f);
    EXPECT_GT(result.active_frames, 4'800);
}

TEST(Limiter, ComesBackToExactlyWhatCameIn) {
    Audio audio = noise(48'000, 2, 0.5, 1.4);
    audio.append(noise(48'000, 2, 4, 0.2, 2));

    const Audio result = limited(audio);

    for (std::int64_t i = audio.frames() - 48'000; i < audio.frames(); ++i)
        ASSERT_EQ(result.at(0, i), audio.at(0, i));
}

TEST(Limiter, TurnsAllChannelsDownTogether) {
    Audio audio = silence(48'000, 2, 1);
    audio.channels[0] = sine(48'000, 1, 1, 1000, 5).channels[0];
    audio.channels[1] = sine(48'000, 1, 1, 1000, -15).channels[0];

    const Audio result = limited(audio);

    const double left = amplitude_at(std::span(result.channels[0]).subspan(24'000, 19'200), 1000, 48'000);
    const double right = amplitude_at(std::span(result.channels[1]).subspan(24'000, 19'200), 1000, 48'000);
    EXPECT_NEAR(gain_to_db(left) - gain_to_db(right), 20, 0.001);
}

TEST(Limiter, HoldsSinesOfEveryFrequencyUnderTheCeiling) {
    for (double part = 0.003; part < 0.46; part += 0.0331) {
        const Audio audio =
            sine(48'000, 1, 0.15, part * 48'000, 4, {.phase_degrees = 1000 * part, .fade_seconds = 0.02});

        const Audio result = limited(audio);

        EXPECT_LE(metered_dbtp(result), -0.95) << part;
        EXPECT_LE(reference_dbtp(result), -0.95) << part;
        EXPECT_GE(metered_dbtp(result), -1.6) << part << ": no more than it takes";
    }
}

TEST(Limiter, HoldsSquaresUnderTheCeiling) {
    for (const double frequency : {50.0, 441.7, 3'001.0, 9'973.0})
        expect_under_ceiling(limited(low_passed(scaled(clipped_sine(44'100, 0.2, frequency, 30), 6))), -1);
}

TEST(Limiter, HoldsNoiseUnderTheCeiling) {
    for (const double gain_db : {0.0, 6.0, 12.0})
        expect_under_ceiling(limited(low_passed(scaled(noise(44'100, 2, 0.2, 1.0), gain_db))), -1);
}

// Between 0.45 and 0.5 of the rate no two converters agree on what there is. Meters see nothing over; a far longer
// filter than theirs sees a little.
TEST(Limiter, HoldsWhatReachesHalfTheRateUnderTheCeilingOfMeters) {
    for (const Audio& audio : {noise(44'100, 2, 0.2, 2.0), scaled(clipped_sine(44'100, 0.2, 441.7, 30), 6)}) {
        const Audio result = limited(audio);
        EXPECT_LE(metered_dbtp(result), -0.95);
        EXPECT_LE(reference_dbtp(result), -0.4);
    }
}

TEST(Limiter, HoldsImpulsesUnderTheCeiling) {
    Audio audio = silence(48'000, 1, 0.5);
    const Random random(5);
    for (std::uint64_t i = 0; i < 200; ++i)
        audio.at(0, static_cast<std::int64_t>(random.uniform(2 * i) * 23'000)) =
            static_cast<float>(4 * random.triangular(2 * i + 1));

    expect_under_ceiling(limited(audio), -1);
}

TEST(Limiter, HoldsBurstsAtTheEdgesOfTheStream) {
    Audio audio = silence(48'000, 1, 0.3);
    for (std::int64_t i = 0; i < 200; ++i) {
        audio.at(0, i) = i % 3 == 0 ? 1.7f : -1.1f;
        audio.at(0, audio.frames() - 1 - i) = i % 4 == 0 ? 1.9f : 1.2f;
    }

    EXPECT_LE(metered_dbtp(limited(audio)), -0.95);
}

TEST(Limiter, HoldsEveryRateUnderTheCeiling) {
    for (const int rate_hz : {8'000, 22'050, 48'000, 96'000, 192'000})
        expect_under_ceiling(limited(low_passed(noise(rate_hz, 1, 4'000.0 / rate_hz, 1.8))), -1);
}

TEST(Limiter, HoldsEveryCeilingAndEveryLookAhead) {
    const Audio audio = noise(48'000, 2, 0.1, 2.0);
    for (const double ceiling : {0.0, -0.1, -2.0, -9.0})
        for (const double look_ahead : {0.0, 0.5, 1.5, 20.0})
            EXPECT_LE(metered_dbtp(limited(audio, {.ceiling_dbtp = ceiling, .look_ahead_ms = look_ahead})),
                      ceiling + (look_ahead < 1 ? 0.8 : 0.05))
                << ceiling << " dBTP, " << look_ahead << " ms";
}

TEST(Limiter, HoldsRealMusicTwelveDecibelsTooLoud) {
    for (const std::string& name : song_names) {
        const Audio song = load_song(name, 44'100, 2, 6, 20);
        DUBPLATE_SKIP_WITHOUT_SONG(song);
        Audio hot = scaled(song, 12);
        EXPECT_LE(metered_dbtp(limited(hot)), -1.0) << name;
        for (auto& channel : hot.channels)
            for (float& sample : channel) sample = std::clamp(sample, -1.0f, 1.0f);

        const Audio result = limited(hot);

        EXPECT_LE(metered_dbtp(result), -0.99) << name << ", clipped";
    }
}

TEST(Limiter, HoldsAPieceOfRealMusicBeforeTheReference) {
    const Audio song = load_song(song_names[0], 44'100, 2, 1.0, 30);
    DUBPLATE_SKIP_WITHOUT_SONG(song);

    expect_under_ceiling(limited(scaled(song, 12)), -1);
}

TEST(Limiter, DistortsASineByLessThanAThousandth) {
    for (const double frequency : {60.0, 100.0, 1'000.0, 5'000.0}) {
        const Audio result = limited(sine(48'000, 1, 1.5, frequency, 0));  // 1 dB over

        const auto settled = std::span(result.channels[0]).subspan(24'000, 24'000);
        const double tone = amplitude_at(settled, frequency, 48'000);
        EXPECT_NEAR(gain_to_db(tone), -1.03, 0.02);
        for (int harmonic = 2; harmonic <= 7 && harmonic * frequency < 24'000; ++harmonic)
            EXPECT_LT(gain_to_db(amplitude_at(settled, harmonic * frequency, 48'000) / tone), -80)
                << frequency << " Hz, harmonic " << harmonic;
    }
}

TEST(Limiter, RefusesImpossibleSettings) {
    for (const LimiterSettings& settings :
         {LimiterSettings{.look_ahead_ms = -1}, LimiterSettings{.look_ahead_ms = 101},
          LimiterSettings{.look_ahead_ms = std::nan("")}, LimiterSettings{.release_ms = -1}}) {
        Limiter limiter(settings);
        const Status status = limiter.start({48'000, 2});
        ASSERT_FALSE(status);
        EXPECT_EQ(status.error().code, ErrorCode::invalid_argument);
    }
    Limiter limiter({});
    EXPECT_EQ(limiter.start({48'000, 9}).error().code, ErrorCode::unsupported);
}

TEST(PeakReader, ReadsSinesUpToFortyFivePercentOfTheRateWithinSixHundredthsOfADecibel) {
    for (double part = 0.01; part <= 0.4501; part += 0.011) {
        double lowest = 1e9;
        double highest = 0;
        for (double phase = 0; phase < 360; phase += 23) {
            const Audio audio = sine(48'000, 1, 0.02, part * 48'000, 0, {.phase_degrees = phase});
            PeakReader reader(48'000, 0.5);
            std::vector<float> padded(static_cast<std::size_t>(reader.history()));
            padded.insert(padded.end(), audio.channels[0].begin(), audio.channels[0].end());
            std::vector<float> peaks(audio.channels[0].size() / 64 * 64);
            reader.read(padded.data() + reader.history(), peaks);
            // A stretch in which the sine's crest comes by, away from the edges.
            const auto peak = static_cast<double>(*std::max_element(peaks.begin() + 200, peaks.end() - 100));
            lowest = std::min(lowest, peak);
            highest = std::max(highest, peak);
        }
        EXPECT_GE(gain_to_db(lowest), -0.06) << part;
        EXPECT_LE(gain_to_db(highest), 0.12) << part;
    }
}

// What an encoder has lifted above the ceiling is held lower there, and nothing else changes.
TEST(Limiter, HoldsAStretchUnderACeilingOfItsOwn) {
    const Audio audio = sine(44'100, 2, 6, 997, -2);
    Limiter limiter({.ceiling_dbtp = -1, .lower = {{44'100, 88'200, -4}}});

    const Audio limited = run(limiter, audio);

    const auto part = [](const Audio& from, std::int64_t begin, std::int64_t end) {
        Audio cut(44'100, 1, 0);
        cut.channels[0].assign(from.channels[0].begin() + begin, from.channels[0].begin() + end);
        return cut;
    };
    EXPECT_TRUE(part(limited, 0, 43'000) == part(audio, 0, 43'000));
    EXPECT_LE(metered_dbtp(part(limited, 44'100, 88'200)), -3.95);  // a cut edge reads a little more
    EXPECT_GT(metered_dbtp(part(limited, 50'000, 80'000)), -4.3);
    EXPECT_TRUE(part(limited, 220'500, 264'600) == part(audio, 220'500, 264'600));
}

}  // namespace
}  // namespace dubplate
