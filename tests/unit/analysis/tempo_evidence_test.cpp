#include "unit/analysis/rhythms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dubplate::test {

using ::testing::HasSubstr;

namespace {

Tempo tempo_with(const Audio& audio, const TempoEvidence& evidence) {
    return music_of(audio, {.evidence = evidence}).tempo;
}

}  // namespace

TEST(TempoEvidence, LetsATagChooseBetweenHalfAndDouble) {
    const Audio audio = click_track(80, 21.3);

    const Tempo tempo = tempo_with(audio, {.tag_bpm = 160.5});

    EXPECT_EQ(tempo.source, "tags");
    EXPECT_NEAR(tempo.bpm.value_or(0), 160, 0.3);  // the audio is more exact than the tag
    EXPECT_GT(tempo.confidence, 0.9);
    ASSERT_EQ(tempo.notes.size(), 1U);
    EXPECT_THAT(tempo.notes[0], HasSubstr("160.5 bpm, which is believed; the audio alone would be 79."));
}

TEST(TempoEvidence, HasNothingToNoteWhereATagAgreesWithTheAudio) {
    EXPECT_TRUE(tempo_with(click_track(100, 21.3), {.tag_bpm = 100}).notes.empty());
}

TEST(TempoEvidence, DoesNotBelieveATagThatTheAudioSpeaksAgainst) {
    const Audio audio = click_track(100, 21.3);

    const Tempo tempo = tempo_with(audio, {.tag_bpm = 87});

    EXPECT_EQ(tempo.source, "audio");
    EXPECT_NEAR(tempo.bpm.value_or(0), 100, 0.2);
    ASSERT_EQ(tempo.notes.size(), 1U);
    EXPECT_THAT(tempo.notes[0], HasSubstr("87"));
}

TEST(TempoEvidence, DoesNotTakeANeighborOfTheTempoForANumberInTheName) {
    const Tempo tempo = tempo_with(click_track(92, 21.3), {.name_bpm = 120});

    EXPECT_EQ(tempo.source, "audio");
    EXPECT_NEAR(tempo.bpm.value_or(0), 92, 0.2);
    EXPECT_EQ(tempo.notes.size(), 1U);
}

TEST(TempoEvidence, DoesNotTakeARoundedCountOfBeatsForALoop) {
    const Tempo tempo = tempo_with(click_track(92, 20), {.acid_bpm = 92, .acid_beats = 31});

    EXPECT_NEAR(tempo.bpm.value_or(0), 92, 0.2);
    EXPECT_NE(tempo.material, Material::loop);
}

TEST(TempoEvidence, TakesTheBeatsOfAnAcidChunkInTheExactLength) {
    const std::int64_t frames = 300'001;
    const Audio audio = drum_loop(16, frames);

    const Tempo tempo = tempo_with(audio, {.acid_bpm = 141, .acid_beats = 16});

    EXPECT_EQ(tempo.source, "acid chunk");
    EXPECT_EQ(tempo.material, Material::loop);
    EXPECT_EQ(tempo.loop_beats, 16);
    EXPECT_NEAR(tempo.bpm.value_or(0), 16.0 * 60 * rhythm_rate_hz / frames, 1e-6);
}

TEST(TempoEvidence, TakesTheChunksWordForAOneShot) {
    const Tempo tempo =
        tempo_with(drum_loop(4, 2 * rhythm_rate_hz), {.acid_beats = 4, .acid_one_shot = true});

    EXPECT_FALSE(tempo.bpm);
    EXPECT_EQ(tempo.material, Material::one_shot);
}

TEST(TempoEvidence, TakesTheNumberInANameWhereTheAudioHasNoTempo) {
    const Audio audio = noise(rhythm_rate_hz, 1, 8, 0.4);

    const Tempo tempo = tempo_with(audio, {.name_bpm = 128});

    EXPECT_EQ(tempo.source, "file name");
    EXPECT_EQ(tempo.bpm, 128);
    EXPECT_LT(tempo.confidence, 0.8);
    ASSERT_EQ(tempo.notes.size(), 1U);
    EXPECT_THAT(tempo.notes[0], HasSubstr("noise"));
}

TEST(TempoEvidence, IgnoresNumbersThatAreNoTempo) {
    const Tempo tempo = tempo_with(click_track(100, 21.3), {.tag_bpm = 0, .name_bpm = 1998});

    EXPECT_EQ(tempo.source, "audio");
    EXPECT_TRUE(tempo.notes.empty());
}

TEST(TempoEvidence, NamesTheLengthWhereItTellsMoreThanTheWitness) {
    TempoOptions options;
    options.evidence.name_bpm = 97;  // 97.3 is meant

    const Tempo tempo = music_of(drum_loop(32, std::llround(32 * 60 / 97.3 * rhythm_rate_hz)), options).tempo;

    EXPECT_NEAR(*tempo.bpm, 97.3, 0.001);
    EXPECT_EQ(tempo.source, "loop length");
}

}  // namespace dubplate::test
