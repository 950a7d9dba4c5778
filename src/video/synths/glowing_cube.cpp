// A cube for each note that comes from far behind and arrives when the note begins; then it is gone.
#include "video/note_visuals.h"

namespace dubplate {

namespace {

struct Settings {
    double glow_intensity = 1.5;
    double approach_speed = 20;
    double lookahead_time = 2;
    double cube_size = 0.5;
    double vertical_range = 10;
    double target_z = 2;
    double start_hue = 0;
    double end_hue = 360;
};

class GlowingCube final : public Synth {
  public:
    explicit GlowingCube(Settings settings) : s_(settings) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(number_setting("glow_intensity", 0, 10, "", "light as it arrives"),
                  DUBPLATE_SETTING(glow_intensity))
                .add(number_setting("approach_speed", 1, 100, "a second", "towards the viewer"),
                     DUBPLATE_SETTING(approach_speed))
                .add(number_setting("lookahead_time", 0.1, 10, "s", "how long it is on its way"),
                     DUBPLATE_SETTING(lookahead_time))
                .add(number_setting("cube_size", 0.1, 10, "", "of a cube"), DUBPLATE_SETTING(cube_size))
                .add(number_setting("vertical_range", 0, 50, "", "from the lowest pitch to the highest"),
                     DUBPLATE_SETTING(vertical_range))
                .add(number_setting("target_z", -50, 50, "", "where it arrives"), DUBPLATE_SETTING(target_z));
            add_hues(t);
            return t;
        }();
        return made;
    }

    void draw(const Moment& moment, const NoteList& notes, std::vector<Visual>& visuals) const override {
        for (const PlayedNote& played : notes.around(moment.seconds, s_.lookahead_time, 0)) {
            const double until = played.start_s - moment.seconds;
            if (until < 0 || until > s_.lookahead_time) continue;
            const double way = 1 - until / s_.lookahead_time;
            Visual cube = visual_of(played);
            cube.position = {
                0, map_value(played.note.pitch, 0, 127, -s_.vertical_range / 2, s_.vertical_range / 2),
                s_.target_z - s_.approach_speed * until};
            cube.scale = Vec3{1, 1, 1} * s_.cube_size;
            cube.color =
                color_from_hsl(map_value(played.note.pitch, 0, 127, s_.start_hue, s_.end_hue), 80, 60);
            cube.emission_color = cube.color;
            cube.emission = s_.glow_intensity * way;
            cube.opacity = way;
            visuals.push_back(cube);
        }
    }

  private:
    Settings s_;
};

}  // namespace

extern const SynthType glowing_cube_synth{"glowing_cube", "Glowing cube", "melodic", &params_of<GlowingCube>,
                                          &make_instrument<Synth, GlowingCube>};

}  // namespace dubplate
