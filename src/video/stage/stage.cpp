#include "video/stage/stage.h"

#include <fmt/format.h>

#include <cmath>

#include "video/effects/catalog.h"
#include "video/setting.h"
#include "video/synths/catalog.h"

namespace dubplate {

namespace {

// Echoes of echoes multiply; this is far past what a picture can show.
constexpr std::size_t most_visuals = 50'000;

std::string track_name(const ProjectTrack& track) {
    return "track " + (track.name.empty() ? track.id : track.name);
}

void add_place(ParamTable<StageSettings>& t) {
    t.add(number_setting("camera_x", -500, 500, "", "where the camera stands"), DUBPLATE_SETTING(camera.x))
        .add(number_setting("camera_y", -500, 500, "", "where the camera stands"), DUBPLATE_SETTING(camera.y))
        .add(number_setting("camera_z", -500, 500, "", "where the camera stands"), DUBPLATE_SETTING(camera.z))
        .add(number_setting("target_x", -500, 500, "", "what it looks at"), DUBPLATE_SETTING(target.x))
        .add(number_setting("target_y", -500, 500, "", "what it looks at"), DUBPLATE_SETTING(target.y))
        .add(number_setting("target_z", -500, 500, "", "what it looks at"), DUBPLATE_SETTING(target.z))
        .add(number_setting("view_degrees", 5, 150, "degrees", "vertical angle of view"),
             DUBPLATE_SETTING(view_degrees))
        .add(number_setting("sway_degrees", 0, 90, "degrees", "how far the camera swings to either side"),
             DUBPLATE_SETTING(sway_degrees))
        .add(number_setting("sway_beats", 1, 1024, "beats", "for there and back"),
             DUBPLATE_SETTING(sway_beats));
}

}  // namespace

const ParamTable<StageSettings>& stage_params() {
    static const ParamTable<StageSettings> table = [] {
        ParamTable<StageSettings> t;
        add_place(t);
        t.add(text_setting("top_color", "of the backdrop"), DUBPLATE_SETTING(top_color))
            .add(text_setting("bottom_color", "of the backdrop"), DUBPLATE_SETTING(bottom_color))
            .add(number_setting("ambient", 0, 5, "", "light from all sides"), DUBPLATE_SETTING(ambient))
            .add(number_setting("sun", 0, 5, "", "light from above, right and before"),
                 DUBPLATE_SETTING(sun));
        return t;
    }();
    return table;
}

Result<Stage> Stage::make(Project project, std::shared_ptr<const SongLevels> song) {
    Stage stage;
    auto settings = stage_params().read(project.stage);
    if (!settings) return std::move(settings).error().in_context("stage");
    stage.settings_ = *std::move(settings);
    DUBPLATE_CHECK(check_color("stage.top_color", stage.settings_.top_color));
    DUBPLATE_CHECK(check_color("stage.bottom_color", stage.settings_.bottom_color));
    if (length(cross(stage.settings_.target - stage.settings_.camera, {0, 1, 0})) < 1e-6)
        return fail(ErrorCode::invalid_argument, "stage: the camera looks straight up or down",
                    "move camera or target aside");
    stage.backdrop_ = {color_of(stage.settings_.top_color), color_of(stage.settings_.bottom_color)};
    for (const ProjectTrack& track : project.tracks) {
        if (!project.is_heard(track) || track.synth.type.empty()) continue;
        Track made{track.id, NoteList(track.notes, project.tempo), nullptr, {}};
        auto synth = make_synth(track.synth);
        if (!synth) return std::move(synth).error().in_context(track_name(track));
        made.synth = *std::move(synth);
        for (const Instrument& instrument : track.effects) {
            auto effect = make_effect(instrument);
            if (!effect) return std::move(effect).error().in_context(track_name(track));
            made.effects.push_back(*std::move(effect));
        }
        stage.tracks_.push_back(std::move(made));
    }
    stage.project_ = std::move(project);
    stage.song_ = std::move(song);
    return stage;
}

std::vector<Visual> Stage::visuals_of(const Track& track, std::size_t effects, const Moment& moment) const {
    std::vector<Visual> visuals;
    if (effects == 0) {
        track.synth->draw(moment, track.notes, visuals);
        return visuals;
    }
    const std::function<std::vector<Visual>(const Moment&)> at = [&](const Moment& other) {
        return visuals_of(track, effects - 1, other);
    };
    visuals = at(moment);
    track.effects[effects - 1]->apply({moment, at}, visuals);
    if (visuals.size() > most_visuals) visuals.resize(most_visuals);
    return visuals;
}

void Stage::place_camera(const Moment& moment, Scene& scene) const {
    const double swing =
        settings_.sway_degrees * std::sin(2 * std::numbers::pi * moment.beat / settings_.sway_beats);
    scene.camera.target = settings_.target;
    scene.camera.position =
        settings_.target + rotation_about({0, 1, 0}, swing) * (settings_.camera - settings_.target);
    scene.camera.vertical_angle_degrees = settings_.view_degrees;
}

Scene Stage::scene_at(double seconds) const {
    const Moment moment = make_moment(seconds, project_.tempo, song_.get());
    std::vector<TrackVisuals> tracks;
    for (const Track& track : tracks_)
        tracks.push_back({&track.id, visuals_of(track, track.effects.size(), moment)});
    for (const Track& track : tracks_) track.synth->modify(moment, track.notes, tracks);
    Scene scene;
    place_camera(moment, scene);
    scene.backdrop = backdrop_;
    scene.ambient = white * settings_.ambient;
    scene.sun.color = white * settings_.sun;
    for (const TrackVisuals& track : tracks)
        for (const Visual& visual : track.visuals) add_to_scene(visual, scene);
    return scene;
}

}  // namespace dubplate
