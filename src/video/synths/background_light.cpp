// A light for each note behind all that is shown: left or right by its pitch, up or down by its velocity.
#include "video/note_visuals.h"

namespace dubplate {

namespace {

constexpr double behind_z = -10;

struct Settings {
    std::string light_color = "#ffffff";
    double intensity = 5;
    double distance = 50;
    double spread = 20;
    double base_size = 1;
    Adsr adsr{0.1, 2, 0.3, 5};
};

class BackgroundLight final : public Synth {
  public:
    explicit BackgroundLight(Settings settings) : s_(std::move(settings)), color_(color_of(s_.light_color)) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(text_setting("light_color", "of the light"), DUBPLATE_SETTING(light_color))
                .add(number_setting("intensity", 0, 50, "", "of the light"), DUBPLATE_SETTING(intensity))
                .add(number_setting("distance", 1, 500, "", "where it has faded"), DUBPLATE_SETTING(distance))
                .add(number_setting("spread", 0, 100, "", "from the lowest pitch to the highest"),
                     DUBPLATE_SETTING(spread))
                .add(number_setting("base_size", 0, 20, "", "of the halo that is seen"),
                     DUBPLATE_SETTING(base_size));
            add_adsr(t);
            return t;
        }();
        return made;
    }
    static Status check(const Settings& settings) { return check_color("light_color", settings.light_color); }

    void draw(const Moment& moment, const NoteList& notes, std::vector<Visual>& visuals) const override {
        for (const PlayedNote& played : notes.around(moment.seconds, 0, s_.adsr.tail_s())) {
            const double level = level_of(s_.adsr, played, moment.seconds);
            if (level <= 0) continue;
            Visual light = visual_of(played, VisualShape::light);
            light.position = {(played.note.pitch / 127.0 - 0.5) * s_.spread,
                              (played.note.velocity / 127 - 0.5) * s_.spread, behind_z};
            light.emission_color = color_;
            light.emission = s_.intensity * level;
            light.distance = s_.distance;
            visuals.push_back(light);
            light.shape = VisualShape::glow;
            light.scale = Vec3{4, 4, 4} * s_.base_size;
            light.emission = s_.intensity / 5 * level;
            visuals.push_back(light);
        }
    }

  private:
    Settings s_;
    Color color_;
};

}  // namespace

extern const SynthType background_light_synth{"background_light", "Background light", "background",
                                              &params_of<BackgroundLight>,
                                              &make_instrument<Synth, BackgroundLight>};

}  // namespace dubplate
