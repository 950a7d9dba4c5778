#include "golden/golden_scenes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "exports/video/scenes.h"
#include "video/effects/catalog.h"
#include "video/stage/stage.h"
#include "video/synths/catalog.h"

namespace dubplate::test {

namespace {

constexpr double shown_at_s = 1.6;  // at 120 bpm a fifth of a beat after the fourth begins
constexpr double length_s = 8;

// A bass, a chord that is held, and a tune above it: many voices sound when the picture is taken, and more are to come.
const std::vector<Note> melody{
    {0, 1, 33, 110},    {0, 0.5, 81, 90},       {0.5, 0.5, 88, 70}, {1, 0.5, 84, 110}, {1.5, 0.5, 91, 80},
    {2, 2, 57, 100},    {2, 2, 64, 90},         {2, 2, 72, 80},     {2, 1, 28, 127},   {2, 0.5, 93, 100},
    {2.5, 0.5, 96, 90}, {2.75, 0.75, 100, 110}, {3, 0.5, 40, 127},  {3, 1, 88, 120},   {3.5, 1, 105, 90},
    {4, 1, 33, 110},    {4, 0.5, 76, 90},       {4.5, 0.5, 79, 70}, {5, 0.5, 84, 110}, {5.5, 0.5, 91, 80},
    {6, 1, 45, 110},    {6, 0.5, 96, 90},       {6.5, 0.5, 57, 70}, {7, 0.5, 64, 110}, {7.5, 0.5, 103, 80}};

std::vector<Note> every(double beats, double first, int pitch) {
    std::vector<Note> notes;
    for (double beat = first; beat < 2 * length_s; beat += beats) notes.push_back({beat, 0.25, pitch, 110});
    return notes;
}

// How loud the bands are: drums that die away, and a melody that wanders.
std::shared_ptr<const SongLevels> levels_of_a_song() {
    auto levels = std::make_shared<SongLevels>();
    levels->bands = 24;
    const auto since = [](double seconds, double period, double first) {
        return seconds < first ? 1e3 : std::fmod(seconds - first, period);
    };
    for (int i = 0; i < static_cast<int>(length_s / levels->hop_s); ++i) {
        const double seconds = i * levels->hop_s;
        const double kick = std::exp(-8 * since(seconds, 0.5, 0));
        const double snare = std::exp(-10 * since(seconds, 1, 0.5));
        const double hat = std::exp(-25 * since(seconds, 0.25, 0.25));
        double sum = 0;
        for (int band = 0; band < 24; ++band) {
            const auto near = [&](double middle, double width) {
                return std::exp(-(band - middle) * (band - middle) / (width * width));
            };
            const double tune = 11 + 4 * std::sin(2.1 * seconds);
            const double value = 0.08 + 0.9 * kick * near(1, 3) + 0.6 * snare * near(14, 6) +
                                 0.5 * hat * near(22, 3) + 0.55 * near(tune, 1.5) + 0.35 * near(4, 2);
            levels->values.push_back(static_cast<float>(std::min(value, 1.0)));
            sum += value;
        }
        levels->loudness.push_back(static_cast<float>(std::min(sum / 8, 1.0)));
    }
    return levels;
}

Scene scene_of(Project project, double seconds = shown_at_s) {
    const std::string name = project.name;
    auto stage = Stage::make(std::move(project), levels_of_a_song());
    EXPECT_TRUE(stage) << name << ": " << stage.error().to_string();
    return stage ? stage->scene_at(seconds) : Scene{};
}

ProjectTrack track_of(std::string id, std::string synth) {
    ProjectTrack track;
    track.id = std::move(id);
    track.synth = {std::move(synth)};
    track.notes = melody;
    return track;
}

}  // namespace

std::vector<GoldenScene> synth_scenes() {
    std::vector<GoldenScene> scenes;
    for (const SynthType* type : synth_types()) {
        Project project;
        project.name = type->name;
        project.tracks = {track_of("own", std::string(type->name))};
        // What changes others needs others.
        if (type->category == "utility") {
            project.tracks.push_back(track_of("melody", "approaching_cube"));
            project.tracks.push_back(track_of("stars", "spiral_galaxy"));
        }
        if (type->name == "background_light") project.tracks.push_back(track_of("melody", "basic"));
        scenes.push_back({project.name, scene_of(project)});
    }
    return scenes;
}

std::vector<GoldenScene> effect_scenes() {
    // Where the defaults change nothing, something is asked for.
    const std::map<std::string_view, Json> asked{{"scale", {{"scale", 2}}},
                                                 {"position_offset", {{"offset_x", 6}, {"offset_y", 2}}},
                                                 {"rescale_position", {{"scale_x", 2.5}, {"scale_y", 0.5}}},
                                                 {"rotate3d", {{"rotation_x", 60}, {"rotation_z", 30}}},
                                                 {"delay", {{"delay_time", 0.5}, {"feedback", 0.8}}},
                                                 {"radial_duplicate", {{"num_copies", 6}, {"radius", 6}}},
                                                 {"gravity", {{"gravity_strength", 0.3}}},
                                                 {"pan", {{"amount", 6}}},
                                                 {"horizontal_duplicate", {{"x_spread", 7}}},
                                                 {"color", {{"min_y", -5}, {"max_y", 5}}}};
    Project project;
    project.name = "none";
    project.tracks = {track_of("melody", "approaching_cube")};
    std::vector<GoldenScene> scenes{{"none", scene_of(project)}};
    for (const EffectType* type : effect_types()) {
        project.name = type->name;
        const auto settings = asked.find(type->name);
        project.tracks[0].effects = {
            {project.name, settings == asked.end() ? Json::object() : settings->second}};
        scenes.push_back({project.name, scene_of(project)});
    }
    return scenes;
}

std::vector<GoldenScene> ready_scenes() {
    SongFacts song;
    song.seconds = length_s;
    song.bpm = 120;
    song.levels = levels_of_a_song();
    song.kicks = every(1, 0, 36);
    song.snares = every(2, 1, 38);
    song.hats = every(0.5, 0, 42);
    std::vector<GoldenScene> scenes;
    for (const std::string& name : scene_names())
        for (const double seconds : {1.52, 3.1, 6.0})
            scenes.push_back({name, scene_of(make_scene(name, song), seconds)});
    return scenes;
}

}  // namespace dubplate::test
