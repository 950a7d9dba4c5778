// A cube for each note that flies towards the viewer and aside, and turns in steps.
#include <cmath>

#include "video/note_visuals.h"

namespace dubplate {

namespace {

struct Settings {
    double base_size = 0.8;
    double travel_speed = 4;
    double spread_speed = 1.5;
    double spin_speed = 180;
    int quantize_steps = 8;
    Adsr adsr{0.1, 0, 1, 2};
};

class ApproachingCube final : public Synth {
  public:
    explicit ApproachingCube(Settings settings) : s_(settings) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(number_setting("base_size", 0.1, 10, "", "of a cube"), DUBPLATE_SETTING(base_size))
                .add(number_setting("travel_speed", 0.5, 15, "a second", "towards the viewer"),
                     DUBPLATE_SETTING(travel_speed))
                .add(number_setting("spread_speed", 0, 10, "a second", "aside"),
                     DUBPLATE_SETTING(spread_speed))
                .add(number_setting("spin_speed", 10, 720, "degrees a second", "of its turning"),
                     DUBPLATE_SETTING(spin_speed))
                .add(whole_setting("quantize_steps", 2, 32, "in which it makes a whole turn"),
                     DUBPLATE_SETTING(quantize_steps));
            add_adsr(t);
            return t;
        }();
        return made;
    }

    void draw(const Moment& moment, const NoteList& notes, std::vector<Visual>& visuals) const override {
        for (const PlayedNote& played : notes.around(moment.seconds, 0, s_.adsr.tail_s())) {
            const double level = level_of(s_.adsr, played, moment.seconds);
            const double since = moment.seconds - played.start_s;
            if (level <= 0 || since < 0) continue;
            Visual cube = visual_of(played);
            const double angle = 2 * std::numbers::pi * pitch_class(played) / 12;
            cube.position = {std::cos(angle) * s_.spread_speed * since,
                             std::sin(angle) * s_.spread_speed * since, s_.travel_speed * since};
            const double step = 360.0 / s_.quantize_steps;
            const double turned = std::floor(s_.spin_speed * since / step) * step;
            cube.rotation = {0.7 * turned, turned, 0.5 * turned};
            cube.scale = Vec3{1, 1, 1} * s_.base_size;
            cube.color = color_from_hsl(30.0 * pitch_class(played), 80, 60);
            cube.emission_color = cube.color;
            cube.opacity = level;
            visuals.push_back(cube);
        }
    }

  private:
    Settings s_;
};

}  // namespace

extern const SynthType approaching_cube_synth{"approaching_cube", "Approaching cube", "melodic",
                                              &params_of<ApproachingCube>,
                                              &make_instrument<Synth, ApproachingCube>};

}  // namespace dubplate
