// Other tracks' objects turn about an axis through the origin while notes of this one sound, the faster the louder. How far they have turned is
// the sum over all notes so far, so that it is the same wherever a video begins.
#include <algorithm>

#include "video/note_visuals.h"

namespace dubplate {

namespace {

struct Settings {
    Vec3 axis{0, 1, 0};
    double velocity_sensitivity = 0.2;
    std::vector<std::string> target_track_ids{};
};

class VelocityRotate final : public Synth {
  public:
    explicit VelocityRotate(Settings settings) : s_(std::move(settings)) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(number_setting("axis_x", -1, 1, "", "of the axis"), DUBPLATE_SETTING(axis.x))
                .add(number_setting("axis_y", -1, 1, "", "of the axis"), DUBPLATE_SETTING(axis.y))
                .add(number_setting("axis_z", -1, 1, "", "of the axis"), DUBPLATE_SETTING(axis.z))
                .add(number_setting("velocity_sensitivity", -10, 10, "turns a beat", "at full velocity"),
                     DUBPLATE_SETTING(velocity_sensitivity));
            add_targets(t);
            return t;
        }();
        return made;
    }

    void modify(const Moment& moment, const NoteList& notes,
                std::vector<TrackVisuals>& tracks) const override {
        double turns = 0;
        for (const PlayedNote& played : notes.all()) {
            const Note& note = played.note;
            if (note.start_beat > moment.beat) break;
            const double beats = std::min(moment.beat - note.start_beat, note.duration_beats);
            turns += s_.velocity_sensitivity * note.velocity / 127 * beats;
        }
        const Mat3 turn = rotation_about(s_.axis, 360 * turns);
        for (TrackVisuals& track : tracks)
            if (is_target(s_.target_track_ids, track))
                for (Visual& visual : track.visuals) {
                    visual.position = turn * visual.position;
                    visual.turned = turn * visual.turned;
                }
    }

  private:
    Settings s_;
};

}  // namespace

extern const SynthType velocity_rotate_synth{"velocity_rotate", "Velocity rotate", "utility",
                                             &params_of<VelocityRotate>,
                                             &make_instrument<Synth, VelocityRotate>};

}  // namespace dubplate
