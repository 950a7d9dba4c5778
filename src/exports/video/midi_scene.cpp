#include "exports/video/midi_scene.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace dubplate {

namespace {

constexpr int drum_channel = 9;
constexpr double width = 14;  // what all tracks side by side take

// In the order in which tracks take them.
const std::array<Instrument, 4>& melodic() {
    static const std::array<Instrument, 4> synths{
        {{"symmetric_resonance", {{"particle_size", 0.25}}},
         {"approaching_cube", {{"base_size", 0.6}, {"travel_speed", 3}}},
         {"radial_duplicate_glow", {{"base_size", 0.6}, {"gravity", 2}, {"max_y_height", 8}, {"release", 1}}},
         {"basic", {{"base_size", 1.2}}}}};
    return synths;
}

double beat_of(std::int64_t tick) {
    return static_cast<double>(tick) / static_cast<double>(ticks_per_quarter);
}

struct Part {
    std::string name;
    bool is_drums = false;
    std::vector<Note> notes;
};

// One for each track, or for each channel where there is but one track that has notes.
std::vector<Part> parts_of(const MidiFile& file) {
    const auto playing =
        std::ranges::count_if(file.tracks, [](const MidiTrack& track) { return !track.notes.empty(); });
    std::map<std::pair<std::size_t, int>, Part> parts;
    for (std::size_t i = 0; i < file.tracks.size(); ++i)
        for (const MidiNote& note : file.tracks[i].notes) {
            const bool is_drums = note.channel == drum_channel;
            Part& part = parts[{i, playing == 1 || is_drums ? note.channel : -1}];
            part.is_drums = is_drums;
            part.name = playing == 1 ? fmt::format("channel {}", note.channel + 1) : file.tracks[i].name;
            part.notes.push_back({beat_of(note.tick), beat_of(note.length_ticks), note.key,
                                  static_cast<double>(note.velocity)});
        }
    std::vector<Part> list;
    for (auto& [place, part] : parts) list.push_back(std::move(part));
    return list;
}

ProjectTrack track_of(Part part, std::size_t index, std::size_t melodies, std::size_t melody) {
    ProjectTrack track;
    track.id = fmt::format("part {}", index + 1);
    track.name = std::move(part.name);
    track.notes = std::move(part.notes);
    if (part.is_drums) {
        track.synth = {
            "converging_spheres",
            {{"num_spheres", 6}, {"base_color", "#ffb347"}, {"start_distance", 10}, {"start_z", -10}}};
        return track;
    }
    track.synth = melodic()[melody % melodic().size()];
    const double x =
        melodies < 2 ? 0 : width * (static_cast<double>(melody) / static_cast<double>(melodies - 1) - 0.5);
    track.effects = {{"position_offset", {{"offset_x", x}}}};
    return track;
}

}  // namespace

Result<Project> make_midi_scene(const MidiFile& file) {
    std::vector<Part> parts = parts_of(file);
    if (parts.empty())
        return fail(ErrorCode::invalid_argument, "there are no notes in it", "a video needs notes to show");
    std::size_t notes = 0;
    for (const Part& part : parts) notes += part.notes.size();
    if (notes > max_project_notes)
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("{} notes are more than {}", notes, max_project_notes));
    const auto drums = static_cast<std::size_t>(std::ranges::count_if(parts, &Part::is_drums));
    Project project;
    project.name = file.tracks.front().name;
    project.tempo = tempo_map_of(file);
    project.stage = {
        {"sway_degrees", 12}, {"sway_beats", 32}, {"top_color", "#04050d"}, {"bottom_color", "#100818"}};
    ProjectTrack stars;
    stars.id = "stars";
    stars.synth = {"starfield", {{"brightness", 0.4}, {"reaction", 0}}};
    project.tracks.push_back(std::move(stars));
    std::size_t melody = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const bool is_drums = parts[i].is_drums;
        project.tracks.push_back(track_of(std::move(parts[i]), i, parts.size() - drums, melody));
        if (!is_drums) ++melody;
    }
    return project;
}

}  // namespace dubplate
