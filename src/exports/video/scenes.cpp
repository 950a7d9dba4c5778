#include "exports/video/scenes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"

namespace dubplate {

namespace {

ProjectTrack track_of(std::string id, Instrument synth, std::vector<Note> notes = {},
                      std::vector<Instrument> effects = {}) {
    ProjectTrack track;
    track.name = id;
    track.id = std::move(id);
    track.synth = std::move(synth);
    track.effects = std::move(effects);
    track.notes = std::move(notes);
    return track;
}

Project ring(const SongFacts& song) {
    Project project;
    project.stage = {
        {"sway_degrees", 14}, {"sway_beats", 64}, {"top_color", "#05060f"}, {"bottom_color", "#120a1c"}};
    project.tracks = {track_of("stars", {"starfield", {{"brightness", 0.35}, {"speed", 3}}}),
                      track_of("ring", {"spectrum_ring", {{"bars", 96}}}),
                      track_of("kick",
                               {"converging_spheres",
                                {{"num_spheres", 6},
                                 {"base_color", "#ff5fa2"},
                                 {"start_distance", 0},
                                 {"start_z", 0},
                                 {"arc_intensity", 3.2},
                                 {"lookahead_time_seconds", 0.25},
                                 {"glow_intensity", 1.2}}},
                               song.kicks)};
    return project;
}

Project terrain(const SongFacts&) {
    Project project;
    project.stage = {{"camera_y", 4.5},        {"camera_z", 14},
                     {"target_y", -1},         {"target_z", -4},
                     {"sway_degrees", 24},     {"sway_beats", 64},
                     {"ambient", 0.35},        {"sun", 0.8},
                     {"top_color", "#02030a"}, {"bottom_color", "#150a22"},
                     {"view_degrees", 65}};
    project.tracks = {track_of("stars", {"starfield", {{"brightness", 0.3}, {"speed", 1}, {"height", 60}}}),
                      track_of("towers", {"spectrum_terrain", {{"front", 8}, {"rows", 34}}})};
    return project;
}

Project galaxy(const SongFacts& song) {
    Project project;
    project.stage = {
        {"sway_degrees", 10}, {"sway_beats", 32}, {"top_color", "#03040c"}, {"bottom_color", "#0b0416"}};
    project.tracks = {
        track_of("stars", {"starfield", {{"brightness", 0.5}, {"speed", 8}, {"reaction", 2.5}}}),
        track_of(
            "galaxy",
            {"spiral_galaxy",
             {{"num_spheres", 40}, {"num_layers", 4}, {"base_color", "#7fb4ff"}, {"glow_intensity", 0.9}}}),
        track_of("kick", {"converging_spheres", {{"num_spheres", 8}, {"base_color", "#ffb347"}}}, song.kicks),
        track_of("snare",
                 {"converging_spheres",
                  {{"num_spheres", 5}, {"base_color", "#ff3d7f"}, {"start_distance", 9}, {"start_z", -20}}},
                 song.snares)};
    return project;
}

struct ReadyScene {
    std::string_view name;
    Project (*make)(const SongFacts& song);
};
constexpr std::array<ReadyScene, 3> scenes{{{"ring", &ring}, {"terrain", &terrain}, {"galaxy", &galaxy}}};

}  // namespace

std::vector<std::string> scene_names() {
    std::vector<std::string> names;
    for (const ReadyScene& scene : scenes) names.emplace_back(scene.name);
    return names;
}

Status check_scene_name(std::string_view name) {
    const std::vector<std::string> names = scene_names();
    if (std::ranges::find(names, name) != names.end()) return {};
    const auto nearest = nearest_name(name, names);
    return fail(ErrorCode::not_found, fmt::format("there is no scene {}", escape_control(name)),
                nearest ? fmt::format("did you mean {}?", *nearest)
                        : fmt::format("these are there: {}", fmt::join(names, ", ")));
}

Project make_scene(std::string_view name, const SongFacts& song) {
    const auto found = std::ranges::find(scenes, name, &ReadyScene::name);
    Project project = (found == scenes.end() ? scenes.front() : *found).make(song);
    project.name = std::string(found == scenes.end() ? scenes.front().name : found->name);
    project.tempo = song.tempo;
    return project;
}

}  // namespace dubplate
