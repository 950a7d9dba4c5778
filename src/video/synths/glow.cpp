// A glowing sphere for each note, as high as its pitch among those of the track; it moves away while it sounds.
#include "video/note_visuals.h"

namespace dubplate {

namespace {

struct Settings {
    double y_spread = 3;
    double glow_intensity = 1;
    double base_size = 1.5;
    double z_move_rate = 10;
    double start_hue = 180;
    double end_hue = 300;
    Adsr adsr{0.01, 0.5, 0.2, 1};
};

class GlowSynth final : public Synth {
  public:
    explicit GlowSynth(Settings settings) : s_(settings) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(number_setting("y_spread", 0, 10, "", "how far pitches reach up and down"),
                  DUBPLATE_SETTING(y_spread))
                .add(number_setting("glow_intensity", 0, 5, "", "light"), DUBPLATE_SETTING(glow_intensity))
                .add(number_setting("base_size", 0.1, 10, "", "of a sphere"), DUBPLATE_SETTING(base_size))
                .add(number_setting("z_move_rate", 0, 20, "a second", "away from the viewer"),
                     DUBPLATE_SETTING(z_move_rate));
            add_hues(t);
            add_adsr(t);
            return t;
        }();
        return made;
    }

    void draw(const Moment& moment, const NoteList& notes, std::vector<Visual>& visuals) const override {
        for (const PlayedNote& played : notes.around(moment.seconds, 0, s_.adsr.tail_s())) {
            const double level = level_of(s_.adsr, played, moment.seconds);
            if (level <= 0) continue;
            Visual sphere = visual_of(played, VisualShape::sphere);
            sphere.position = {0,
                               map_value(played.note.pitch, notes.lowest_pitch(), notes.highest_pitch(),
                                         -s_.y_spread, s_.y_spread),
                               -s_.z_move_rate * (moment.seconds - played.start_s)};
            sphere.scale = Vec3{1, 1, 1} * s_.base_size;
            sphere.color =
                color_from_hsl(map_value(pitch_class(played), 0, 11, s_.start_hue, s_.end_hue), 80, 60);
            sphere.emission_color = sphere.color;
            sphere.emission = s_.glow_intensity;
            sphere.opacity = level * played.note.velocity / 127 * 2;
            visuals.push_back(sphere);
        }
    }

  private:
    Settings s_;
};

}  // namespace

extern const SynthType glow_synth{"glow", "Glow", "melodic", &params_of<GlowSynth>,
                                  &make_instrument<Synth, GlowSynth>};

}  // namespace dubplate
