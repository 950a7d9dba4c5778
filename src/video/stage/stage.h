// stage.h: a project as scenes: what is seen at any moment of it.
//
//   notes, song ─▶ synth of a track ─▶ its effects ─┐
//                  synth of a track ─▶ its effects ─┼▶ utility synths of all tracks ─▶ objects ─▶ scene ◀─ camera, backdrop
//                  ...                              ┘
//
// Pure     scene_at() depends on the project, the levels of the song and the time alone.
// Threads  constant once made: many threads may ask at once.
// Errors   make(): not_found (a synth or effect), invalid_argument (a setting), each with the track.
// Source   requirements R2 F 25.
#pragma once

#include <memory>
#include <vector>

#include "video/scene.h"
#include "video/visual.h"

namespace dubplate {

// What a project may say under "stage".
struct StageSettings {
    Vec3 camera{0, 0, 15};
    Vec3 target{};
    double view_degrees = 75;  // vertical
    double sway_degrees = 0;   // how far the camera swings to either side about the target
    double sway_beats = 32;    // for there and back
    std::string top_color = "#000000";
    std::string bottom_color = "#000000";
    double ambient = 0.5;
    double sun = 1;
};
const ParamTable<StageSettings>& stage_params();

class Stage {
  public:
    // song: may be null; shared with whoever made it.
    static Result<Stage> make(Project project, std::shared_ptr<const SongLevels> song);

    Scene scene_at(double seconds) const;
    const Project& project() const { return project_; }

  private:
    struct Track {
        std::string id;
        NoteList notes;
        std::unique_ptr<Synth> synth;
        std::vector<std::unique_ptr<Effect>> effects;
    };

    Stage() = default;
    // What a track shows after its first `effects` effects.
    std::vector<Visual> visuals_of(const Track& track, std::size_t effects, const Moment& moment) const;
    void place_camera(const Moment& moment, Scene& scene) const;

    Project project_;
    StageSettings settings_;
    Backdrop backdrop_;
    std::shared_ptr<const SongLevels> song_;
    std::vector<Track> tracks_;
};

}  // namespace dubplate
