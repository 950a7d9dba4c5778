// A cube for each note: as high as its pitch, as large as it is loud, colored by its pitch class.
#include "video/note_visuals.h"

namespace dubplate {

namespace {

struct Settings {
    double base_size = 2;
    Adsr adsr{0.05, 0.3, 0.5, 0.4};
    double y_range = 10;
    double y_min = -5;
};

class Basic final : public Synth {
  public:
    explicit Basic(Settings settings) : s_(settings) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(number_setting("base_size", 0.1, 10, "", "of a cube at full velocity"),
                  DUBPLATE_SETTING(base_size))
                .add(number_setting("y_range", 1, 20, "", "from the lowest pitch to the highest"),
                     DUBPLATE_SETTING(y_range))
                .add(number_setting("y_min", -10, 0, "", "height of the lowest pitch"),
                     DUBPLATE_SETTING(y_min));
            add_adsr(t);
            return t;
        }();
        return made;
    }

    void draw(const Moment& moment, const NoteList& notes, std::vector<Visual>& visuals) const override {
        for (const PlayedNote& played : notes.around(moment.seconds, 0, s_.adsr.tail_s())) {
            const double level = level_of(s_.adsr, played, moment.seconds);
            if (level <= 0) continue;
            Visual cube = visual_of(played);
            const double share = played.note.pitch / 127.0;
            const double size = s_.base_size * played.note.velocity / 127 * level;
            cube.position = {0, s_.y_min + s_.y_range * share, 0};
            cube.scale = {size, size * (0.5 + pitch_class(played) / 11.0), size};
            const double lightness = map_value(played.note.pitch, 0, 127, 40, 95);
            cube.color = color_from_hsl(30.0 * pitch_class(played), 80, lightness);
            cube.emission_color = cube.color;
            cube.opacity = level;
            visuals.push_back(cube);
        }
    }

  private:
    Settings s_;
};

}  // namespace

extern const SynthType basic_synth{"basic", "Basic", "melodic", &params_of<Basic>,
                                   &make_instrument<Synth, Basic>};

}  // namespace dubplate
