#include "exports/stems/spec.h"

#include <gtest/gtest.h>

#include "exports/stems/tracks.h"

namespace dubplate {
namespace {

StemsSpec with_everything() {
    StemsSpec spec;
    spec.audio.formats = {"flac"};
    spec.audio.sample_rate_hz = 96'000;
    spec.audio.tags = {{"artist", "Ana"}};
    spec.tracks = {{.name = "Kick",
                    .file = "/in/kick.wav",
                    .color = "#d9534f",
                    .gain_db = -3,
                    .pan = -0.5,
                    .mute = true,
                    .solo = true,
                    .group = "Drums",
                    .start_seconds = 1.5}};
    spec.tempo = {{0, 93.5}, {64, 120}};
    spec.time_signatures = {{0, "7/8"}};
    spec.markers = {{12, 8, "Chorus"}};
    spec.bpm = 93.5;
    spec.time_signature = "3/4";
    spec.markers_file = "/in/labels.txt";
    spec.mix = "/in/mix.wav";
    spec.tail_seconds = 2;
    spec.target_lufs = -18;
    spec.true_peak_dbtp = -2;
    spec.project = "Night Drive";
    spec.folder = "stems";
    spec.subfolders = true;
    spec.metadata = true;
    spec.zip = true;
    return spec;
}

std::string refusal(const char* json) {
    const auto spec = read_stems_spec(Json::parse(json));
    return spec ? "" : spec.error().to_string();
}

TEST(StemsSpec, ComesBackFromItsJson) {
    const StemsSpec spec = with_everything();

    const auto read = read_stems_spec(write_stems_spec(spec));

    ASSERT_TRUE(read) << read.error().to_string();
    EXPECT_EQ(*read, spec);
}

TEST(StemsSpec, TakesFilesOfTracksFromBesideTheSession) {
    const auto spec = read_stems_spec(
        Json::parse(R"({"tracks": [{"file": "kick.wav"}], "mix": "/abs/mix.wav"})"), "/songs");

    ASSERT_TRUE(spec);
    EXPECT_EQ(spec->tracks[0].file, "/songs/kick.wav");
    EXPECT_EQ(spec->mix, "/abs/mix.wav");
}

TEST(StemsSpec, NamesThePlaceOfWhatItRefuses) {
    EXPECT_NE(refusal(R"({"tracks": [{"file": "a.wav"}, {"file": "b.wav", "pann": 1}]})")
                  .find("tracks[1]: unknown key \"pann\""),
              std::string::npos);
    EXPECT_NE(refusal(R"({"tracks": [{"file": "a.wav", "pan": 2}]})").find("tracks[0]: pan: 2"),
              std::string::npos);
    EXPECT_NE(refusal(R"({"tracks": [{"name": "a"}]})").find("tracks[0].file"), std::string::npos);
    EXPECT_NE(refusal(R"({"tracks": [{"file": "a", "color": "red"}]})").find("tracks[0].color"),
              std::string::npos);
    EXPECT_NE(refusal(R"({"bpm": 0})").find("bpm: 0 is outside"), std::string::npos);
    EXPECT_NE(refusal(R"({"tempo": [{"beat": 0, "bpm": 0}]})").find("tempo[0]: bpm"), std::string::npos);
    EXPECT_NE(refusal(R"({"time_signature": "4"})").find("time_signature"), std::string::npos);
    EXPECT_NE(refusal(R"({"time_signature": "4/5"})").find("4/5"), std::string::npos);
    EXPECT_NE(refusal(R"({"tracks": {}})").find("tracks: must be a list"), std::string::npos);
    EXPECT_NE(refusal(R"({"trakcs": []})").find("trakcs"), std::string::npos);
}

TEST(StemsSpec, DescribesItsListsInTheSchema) {
    const Json schema = stems_spec_schema();

    EXPECT_EQ(schema["properties"]["tracks"]["items"]["properties"]["pan"]["maximum"], 1);
    EXPECT_TRUE(schema["properties"].contains("formats"));
    EXPECT_FALSE(schema["properties"].contains("split"));
}

TEST(TrackNames, TellTheGroup) {
    EXPECT_EQ(guess_group("Drums_Kick").group, "Drums");
    EXPECT_EQ(guess_group("01 kick2").group, "Drums");
    EXPECT_EQ(guess_group("BV 3").group, "Vocals");
    EXPECT_EQ(guess_group("E-Gtr L").group, "Guitars");
    EXPECT_EQ(guess_group("808").group, "Bass");
    EXPECT_EQ(guess_group("Kickstarter jingle").group, "");
    EXPECT_EQ(guess_group("").group, "");
}

}  // namespace
}  // namespace dubplate
