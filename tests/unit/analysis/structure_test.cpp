#include "analysis/structure.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "analysis/features.h"
#include "analysis/onset_times.h"
#include "rhythms.h"

namespace dubplate {
namespace {

using test::Audio;

constexpr double beat_s = 0.5;  // 120 bpm

struct Heard {
    MusicFinder music;
    Timbre timbre;
    double duration_s = 0;

    explicit Heard(const Audio& audio) {
        music.frames().add_short(timbre);
        test::drive(music, audio, block_frames);
        duration_s = music.frames().duration_s();
    }
    Structure structure(const std::vector<double>& beats = {}) const {
        return find_structure({timbre, music.chroma(), beats, {}, duration_s});
    }
    Features features() const { return find_features(timbre, music.chroma(), music.onsets(), duration_s); }
};

std::vector<double> beats_of(double seconds) {
    std::vector<double> beats;
    for (int i = 0; i * beat_s < seconds; ++i) beats.push_back(i * beat_s);
    return beats;
}

struct Sound {
    std::vector<double> roots_hz;  // one chord for each bar
    double octave = 1;             // how much brighter than the roots
    double noise = 0;
};
const Sound verse{{130.8, 174.6, 196.0, 130.8}, 1, 0};
const Sound chorus{{110.0, 146.8, 164.8, 110.0}, 8, 0.3};

// Four bars of a chord on every beat.
void add_part(Audio& audio, double at_s, const Sound& sound, double level) {
    for (int beat = 0; beat < 16; ++beat) {
        const double time = at_s + beat * beat_s;
        const double root = sound.roots_hz[static_cast<std::size_t>(beat / 4)] * sound.octave;
        for (const double interval : {1.0, 1.26, 1.498})
            test::add_tone(audio, time, root * interval, level, 0.2);
        if (sound.noise > 0) test::add_noise(audio, time, 0.1, sound.noise, 5);
    }
}

Audio piece(const std::string& form) {
    Audio audio(test::rhythm_rate_hz, 1, static_cast<std::int64_t>(form.size()) * 8 * test::rhythm_rate_hz);
    for (std::size_t i = 0; i < form.size(); ++i)
        add_part(audio, static_cast<double>(i) * 8, form[i] == 'A' ? verse : chorus,
                 0.2 - 0.02 * static_cast<double>(i));
    return audio;
}

std::string letters(const Structure& structure) {
    std::string text;
    for (const Segment& segment : structure.segments) text += segment.label;
    return text;
}

TEST(Structure, FindsThePartsOfAPieceAndThoseThatComeAgain) {
    const Heard heard(piece("ABAB"));

    for (const auto& beats : {beats_of(32), std::vector<double>{}}) {
        const Structure found = heard.structure(beats);

        ASSERT_EQ(letters(found), "ABAB");
        for (std::size_t i = 0; i < 4; ++i)
            EXPECT_NEAR(found.segments[i].begin_s, 8.0 * static_cast<double>(i), beat_s + 1e-9);
        EXPECT_EQ(found.segments.front().begin_s, 0);
        EXPECT_EQ(found.segments.back().end_s, heard.duration_s);
    }
}

TEST(Structure, LeavesNoGapBetweenParts) {
    const Structure found = Heard(piece("AABBA")).structure(beats_of(40));

    EXPECT_EQ(letters(found), "ABA");
    for (std::size_t i = 1; i < found.segments.size(); ++i)
        EXPECT_EQ(found.segments[i].begin_s, found.segments[i - 1].end_s);
}

TEST(Structure, IsOnePartWhereNothingChanges) {
    EXPECT_EQ(letters(Heard(test::noise(44100, 1, 30, 0.3)).structure()), "A");
    EXPECT_EQ(letters(Heard(test::sine(44100, 2, 30, 440, -12)).structure()), "A");
    EXPECT_EQ(letters(Heard(test::click_track(120, 30)).structure(beats_of(30))), "A");
}

TEST(Structure, IsNoneForSilenceAndForWhatIsTooShort) {
    EXPECT_TRUE(Heard(Audio(44100, 1, 44100 * 10)).structure().segments.empty());
    EXPECT_TRUE(Heard(test::sine(44100, 1, 1, 440, -12)).structure().segments.empty());
    EXPECT_TRUE(Heard(test::sine(44100, 1, 0.01, 440, -12)).structure().segments.empty());
    EXPECT_TRUE(Heard(Audio(44100, 1, 1)).structure().segments.empty());
}

TEST(Structure, OffersLoopsOfWholeBarsThatAreHeardTwice) {
    const Structure found = Heard(piece("AABB")).structure(beats_of(32));

    ASSERT_FALSE(found.loops.empty());
    EXPECT_EQ(found.loops.front().beats, 16) << "the part of four bars is heard twice";
    EXPECT_NEAR(found.loops.front().end_s - found.loops.front().begin_s, 8, 1e-6);
    EXPECT_GT(found.loops.front().score, 0.8);
}

TEST(Structure, StaysWithinItsUnitsInALongPiece) {
    const Heard heard(test::noise(8000, 1, 1200, 0.3));

    EXPECT_EQ(letters(heard.structure(beats_of(1200))), "A");
    EXPECT_LE(heard.timbre.cells().size(), Timbre::most_cells);
}

TEST(Onsets, AreFoundWhereClicksAre) {
    for (const double bpm : {60.0, 120.0, 174.0}) {
        const std::vector<double> found = Heard(test::click_track(bpm, 10)).features().onsets_s;
        const auto clicks = static_cast<std::size_t>(std::ceil(10 * bpm / 60 - 1e-9));

        ASSERT_EQ(found.size(), clicks) << bpm;
        for (std::size_t i = 0; i < clicks; ++i)
            EXPECT_NEAR(found[i], static_cast<double>(i) * 60 / bpm, 0.01) << bpm;
    }
}

TEST(Onsets, AreFewInNoiseAndNoneInSilence) {
    EXPECT_LE(Heard(test::noise(44100, 1, 10, 0.3)).features().onsets_s.size(), 2U);
    EXPECT_TRUE(Heard(Audio(44100, 1, 44100)).features().onsets_s.empty());
}

TEST(Timbre, ReadsTheShapeOfASpectrum) {
    const SpectralShape tone = Heard(test::sine(44100, 1, 3, 1000, -12)).features().shape;
    const SpectralShape noise = Heard(test::noise(44100, 1, 3, 0.3)).features().shape;

    EXPECT_NEAR(tone.centroid_hz.mean, 1000, 20);
    EXPECT_LT(tone.spread_hz.mean, 150);
    EXPECT_LT(tone.flatness.mean, 0.01);
    // White up to half of the analyzed rate: centroid in the middle, 85 % of the power below 85 % of it.
    EXPECT_NEAR(noise.centroid_hz.mean, 11025.0 / 2, 400);
    EXPECT_NEAR(noise.rolloff_hz.mean, 0.85 * 11025, 700);
    EXPECT_NEAR(noise.spread_hz.mean, 11025 / std::sqrt(12.0), 300);
    EXPECT_GT(noise.flatness.mean, 0.4);
}

double distance(const Features& a, const Features& b) {
    double sum = 0;
    for (std::size_t i = 0; i < feature_count; ++i) {
        const auto off = static_cast<double>(a.vector[i]) - static_cast<double>(b.vector[i]);
        sum += off * off;
    }
    return std::sqrt(sum);
}

TEST(FeatureVector, IsNearForWhatSoundsAlike) {
    const Features verse_once = Heard(piece("A")).features();
    Audio quieter = piece("A");
    for (float& sample : quieter.channels[0]) sample *= 0.5F;
    const Features verse_quieter = Heard(quieter).features();
    const Features chorus_once = Heard(piece("B")).features();
    const Features noise = Heard(test::noise(44100, 1, 8, 0.3)).features();

    ASSERT_EQ(verse_once.vector.size(), feature_count);
    EXPECT_LT(distance(verse_once, verse_quieter), 0.1 * distance(verse_once, chorus_once));
    EXPECT_LT(distance(verse_once, chorus_once), distance(verse_once, noise));
}

TEST(FeatureVector, IsZeroForSilenceAndFiniteForAnything) {
    EXPECT_EQ(Heard(Audio(44100, 1, 44100)).features().vector, std::vector<float>(feature_count, 0.0F));
    for (const Audio& audio :
         {Audio(44100, 1, 1), test::sine(8000, 8, 0.01, 440, 0), test::noise(192000, 2, 0.5, 1)})
        for (const float value : Heard(audio).features().vector) EXPECT_TRUE(std::isfinite(value));
}

}  // namespace
}  // namespace dubplate
