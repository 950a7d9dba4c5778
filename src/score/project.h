// project.h: a piece as a visualizer plays it: tracks of notes, each with a synth and effects, and their tempo.
//
// Shape    tracks in the order in which they are shown; notes of a track by their start.
// Units    beats are quarter notes from the start of the piece; pitch 0 to 127; velocity 0 to 127. Settings of synths and effects are
//          kept as they came, with keys in snake_case: who plays them knows what they mean.
// Read     read_project() takes the saved form of requirements R2 F (nested tracks, or flat lists joined by trackId) and the body of R2 D.
//          Keys may be in camelCase. Starts of notes are relative to their block. Velocities from 0 to 1 are scaled where a whole project
//          has none above.
// Limits   4096 tracks, 1,000,000 notes, positions up to 1,000,000 beats.
// Errors   invalid_argument with the path of the value: "tracks[2].midi_blocks[0].notes[5]: ..."; limit_exceeded.
// Threads  plain values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "score/tempo_map.h"

namespace dubplate {

inline constexpr std::size_t max_project_tracks = 4096;
inline constexpr std::size_t max_project_notes = 1'000'000;
inline constexpr double max_project_beats = 1'000'000;

struct Note {
    double start_beat = 0;
    double duration_beats = 0;
    int pitch = 60;
    double velocity = 100;
    bool operator==(const Note&) const = default;
};

// A synth or an effect: its name ("spiral_galaxy") and what differs from its defaults.
struct Instrument {
    std::string type{};
    Json settings = Json::object();
    bool operator==(const Instrument&) const = default;
};

struct ProjectTrack {
    std::string id{};
    std::string name{};
    bool is_muted = false;
    bool is_soloed = false;
    Instrument synth{};  // without a type: the track shows nothing
    std::vector<Instrument> effects{};
    std::vector<Note> notes{};
    bool operator==(const ProjectTrack&) const = default;
};

struct Project {
    std::string name{};
    TempoMap tempo{};
    std::vector<ProjectTrack> tracks{};
    Json stage = Json::object();           // camera and backdrop (video/stage)
    std::string audio{};                   // path of what is heard, relative to the project; empty: none
    std::optional<double> length_beats{};  // none: to the end of the last note

    double end_beat() const;
    // Any solo: those alone; else all that are not muted.
    bool is_heard(const ProjectTrack& track) const;
};

Result<Project> read_project(const Json& json);

// "BasicSynthesizer" -> "basic", "DelayEffect" -> "delay", "SpiralGalaxySynth" -> "spiral_galaxy", "baseSize" -> "base_size".
std::string instrument_name(std::string_view class_name);
std::string snake_case(std::string_view name);

}  // namespace dubplate
