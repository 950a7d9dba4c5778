#include "exports/audio/spec.h"

#include <gtest/gtest.h>

#include "exports/audio/presets.h"
#include "support/temp_folder.h"

namespace dubplate {
namespace {

TEST(AudioSpec, ComesThroughJsonUnchangedWithEveryValueSet) {
    AudioSpec spec;
    spec.inputs = {"a.wav", "b.wav"};
    spec.preset = "youtube";
    spec.formats = {"mp3", "flac"};
    spec.sample_rate_hz = 48000;
    spec.bit_depth = BitDepth::pcm16;
    spec.mp3 = {.bitrate_kbps = 192, .vbr_quality = 2};
    spec.loudness = {.normalize = false,
                     .target_lufs = -20,
                     .true_peak_dbtp = -2,
                     .on_peak = OnPeak::reduce,
                     .album = true,
                     .dual_mono = true};
    spec.dither = Dither::shaped;
    spec.seed = 7;
    spec.channels = 1;
    spec.edit = {.start_seconds = {},
                 .end_seconds = {},
                 .fade_in_seconds = 0.5,
                 .fade_out_seconds = 2,
                 .trim_silence_dbfs = -70};
    spec.split = "markers";
    spec.tags = {{"title", "Night Drive"}, {"MOOD", "dark"}};
    spec.tags_from_name = true;
    spec.tag_template = "minimal";
    spec.cover = "front.jpg";
    spec.clear_tags = true;
    spec.name = "{artist} - {title}";

    const auto read = read_audio_spec(write_audio_spec(spec));

    ASSERT_TRUE(read) << read.error().to_string();
    EXPECT_EQ(*read, spec);
}

TEST(AudioSpec, HasAMemberBehindEveryParameter) {
    const Json json = write_audio_spec(AudioSpec{});

    for (const Param& param : audio_spec_params().params()) {
        ASSERT_NE(find_at_path(json, param.path), nullptr) << param.path;
        EXPECT_EQ(*find_at_path(json, param.path), param.default_value) << param.path;
        EXPECT_FALSE(param.help.empty()) << param.path;
        EXPECT_LE(param.minimum, param.maximum) << param.path;
        if (param.default_value.is_number()) {
            EXPECT_GE(param.default_value.get<double>(), param.minimum) << param.path;
            EXPECT_LE(param.default_value.get<double>(), param.maximum) << param.path;
        }
    }
}

TEST(AudioSpec, RefusesUnknownKeysAndNamesTheNearest) {
    const auto spec = read_audio_spec({{"loudness", {{"target_luf", -14}}}});

    ASSERT_FALSE(spec);
    EXPECT_EQ(spec.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(spec.error().to_string().find("loudness.target_luf"), std::string::npos);
    EXPECT_NE(spec.error().to_string().find("loudness.target_lufs"), std::string::npos);
}

TEST(AudioSpec, RefusesValuesOutOfRangeWrongTypesAndContradictions) {
    EXPECT_FALSE(read_audio_spec({{"sample_rate_hz", 4000}}));
    EXPECT_FALSE(read_audio_spec({{"sample_rate_hz", "fast"}}));
    EXPECT_FALSE(read_audio_spec({{"formats", {"wma"}}}));
    EXPECT_FALSE(read_audio_spec({{"formats", Json::array()}}));
    EXPECT_FALSE(read_audio_spec({{"formats", {"wav", "wav"}}}));
    EXPECT_FALSE(read_audio_spec({{"formats", {"flac"}}, {"bit_depth", "float"}}));
    EXPECT_FALSE(read_audio_spec({{"edit", {{"start_seconds", 5}, {"end_seconds", 5}}}}));
    EXPECT_FALSE(read_audio_spec({{"edit", {{"start_seconds", 5}}}, {"split", "markers"}}));
    EXPECT_FALSE(read_audio_spec(Json::array()));
}

TEST(AudioSpec, RefusesWhatWouldHaveNoEffect) {
    const auto check = [](const Json& asked, const std::string& preset = "") {
        Json json = asked;
        if (!preset.empty()) json["preset"] = preset;
        const auto spec = read_audio_spec(json);
        EXPECT_TRUE(spec) << spec.error().to_string();
        return check_asked(asked, *spec);
    };
    const Json level = {{"normalize", false}, {"target_lufs", -16}};
    EXPECT_FALSE(check({{"loudness", level}}));
    EXPECT_FALSE(check({{"loudness", {{"normalize", false}, {"album", true}}}}));
    EXPECT_FALSE(check({{"loudness", {{"true_peak_dbtp", -2}}}}, "archive")) << "it does not normalize";
    EXPECT_FALSE(check({{"mp3", {{"bitrate_kbps", 320}}}}));
    EXPECT_FALSE(check({{"mp3", {{"bitrate_kbps", 320}, {"vbr_quality", 0}}}, {"formats", {"mp3"}}}));
    EXPECT_FALSE(check({{"bit_depth", "24"}, {"formats", {"mp3"}}}));

    EXPECT_TRUE(check({{"loudness", {{"normalize", false}, {"album", false}}}}));
    EXPECT_TRUE(check({{"loudness", {{"normalize", false}}}}, "youtube"));
    EXPECT_TRUE(check({{"mp3", {{"bitrate_kbps", 320}}}}, "web"));
    EXPECT_TRUE(check({{"formats", {"mp3"}}}, "standard")) << "the preset's depth was not asked for";
    EXPECT_TRUE(check({{"bit_depth", "24"}, {"formats", {"mp3", "wav"}}}));
}

TEST(AudioSpec, TakesABitDepthAsANumber) {
    const auto spec = read_audio_spec({{"bit_depth", 16}});

    ASSERT_TRUE(spec) << spec.error().to_string();
    EXPECT_EQ(spec->bit_depth, BitDepth::pcm16);
}

TEST(AudioSpec, LetsWhatIsSaidWinOverThePreset) {
    const auto spec = read_audio_spec({{"preset", "amazon"}, {"loudness", {{"true_peak_dbtp", -3}}}});

    ASSERT_TRUE(spec) << spec.error().to_string();
    EXPECT_EQ(spec->loudness.target_lufs, -14);
    EXPECT_EQ(spec->loudness.true_peak_dbtp, -3);
}

TEST(AudioSpec, SuggestsAPresetForAnUnknownName) {
    const auto spec = read_audio_spec({{"preset", "spotfy"}});

    ASSERT_FALSE(spec);
    EXPECT_EQ(spec.error().hint, "did you mean spotify?");
}

TEST(AudioSpec, DescribesItselfInASchema) {
    const Json schema = audio_spec_schema();

    EXPECT_EQ(schema.at("properties").at("loudness").at("properties").at("target_lufs").at("default"), -16);
    EXPECT_EQ(schema.at("additionalProperties"), false);
}

TEST(AudioPresets, EveryBuiltInIsAValidSpec) {
    for (const AudioPreset& preset : builtin_audio_presets()) {
        const auto spec = read_audio_spec({{"preset", preset.name}});
        EXPECT_TRUE(spec) << preset.name << ": " << spec.error().to_string();
    }
}

TEST(AudioPresets, KeepsTheUsersOwnAndProtectsTheBuiltIn) {
    const TempFolder folder;
    std::vector<std::string> problems;

    ASSERT_TRUE(save_user_preset(folder.path(), "club", {{"loudness", {{"target_lufs", -9}}}}, false));
    EXPECT_EQ(save_user_preset(folder.path(), "club", {}, false).error().code, ErrorCode::already_exists);
    EXPECT_EQ(save_user_preset(folder.path(), "youtube", {}, true).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(save_user_preset(folder.path(), "../evil", {}, true).error().code, ErrorCode::invalid_argument);
    folder.write("broken.json", "{");

    const auto presets = load_user_presets(folder.path(), problems);
    EXPECT_EQ(problems.size(), 1U);
    const auto spec = read_audio_spec({{"preset", "club"}}, presets);
    ASSERT_TRUE(spec) << spec.error().to_string();
    EXPECT_EQ(spec->loudness.target_lufs, -9);
}

}  // namespace
}  // namespace dubplate
