// A glowing sphere for each note that falls from the height of its pitch. Made for the effect that duplicates in a circle.
#include "video/note_visuals.h"

namespace dubplate {

namespace {

struct Settings {
    double glow_intensity = 1.2;
    double base_size = 0.8;
    double start_hue = 0;
    double end_hue = 360;
    double gravity = 9.8;
    double max_y_height = 15;
    Adsr adsr{0.01, 0.2, 0.8, 2};
};

class RadialDuplicateGlow final : public Synth {
  public:
    explicit RadialDuplicateGlow(Settings settings) : s_(settings) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(number_setting("glow_intensity", 0, 10, "", "light"), DUBPLATE_SETTING(glow_intensity))
                .add(number_setting("base_size", 0.1, 10, "", "of a sphere"), DUBPLATE_SETTING(base_size))
                .add(number_setting("gravity", 0, 50, "a second squared", "away from the viewer"),
                     DUBPLATE_SETTING(gravity))
                .add(number_setting("max_y_height", 0, 50, "", "height of the highest pitch"),
                     DUBPLATE_SETTING(max_y_height));
            add_hues(t);
            add_adsr(t);
            return t;
        }();
        return made;
    }

    void draw(const Moment& moment, const NoteList& notes, std::vector<Visual>& visuals) const override {
        for (const PlayedNote& played : notes.around(moment.seconds, 0, s_.adsr.tail_s())) {
            const double level = level_of(s_.adsr, played, moment.seconds);
            const double since = moment.seconds - played.start_s;
            if (level <= 0) continue;
            Visual sphere = visual_of(played, VisualShape::sphere);
            sphere.position = {0, map_value(played.note.pitch, 0, 127, 0, s_.max_y_height),
                               -0.5 * s_.gravity * since * since};
            sphere.scale = Vec3{1, 1, 1} * s_.base_size;
            sphere.color =
                color_from_hsl(map_value(pitch_class(played), 0, 11, s_.start_hue, s_.end_hue), 80, 60);
            sphere.emission_color = sphere.color;
            sphere.emission = s_.glow_intensity;
            sphere.opacity = level;
            visuals.push_back(sphere);
        }
    }

  private:
    Settings s_;
};

}  // namespace

extern const SynthType radial_duplicate_glow_synth{"radial_duplicate_glow", "Radial duplicate glow",
                                                   "melodic", &params_of<RadialDuplicateGlow>,
                                                   &make_instrument<Synth, RadialDuplicateGlow>};

}  // namespace dubplate
