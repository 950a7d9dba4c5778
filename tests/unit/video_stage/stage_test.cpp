#include "video/stage/stage.h"

#include <gtest/gtest.h>

#include <cmath>

#include "video/effects/catalog.h"
#include "video/synths/catalog.h"

namespace dubplate {
namespace {

// At 120 bpm a beat is half a second.
Project project_of(std::string synth, std::vector<Note> notes, std::vector<Instrument> effects = {},
                   Json settings = Json::object()) {
    Project project;
    ProjectTrack track;
    track.id = "a";
    track.synth = {std::move(synth), std::move(settings)};
    track.effects = std::move(effects);
    track.notes = std::move(notes);
    project.tracks = {track};
    return project;
}

std::shared_ptr<const SongLevels> some_levels() {
    auto levels = std::make_shared<SongLevels>();
    levels->bands = 24;
    for (int i = 0; i < 1000; ++i) {
        levels->loudness.push_back(0.5F);
        for (int band = 0; band < 24; ++band)
            levels->values.push_back(static_cast<float>(0.5 + 0.5 * std::sin(0.1 * i + band)));
    }
    return levels;
}

Stage stage_of(Project project) {
    auto stage = Stage::make(std::move(project), some_levels());
    EXPECT_TRUE(stage) << stage.error().to_string();
    return *std::move(stage);
}

const std::vector<Note> melody{{0, 1, 48, 60}, {0.5, 2, 60, 127}, {2, 0.5, 67, 90}, {3, 1, 72, 100}};

bool same_bodies(const Scene& a, const Scene& b) {
    if (a.bodies.size() != b.bodies.size() || a.lights.size() != b.lights.size()) return false;
    for (std::size_t i = 0; i < a.bodies.size(); ++i)
        if (a.bodies[i].position != b.bodies[i].position || a.bodies[i].scale != b.bodies[i].scale ||
            a.bodies[i].rotation != b.bodies[i].rotation || a.bodies[i].color != b.bodies[i].color ||
            a.bodies[i].emission != b.bodies[i].emission || a.bodies[i].opacity != b.bodies[i].opacity)
            return false;
    return true;
}

bool is_finite(const Body& body) {
    for (const double value : {body.position.x, body.position.y, body.position.z, body.scale.x, body.scale.y,
                               body.scale.z, body.color.red, body.emission.red, body.opacity})
        if (!std::isfinite(value)) return false;
    return body.scale.x >= 0 && body.opacity >= 0 && body.opacity <= 1;
}

TEST(Synths, EachHasDefaultsWithinItsRanges) {
    ASSERT_EQ(synth_types().size(), 17U);
    for (const SynthType* type : synth_types()) {
        for (const Param& param : type->params())
            EXPECT_TRUE(check_value(param, param.default_value)) << type->name << " " << param.path;
        EXPECT_TRUE(type->make(Json::object())) << type->name;
    }
}

TEST(Effects, EachHasDefaultsWithinItsRanges) {
    ASSERT_EQ(effect_types().size(), 11U);
    for (const EffectType* type : effect_types()) {
        for (const Param& param : type->params())
            EXPECT_TRUE(check_value(param, param.default_value)) << type->name << " " << param.path;
        EXPECT_TRUE(type->make(Json::object())) << type->name;
    }
}

TEST(Synths, EachShowsTheSameInAnyOrderOfFrames) {
    for (const SynthType* type : synth_types()) {
        Project project = project_of(std::string(type->name), melody);
        // Utility synths need something to change.
        ProjectTrack shown = project.tracks[0];
        shown.id = "b";
        shown.synth = {"basic"};
        if (type->category == "utility") project.tracks.push_back(shown);
        const Stage stage = stage_of(project);
        std::vector<Scene> forwards;
        std::size_t bodies = 0;
        for (int i = 0; i < 40; ++i) forwards.push_back(stage.scene_at(i * 0.07));
        for (int i = 39; i >= 0; --i) {
            const Scene again = stage.scene_at(i * 0.07);
            EXPECT_TRUE(same_bodies(again, forwards[static_cast<std::size_t>(i)])) << type->name;
            for (const Body& body : again.bodies) EXPECT_TRUE(is_finite(body)) << type->name << " at " << i;
            bodies += again.bodies.size();
        }
        EXPECT_GT(bodies, 0U) << type->name;
    }
}

TEST(Effects, EachShowsTheSameInAnyOrderOfFrames) {
    for (const EffectType* type : effect_types()) {
        const Stage stage = stage_of(project_of("basic", melody, {{std::string(type->name)}}));
        const Scene before = stage.scene_at(0.6);
        stage.scene_at(1.7);
        stage.scene_at(0.1);
        EXPECT_TRUE(same_bodies(stage.scene_at(0.6), before)) << type->name;
        EXPECT_FALSE(before.bodies.empty()) << type->name;
    }
}

TEST(Basic, IsAsHighAsItsPitchAndGoneAfterItsRelease) {
    const Stage stage = stage_of(project_of("basic", {{0, 1, 127, 127}}));

    ASSERT_EQ(stage.scene_at(0.4).bodies.size(), 1U);
    EXPECT_DOUBLE_EQ(stage.scene_at(0.4).bodies[0].position.y, 5);
    EXPECT_DOUBLE_EQ(stage.scene_at(0.4).bodies[0].opacity, 0.5);  // the sustain level
    EXPECT_TRUE(stage.scene_at(0.5 + 0.41).bodies.empty());
}

TEST(ConvergingSpheres, AreAtTheOriginWhenTheNoteBegins) {
    const Stage stage = stage_of(project_of("converging_spheres", {{2, 1, 60, 100}}));

    EXPECT_TRUE(stage.scene_at(0.4).bodies.empty());  // half a second before, they set out
    const Scene hit = stage.scene_at(1 + 1e-9 + 0.005);
    ASSERT_EQ(hit.bodies.size(), 5U);
    for (const Body& body : hit.bodies) EXPECT_LT(length(body.position), 0.1);
}

TEST(Delay, ShowsEchoesOfEarlierMomentsAtEveryFrame) {
    const Stage stage =
        stage_of(project_of("basic", {{0, 1, 60, 127}}, {{"delay", {{"delay_time", 4}, {"max_copies", 1}}}}));

    // Long after the note, at any moment of its echo: what was there two seconds before, half as opaque.
    for (double seconds = 2.001; seconds < 2.8; seconds += 0.0137) {
        const Scene echo = stage.scene_at(seconds);
        const Scene sound = stage.scene_at(seconds - 2);
        ASSERT_EQ(echo.bodies.size(), 1U) << seconds;
        EXPECT_NEAR(echo.bodies[0].opacity, sound.bodies[0].opacity / 2, 1e-6);
        EXPECT_NEAR(echo.bodies[0].scale.x, sound.bodies[0].scale.x, 1e-6);
    }
}

TEST(Gravity, FallsByTheSquareOfTheTimeAtAnyRate) {
    const Json strength{{"gravity_strength", 0.1}};
    const Stage stage = stage_of(project_of("basic", {{0, 8, 0, 127}}, {{"gravity", strength}}));

    // 10 a second squared, from the height of pitch 0.
    EXPECT_NEAR(stage.scene_at(1).bodies.at(0).position.y, -5 - 5, 1e-9);
    EXPECT_NEAR(stage.scene_at(2).bodies.at(0).position.y, -5 - 20, 1e-9);
}

TEST(VelocityRotate, HasTurnedByTheSumOfItsNotes) {
    Project project = project_of("basic", {{0, 16, 60, 127}}, {{"position_offset", {{"offset_x", 3}}}});
    ProjectTrack turning = project.tracks[0];
    turning.id = "turning";
    turning.effects.clear();
    turning.synth = {"velocity_rotate", {{"velocity_sensitivity", 0.25}}};
    turning.notes = {{0, 1, 60, 127}, {4, 1, 60, 127}};
    project.tracks.push_back(turning);
    const Stage stage = stage_of(project);

    // A quarter after the first note, a half after the second.
    EXPECT_NEAR(stage.scene_at(1.5).bodies.at(0).position.z, -3, 1e-9);
    EXPECT_NEAR(stage.scene_at(3.5).bodies.at(0).position.x, -3, 1e-9);
}

TEST(Pulse, ChangesItsTargetsAlone) {
    Project project = project_of("basic", {{0, 8, 60, 127}});
    ProjectTrack other = project.tracks[0];
    other.id = "b";
    ProjectTrack pulse = project.tracks[0];
    pulse.id = "pulse";
    pulse.synth = {"pulse", {{"pulse_target_scale", 3}, {"target_track_ids", {"b"}}}};
    project.tracks.push_back(other);
    project.tracks.push_back(pulse);
    const Scene scene = stage_of(project).scene_at(2);

    ASSERT_EQ(scene.bodies.size(), 2U);
    EXPECT_NEAR(scene.bodies[1].scale.x / scene.bodies[0].scale.x, 1 + 2 * 0.8, 1e-9);
}

TEST(Stage, ShowsSoloedTracksAloneAndNoMutedOnes) {
    Project project = project_of("basic", melody);
    project.tracks.push_back(project.tracks[0]);
    project.tracks[1].id = "b";
    EXPECT_EQ(stage_of(project).scene_at(0.4).bodies.size(), 4U);
    project.tracks[0].is_muted = true;
    EXPECT_EQ(stage_of(project).scene_at(0.4).bodies.size(), 2U);
    project.tracks[0].is_soloed = true;
    EXPECT_EQ(stage_of(project).scene_at(0.4).bodies.size(), 2U);
}

TEST(Stage, NamesWhatItDoesNotKnowAndTheNearestThatItDoes) {
    const auto error_of = [](Project project) { return Stage::make(std::move(project), nullptr).error(); };

    EXPECT_EQ(error_of(project_of("basick", {})).hint, "did you mean basic?");
    EXPECT_EQ(error_of(project_of("basic", {}, {{"dela"}})).hint, "did you mean delay?");
    const Error setting = error_of(project_of("basic", {}, {}, {{"base_siz", 1}}));
    EXPECT_EQ(setting.code, ErrorCode::invalid_argument);
    EXPECT_NE(setting.to_string().find("base_size"), std::string::npos) << setting.to_string();
    EXPECT_FALSE(Stage::make(project_of("glow", {}, {}, {{"base_size", 99}}), nullptr));
    EXPECT_FALSE(Stage::make(project_of("background_light", {}, {}, {{"light_color", "blu"}}), nullptr));
}

}  // namespace
}  // namespace dubplate
