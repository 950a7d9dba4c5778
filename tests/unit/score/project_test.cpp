#include "score/project.h"

#include <gtest/gtest.h>

namespace dubplate {
namespace {

Project read(const char* text) {
    const auto json = parse_json(text);
    EXPECT_TRUE(json);
    const auto project = read_project(*json);
    EXPECT_TRUE(project) << project.error().to_string();
    return project.value_or(Project{});
}

Error error_of(const char* text) {
    return read_project(*parse_json(text)).error();
}

TEST(Project, IsReadFromTheSavedListsThatNameTheirTracks) {
    const Project project = read(R"({
      "project": {"id": "p", "name": "Night Drive"},
      "settings": {"bpm": 90, "numMeasures": 2},
      "tracks": [{"id": "t2", "name": "Pad", "order": 2, "isMuted": true}, {"id": "t1", "name": "Lead", "order": 1}],
      "synths": [{"trackId": "t1", "type": "BasicSynthesizer", "settings": {"baseSize": 3}}],
      "effects": [{"trackId": "t1", "type": "Rotate3DEffect", "order": 1},
                  {"trackId": "t1", "type": "DelayEffect", "settings": {"delayTime": 2}, "order": 0}],
      "blocks": [{"trackId": "t1", "startBeat": 4, "endBeat": 8,
                  "notes": [{"startBeat": 1, "duration": 0.5, "velocity": 100, "pitch": 64}]}]})");

    EXPECT_EQ(project.name, "Night Drive");
    EXPECT_EQ(project.tempo.bpm_at(0), 90);
    EXPECT_EQ(project.end_beat(), 8);
    ASSERT_EQ(project.tracks.size(), 2U);
    const ProjectTrack& lead = project.tracks[0];
    EXPECT_EQ(lead.name, "Lead");
    EXPECT_EQ(lead.synth, (Instrument{"basic", {{"base_size", 3}}}));
    ASSERT_EQ(lead.effects.size(), 2U);
    EXPECT_EQ(lead.effects[0], (Instrument{"delay", {{"delay_time", 2}}}));
    EXPECT_EQ(lead.effects[1].type, "rotate3d");
    EXPECT_EQ(lead.notes, (std::vector<Note>{{5, 0.5, 64, 100}}));
    EXPECT_TRUE(project.tracks[1].is_muted);
    EXPECT_FALSE(project.is_heard(project.tracks[1]));
}

TEST(Project, IsReadFromNestedTracksOfARequest) {
    const Project project = read(R"({"width": 1280, "bpm": 100, "tracks": [
      {"id": "a", "synthesizer": {"type": "GlowSynth"}, "midiBlocks": [{"startBeat": 0, "notes": [{"velocity": 0.5}]}]}]})");

    EXPECT_EQ(project.tempo.bpm_at(0), 100);
    ASSERT_EQ(project.tracks.size(), 1U);
    EXPECT_EQ(project.tracks[0].synth.type, "glow");
    EXPECT_EQ(project.tracks[0].notes[0].velocity, 63.5);  // 0 to 1 becomes 0 to 127
}

TEST(Project, NamesThePlaceOfWhatIsWrong) {
    EXPECT_EQ(error_of(R"([])").code, ErrorCode::invalid_argument);
    EXPECT_EQ(error_of(R"({"settings": {"bpm": 0}})").message, "settings.bpm: 0 is outside 1 to 999");
    EXPECT_EQ(error_of(R"({"tracks": [{"id": "a"}, {"id": "a"}]})").message, "tracks: two have the id a");
    EXPECT_EQ(error_of(R"({"tracks": [], "effects": [{"trackId": "x", "type": "PanEffect"}]})").message,
              "effects[0]: there is no track x");
    const Error note =
        error_of(R"({"tracks": [{"id": "a", "midiBlocks": [{"notes": [{"duration": -1}]}]}]})");
    EXPECT_EQ(note.message, "tracks[0].midi_blocks[0].notes[0].duration: -1 is outside 0 to 1e+06");
}

TEST(Project, TakesNotesOfZeroLengthAndNotesBeforeTheStart) {
    const Project project = read(R"({"tracks": [{"id": "a", "midiBlocks": [{"startBeat": 1, "notes": [
      {"startBeat": 0, "duration": 0, "pitch": 60}, {"startBeat": -2, "duration": 1, "pitch": 0}]}]}]})");

    EXPECT_EQ(project.tracks[0].notes[0].start_beat, -1);
    EXPECT_EQ(project.tracks[0].notes[1].duration_beats, 0);
}

}  // namespace
}  // namespace dubplate
