#include "unit/analysis/rhythms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace dubplate::test {

using ::testing::HasSubstr;

namespace {

// A chord of three decaying notes above a bass, on MIDI notes.
void add_chord(Audio& audio, double at_s, int root, bool minor, double a4_hz) {
    for (const int note : {root - 12, root, root + (minor ? 3 : 4), root + 7})
        add_tone(audio, at_s, a4_hz * std::exp2((note - 69) / 12.0), 0.15, 0.5);
}

// I IV V I, or i iv V i, a second and a half each, twice.
Audio cadence(const MusicalKey& key, double a4_hz = 440) {
    constexpr int rate_hz = 8000;  // notes lie below 1 kHz: a low rate keeps the test quick
    Audio audio(rate_hz, 1, 12 * rate_hz);
    const int tonic = 48 + key.tonic;
    for (const double round : {0.0, 6.0}) {
        add_chord(audio, round, tonic, key.minor, a4_hz);
        add_chord(audio, round + 1.5, tonic + 5, key.minor, a4_hz);
        add_chord(audio, round + 3, tonic + 7, false, a4_hz);
        add_chord(audio, round + 4.5, tonic, key.minor, a4_hz);
    }
    return audio;
}

std::vector<MusicalKey> all_keys() {
    std::vector<MusicalKey> keys;
    for (int tonic = 0; tonic < 12; ++tonic)
        for (const bool minor : {false, true}) keys.push_back({tonic, minor});
    return keys;
}

}  // namespace

TEST(Key, IsFoundInCadencesOfAllTwentyFourKeys) {
    for (const MusicalKey& key : all_keys()) {
        const KeyEstimate estimate = music_of(cadence(key)).key;

        ASSERT_TRUE(estimate.key) << key.name() << ": " << estimate.reason;
        EXPECT_EQ(estimate.key->name(), key.name());
        EXPECT_GT(estimate.confidence, 0.5) << key.name();
    }
}

TEST(Key, IsFoundWhereTheInstrumentsAreTunedToAnotherA) {
    for (const double a4_hz : {432.0, 446.0}) {
        for (const MusicalKey& key : {MusicalKey{0, false}, MusicalKey{6, true}, MusicalKey{9, true}}) {
            const KeyEstimate estimate = music_of(cadence(key, a4_hz)).key;

            ASSERT_TRUE(estimate.key) << key.name() << ": " << estimate.reason;
            EXPECT_EQ(estimate.key->name(), key.name());
            EXPECT_NEAR(estimate.tuning_cents, 1200 * std::log2(a4_hz / 440), 4);
        }
    }
}

TEST(Key, IsThatOfAChordWhereThereIsNothingElse) {
    for (const MusicalKey& key : all_keys())
        for (const double harmonics : {0.0, 0.3}) {
            Audio audio(8000, 1, 6 * 8000);
            for (const int note : {0, key.minor ? 3 : 4, 7})
                for (int harmonic = 1; harmonic < 4; ++harmonic)
                    add_tone(audio, 0, 440 * std::exp2((48 + key.tonic + note - 69) / 12.0) * harmonic,
                             0.15 * std::pow(harmonics, harmonic - 1), 4);

            const KeyEstimate estimate = music_of(audio).key;

            ASSERT_TRUE(estimate.key) << key.name() << ": " << estimate.reason;
            EXPECT_EQ(estimate.key->name(), key.name()) << harmonics;
            EXPECT_LT(estimate.confidence, 0.95);
        }
}

TEST(Key, IsNoneForALoneNoteAFifthAndTunedDrums) {
    const auto key_of = [](const std::vector<int>& notes, double every_s, double decay_s) {
        Audio audio(8000, 1, 6 * 8000);
        int hit = 0;
        for (double at_s = 0; at_s < 6; at_s += every_s, ++hit)
            for (std::size_t i = 0; i < notes.size(); ++i)
                for (int harmonic = 1; harmonic < (every_s > 1 ? 9 : 2); ++harmonic)
                    if (every_s > 1 || static_cast<std::size_t>(hit) % notes.size() == i)
                        add_tone(audio, at_s, 440 * std::exp2((notes[i] - 69) / 12.0) * harmonic,
                                 0.2 / harmonic, decay_s);
        return music_of(audio).key;
    };

    EXPECT_FALSE(key_of({60}, 6, 4).key);
    EXPECT_FALSE(key_of({36}, 6, 4).key);
    EXPECT_FALSE(key_of({57, 64}, 6, 4).key);
    EXPECT_FALSE(key_of({43, 48, 53}, 0.5, 0.1).key);
}

TEST(Key, IsNoneForSilenceDrumsAndNoiseAndSaysWhy) {
    EXPECT_THAT(music_of(silence(rhythm_rate_hz, 1, 3)).key.reason, HasSubstr("silence"));
    for (const Audio& audio : {noise(rhythm_rate_hz, 1, 10, 0.5), noise(rhythm_rate_hz, 1, 0.3, 0.5),
                               click_track(120, 16), drum_loop(16, 7 * rhythm_rate_hz)}) {
        const KeyEstimate estimate = music_of(audio).key;
        EXPECT_FALSE(estimate.key) << estimate.key->name();
        EXPECT_FALSE(estimate.reason.empty());
    }
}

TEST(Key, IsNoneForDrumsWithoutPitch) {
    Audio audio(rhythm_rate_hz, 1, 8 * rhythm_rate_hz);
    for (int hit = 0; hit < 32; ++hit)
        add_noise(audio, hit * 0.25, hit % 2 == 0 ? 0.2 : 0.05, 0.5, static_cast<std::uint64_t>(hit));

    EXPECT_FALSE(music_of(audio).key.key);
}

TEST(Key, IsNoneForATunedKickUnderNoise) {
    for (const double hats : {0.15, 0.4, 0.8}) {
        Audio audio(rhythm_rate_hz, 1, 16 * rhythm_rate_hz);
        for (int eighth = 0; eighth < 53; ++eighth) {
            if (eighth % 4 == 0) add_tone(audio, 0.3 * eighth, 55, 0.8, 0.08);
            if (eighth % 4 == 2) add_noise(audio, 0.3 * eighth, 0.15, 0.5, 7);
            add_noise(audio, 0.3 * eighth, 0.03, hats, static_cast<std::uint64_t>(eighth));
        }

        const KeyEstimate estimate = music_of(audio).key;

        EXPECT_FALSE(estimate.key) << hats << ": " << estimate.key->name() << " " << estimate.confidence;
    }
}

// A breath that rattles: two tones that come and go in 1.5 s, with their noise, as a snore has them.
TEST(Key, IsNoneForARattlingBreath) {
    Audio audio(rhythm_rate_hz, 1, 3 * rhythm_rate_hz / 2);
    for (int pulse = 0; pulse < 40; ++pulse) {
        add_tone(audio, 0.2 + 0.025 * pulse, 277.2, 0.2, 0.02);
        add_tone(audio, 0.2 + 0.025 * pulse, 415.3, 0.1, 0.02);
        add_noise(audio, 0.2 + 0.025 * pulse, 0.02, 0.05, static_cast<std::uint64_t>(pulse));
    }

    const KeyEstimate estimate = music_of(audio).key;

    EXPECT_TRUE(!estimate.key || estimate.confidence < 0.5) << estimate.key->name() << estimate.confidence;
}

TEST(Key, IsLessSureOfTwoSecondsThanOfAllOfIt) {
    Audio audio = cadence({9, true});
    const double sure = music_of(audio).key.confidence;
    audio.channels[0].resize(2 * 8000);

    EXPECT_LT(music_of(audio).key.confidence, 0.7 * sure);
}

TEST(Key, HasItsNamesOnBothWheels) {
    EXPECT_EQ((MusicalKey{9, true}.camelot()), "8A");
    EXPECT_EQ((MusicalKey{0, false}.camelot()), "8B");
    EXPECT_EQ((MusicalKey{9, true}.open_key()), "1m");
    EXPECT_EQ((MusicalKey{7, false}.open_key()), "2d");
    EXPECT_EQ((MusicalKey{8, true}.name()), "G# minor");
    EXPECT_EQ((MusicalKey{8, false}.short_name()), "Ab");
    std::set<std::string> places;
    for (const MusicalKey& key : all_keys()) places.insert(key.camelot());
    EXPECT_EQ(places.size(), 24U);
}

TEST(Key, IsReadFromWhateverTagsCallIt) {
    for (const MusicalKey& key : all_keys()) {
        EXPECT_EQ(parse_key(key.name()), key) << key.name();
        EXPECT_EQ(parse_key(key.short_name()), key) << key.short_name();
        EXPECT_EQ(parse_key(key.camelot()), key) << key.camelot();
    }
    EXPECT_FALSE(parse_key("H dur"));
    EXPECT_FALSE(parse_key(""));
}

TEST(Chroma, HearsALongPieceInLongerMoments) {
    FrameGrid grid{.hop_s = 0.1, .window_s = 0.4, .bin_width_hz = 2.75, .bins = 400};
    Chroma chroma;
    chroma.begin(grid);
    constexpr int frames = 50'001;
    std::vector<float> magnitudes(400, 0.0f);
    for (int i = 0; i < frames; ++i) {
        magnitudes[160] = i < frames / 2 ? 1.0f : 0.0f;  // 440 Hz, then 660 Hz
        magnitudes[240] = i < frames / 2 ? 0.0f : 1.0f;
        chroma.frame(magnitudes);
    }
    chroma.end();
    const std::vector<NoteStrengths> notes = chroma.notes();
    constexpr std::size_t a = 9;
    constexpr std::size_t e = 4;

    EXPECT_LT(notes.size(), Chroma::most_moments);
    EXPECT_NEAR(static_cast<double>(notes.size()) * chroma.moment_s(), frames * grid.hop_s,
                chroma.moment_s());
    const auto half = static_cast<std::size_t>(
        std::lround((frames / 2 * grid.hop_s - chroma.first_moment_s()) / chroma.moment_s()));
    EXPECT_GT(notes[half - 2][a], 0.0f);
    EXPECT_EQ(notes[half - 2][e], 0.0f);
    EXPECT_EQ(notes[half + 2][a], 0.0f);
    EXPECT_GT(notes[half + 2][e], 0.0f);
    const ChromaSummary summary = summarize(chroma);
    EXPECT_NEAR(summary.notes[a], 0.5, 0.01);
    EXPECT_NEAR(summary.windows, frames * grid.hop_s / grid.window_s, 10);
}

}  // namespace dubplate::test
