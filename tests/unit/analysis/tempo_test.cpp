#include "unit/analysis/rhythms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace dubplate::test {

using ::testing::HasSubstr;

TEST(Tempo, FindsTheTempoOfClicks) {
    for (const double bpm : {20.0, 60.0, 90.0, 120.0, 128.5, 174.0, 300.0}) {
        const Tempo tempo = music_of(click_track(bpm, bpm < 40 ? 61 : 31)).tempo;

        ASSERT_TRUE(tempo.bpm) << bpm << ": " << tempo.reason;
        EXPECT_NEAR(*tempo.bpm, bpm, 0.002 * bpm);
        EXPECT_TRUE(tempo.steady) << bpm;
        EXPECT_GT(tempo.confidence, 0.5) << bpm;
    }
}

TEST(Tempo, FindsTheSameTempoAtEveryRate) {
    for (const int rate_hz : {8000, 11025, 22050, 32000, 37800, 48000, 88200, 96000, 192000}) {
        const Tempo tempo = music_of(click_track(120, 16.1, rate_hz)).tempo;

        ASSERT_TRUE(tempo.bpm) << rate_hz << ": " << tempo.reason;
        EXPECT_NEAR(*tempo.bpm, 120, 0.24) << rate_hz;
    }
}

TEST(Tempo, PutsTheBeatsOnTheClicks) {
    const Tempo tempo = music_of(click_track(100, 20)).tempo;

    ASSERT_GE(tempo.beats_s.size(), 32U);
    for (const double beat_s : tempo.beats_s) {
        const double nearest_s = std::round(beat_s / 0.6) * 0.6;
        EXPECT_NEAR(beat_s, nearest_s, 0.02);
    }
}

TEST(Tempo, FindsTheFirstBeatOfEachBarByBassAndHarmony) {
    constexpr double beat_s = 0.5;
    Audio audio = drum_loop(32, 16 * rhythm_rate_hz);
    const int roots[] = {57, 53, 48, 55, 57, 53, 48, 55};
    for (int bar = 0; bar < 8; ++bar)
        for (const int step : {-12, 0, 7, 16})
            add_tone(audio, bar * 4 * beat_s, 440 * std::exp2((roots[bar] + step - 69) / 12.0), 0.2, 1);

    const Tempo tempo = music_of(audio).tempo;

    ASSERT_GE(tempo.downbeats_s.size(), 6U);
    for (const double downbeat_s : tempo.downbeats_s)
        EXPECT_NEAR(downbeat_s, std::round(downbeat_s / (4 * beat_s)) * 4 * beat_s, 0.03);
}

TEST(Tempo, FindsNoBarsWhereAllBeatsAreAlikeOrWhereThereAreDrumsAlone) {
    EXPECT_TRUE(music_of(click_track(120, 20)).tempo.downbeats_s.empty());
    EXPECT_TRUE(music_of(drum_loop(32, 16 * rhythm_rate_hz)).tempo.downbeats_s.empty());
}

TEST(Tempo, PutsTheBeatsOnTheKicksAndNotOnTheHatsBetweenThem) {
    constexpr double beat_s = 0.5;
    Audio audio = silence(rhythm_rate_hz, 1, 16);
    for (int beat = 0; beat < 32; ++beat) {
        add_tone(audio, beat * beat_s, 50, 0.5, 0.15);
        add_noise(audio, (beat + 0.5) * beat_s, 0.05, 0.4, 11);
    }

    const Tempo tempo = music_of(audio).tempo;

    ASSERT_GE(tempo.beats_s.size(), 31U);
    for (const double beat : tempo.beats_s) EXPECT_NEAR(beat, std::round(beat / beat_s) * beat_s, 0.06);
}

TEST(Tempo, HasNoBeatWhereNothingSoundsAtTheEnd) {
    for (const double bpm : {60.0, 120.0, 174.0}) {
        const Tempo tempo = music_of(click_track(bpm, 30)).tempo;

        EXPECT_EQ(tempo.beats_s.size(), static_cast<std::size_t>(std::ceil(30 * bpm / 60 - 1e-9))) << bpm;
    }
}

TEST(Tempo, SharesWhatTheConfidenceLeavesAmongTheOtherTempos) {
    TempoOptions options;
    options.evidence.tag_bpm = 240;
    for (const Tempo& tempo :
         {music_of(click_track(120, 20)).tempo, music_of(click_track(120, 20), options).tempo,
          music_of(drum_loop(32, 16 * rhythm_rate_hz)).tempo}) {
        double sum = tempo.confidence;
        for (const TempoCandidate& candidate : tempo.alternatives) sum += candidate.weight;

        EXPECT_LE(sum, 1 + 1e-9);
    }
}

TEST(Tempo, TellsThatAMetronomeChangesItsTempo) {
    Audio audio = click_track(100, 16);
    audio.append(click_track(140, 16));

    const Tempo tempo = music_of(audio).tempo;

    EXPECT_FALSE(tempo.steady);
    ASSERT_GE(tempo.beats_s.size(), 40U);
    EXPECT_NEAR(tempo.beats_s[10] - tempo.beats_s[9], 0.6, 0.03);
    EXPECT_NEAR(tempo.beats_s.back() - tempo.beats_s[tempo.beats_s.size() - 2], 60.0 / 140, 0.03);
}

TEST(Tempo, IsNoneForSilenceNoiseAndWhatIsTooShortAndSaysWhy) {
    Audio lone(rhythm_rate_hz, 1, 2 * rhythm_rate_hz);
    add_tone(lone, 0.1, 60, 0.9, 0.2);
    Audio tone = silence(rhythm_rate_hz, 1, 4);
    for (std::int64_t i = rhythm_rate_hz; i < 3 * rhythm_rate_hz; ++i)
        tone.at(0, i) = static_cast<float>(0.5 * std::sin(0.06 * static_cast<double>(i)));
    const struct {
        Audio audio;
        const char* reason;
    } cases[] = {
        {silence(rhythm_rate_hz, 2, 5), "silence"},
        {silence(rhythm_rate_hz, 2, 0), "silence"},
        {noise(rhythm_rate_hz, 2, 10, 0.5), "noise"},
        {noise(rhythm_rate_hz, 1, 0.01, 0.5), "too short"},
        {impulse(rhythm_rate_hz, 1, 1, 0), "too short"},
        {click_track(600, 0.3), "too short"},
        {click_track(240, 0.6), "too short"},
        {lone, "one-shot"},
        {tone, "sound"},
    };
    for (const auto& one : cases) {
        const Music music = music_of(one.audio);

        EXPECT_FALSE(music.tempo.bpm) << one.reason << ": " << music.tempo.bpm.value_or(0);
        EXPECT_THAT(music.tempo.reason, HasSubstr(one.reason));
        EXPECT_EQ(music.tempo.confidence, 0);
        EXPECT_TRUE(music.tempo.beats_s.empty());
    }
}

TEST(Tempo, HearsTheBeatOfDrumsWhoseEighthsAreAsLoudAsTheirKick) {
    for (const double bpm : {80.0, 100.0, 128.0}) {
        for (const double hats : {0.15, 0.8}) {
            // A third of a second more than whole beats, so that the length tells nothing.
            Audio audio(rhythm_rate_hz, 1, 16 * rhythm_rate_hz + rhythm_rate_hz / 3);
            for (int eighth = 0; eighth * 30 / bpm < 16; ++eighth) {
                const double at = eighth * 30 / bpm;
                if (eighth % 4 == 0) add_tone(audio, at, 55, 0.8, 0.08);
                if (eighth % 4 == 2) add_noise(audio, at, 0.15, 0.5, 7);
                add_noise(audio, at, 0.03, hats, static_cast<std::uint64_t>(eighth));
            }

            const Tempo tempo = music_of(audio).tempo;

            ASSERT_TRUE(tempo.bpm) << bpm << ": " << tempo.reason;
            EXPECT_NEAR(*tempo.bpm, bpm, 0.002 * bpm) << "hats " << hats;
        }
    }
}

// From 20 Hz up to 10 kHz, by octaves or by hertz, faded in and out.
Audio sweep(double seconds, bool by_octaves, float level) {
    constexpr double lowest_hz = 20;
    constexpr double highest_hz = 10'000;
    Audio audio = silence(rhythm_rate_hz, 1, seconds);
    const auto frames = static_cast<double>(audio.frames());
    double turns = 0;
    for (std::int64_t i = 0; i < audio.frames(); ++i) {
        const double place = static_cast<double>(i) / frames;
        const double fade = std::min({1.0, place * seconds, (1 - place) * seconds});
        audio.at(0, i) = level * static_cast<float>(fade * std::sin(2 * std::numbers::pi * turns));
        const double hz = by_octaves ? lowest_hz * std::pow(highest_hz / lowest_hz, place)
                                     : lowest_hz + (highest_hz - lowest_hz) * place;
        turns += hz / rhythm_rate_hz;
    }
    return audio;
}

TEST(Tempo, IsNoneForATonePassingThroughAllFrequencies) {
    for (const double seconds : {4.0, 10.0, 30.0}) {
        for (const bool by_octaves : {false, true}) {
            for (const float level : {0.5F, 0.01F}) {
                const Tempo tempo = music_of(sweep(seconds, by_octaves, level)).tempo;

                EXPECT_FALSE(tempo.bpm) << seconds << " s: " << *tempo.bpm << " " << tempo.confidence;
            }
        }
    }
}

TEST(Tempo, IsLessSureOfFewBeats) {
    const double few = music_of(click_track(130, 2.05)).tempo.confidence;
    const double many = music_of(click_track(130, 12.05)).tempo.confidence;

    EXPECT_LT(few, 0.6);
    EXPECT_GT(many, few);
}

TEST(Tempo, IsNotSureOfThreeSounds) {
    EXPECT_LT(music_of(click_track(20, 8)).tempo.confidence, 0.5);
}

TEST(Tempo, TellsOneShotsFromLoops) {
    Audio kick(rhythm_rate_hz, 1, rhythm_rate_hz);
    add_tone(kick, 0, 55, 0.9, 0.1);

    EXPECT_EQ(music_of(kick).tempo.material, Material::one_shot);
    EXPECT_EQ(music_of(drum_loop(16, 7 * rhythm_rate_hz)).tempo.material, Material::loop);
}

TEST(Tempo, TakesALoopsTempoFromItsLength) {
    for (const double bpm : {92.37, 120.0, 133.33, 171.9}) {
        const auto frames = static_cast<std::int64_t>(std::llround(16 * 60 / bpm * rhythm_rate_hz));
        const double exact = 16.0 * 60 * rhythm_rate_hz / static_cast<double>(frames);

        const Tempo tempo = music_of(drum_loop(16, frames)).tempo;

        ASSERT_TRUE(tempo.bpm) << bpm << ": " << tempo.reason;
        EXPECT_EQ(tempo.source, "loop length") << bpm;
        const double ratio = *tempo.bpm / exact;
        EXPECT_NEAR(std::exp2(std::round(std::log2(ratio))), ratio, 1e-4) << bpm << " " << *tempo.bpm;
        EXPECT_LE(tempo.beats_s.size(), static_cast<std::size_t>(tempo.loop_beats.value_or(0))) << bpm;
    }
}

TEST(Tempo, CountsTheFirstBeatOfALoopOnceWhereItIsHeardAgainAtTheEnd) {
    Audio loop = drum_loop(32, 16 * rhythm_rate_hz);
    // The attack of the next round, cut a little late.
    add_tone(loop, 16 - 0.012, 55, 0.9, 0.1);

    const Tempo tempo = music_of(loop).tempo;

    ASSERT_TRUE(tempo.loop_beats);
    EXPECT_EQ(tempo.beats_s.size(), static_cast<std::size_t>(*tempo.loop_beats));
    EXPECT_LT(tempo.beats_s.back(), 15.8);
}

TEST(Tempo, ListsOtherTemposWithTheirRelation) {
    const Tempo tempo = music_of(drum_loop(32, 16 * rhythm_rate_hz)).tempo;

    ASSERT_TRUE(tempo.bpm);
    ASSERT_FALSE(tempo.alternatives.empty());
    double weights = 0;
    bool octave = false;
    for (const TempoCandidate& other : tempo.alternatives) {
        weights += other.weight;
        octave |= other.relation == "half" || other.relation == "double";
    }
    EXPECT_TRUE(octave);
    EXPECT_LE(weights, 1);
}

TEST(Tempo, FoldsIntoARangeWhereAsked) {
    const Audio audio = click_track(100, 20);

    const Tempo slow = music_of(audio, {.min_bpm = 40, .max_bpm = 80}).tempo;
    const Tempo fast = music_of(audio, {.min_bpm = 120, .max_bpm = 240}).tempo;

    EXPECT_NEAR(slow.bpm.value_or(0), 50, 0.1);
    EXPECT_NEAR(fast.bpm.value_or(0), 200, 0.4);
}

TEST(Tempo, IsTheSameForEveryBlockSize) {
    const Audio audio = drum_loop(16, 8 * rhythm_rate_hz + 123);
    MusicFinder whole;
    drive(whole, audio, audio.frames());
    const Tempo expected = whole.tempo();
    for (const std::int64_t block : {std::int64_t{1}, std::int64_t{997}, std::int64_t{8192}}) {
        MusicFinder cut;
        drive(cut, audio, block);
        const Tempo tempo = cut.tempo();

        EXPECT_EQ(tempo.bpm, expected.bpm) << block;
        EXPECT_EQ(tempo.confidence, expected.confidence) << block;
        EXPECT_EQ(tempo.beats_s, expected.beats_s) << block;
        EXPECT_EQ(cut.onsets().onsets(), whole.onsets().onsets()) << block;
        EXPECT_EQ(cut.chroma().notes(), whole.chroma().notes()) << block;
    }
}

TEST(Tempo, IsTheSameOnManyThreadsAndInAnyOrder) {
    const std::vector<Audio> pieces = {drum_loop(16, 7 * rhythm_rate_hz), click_track(90, 8),
                                       noise(rhythm_rate_hz, 1, 4, 0.5), drum_loop(8, 4 * rhythm_rate_hz)};
    std::vector<Music> one_by_one;
    for (const Audio& piece : pieces) one_by_one.push_back(music_of(piece));

    std::vector<Music> side_by_side(pieces.size());
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = pieces.size(); i-- > 0;)
            threads.emplace_back([&, i] { side_by_side[i] = music_of(pieces[i]); });
    }

    for (std::size_t i = 0; i < pieces.size(); ++i) {
        EXPECT_EQ(side_by_side[i].tempo.bpm, one_by_one[i].tempo.bpm);
        EXPECT_EQ(side_by_side[i].tempo.beats_s, one_by_one[i].tempo.beats_s);
        EXPECT_EQ(side_by_side[i].key.key, one_by_one[i].key.key);
        EXPECT_EQ(side_by_side[i].key.confidence, one_by_one[i].key.confidence);
    }
}

TEST(Tempo, HearsViewsOfAnyStrides) {
    const Audio audio = drum_loop(16, 8 * rhythm_rate_hz);
    std::vector<float> interleaved;
    for (const float sample : audio.channels[0]) interleaved.insert(interleaved.end(), {sample, sample});

    const Result<Music> music =
        find_music(AudioView::interleaved(interleaved.data(), audio.frames(), 2, rhythm_rate_hz));

    ASSERT_TRUE(music) << music.error().to_string();
    EXPECT_EQ(music->tempo.bpm, music_of(audio).tempo.bpm);
}

TEST(Tempo, RefusesRatesThatItCannotHear) {
    const std::vector<float> samples(100);

    const Result<Music> music = find_music(AudioView::planar(samples.data(), 100, 1, 4000));

    ASSERT_FALSE(music);
    EXPECT_EQ(music.error().code, ErrorCode::unsupported);
    EXPECT_THAT(music.error().message, HasSubstr("4000 Hz"));
}

}  // namespace dubplate::test
