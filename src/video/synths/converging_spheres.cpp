// A ring of spheres that arrives at the origin when a note begins, on arcs, and drifts on.
#include <cmath>

#include "video/envelope.h"
#include "video/setting.h"
#include "video/visual.h"

namespace dubplate {

namespace {

constexpr double sphere_scale = 0.5;

struct Settings {
    int num_spheres = 5;
    std::string base_color = "#00ffff";
    double start_distance = 15;
    double start_z = 20;
    double lookahead_time_seconds = 0.5;
    double arc_intensity = 5;
    double post_hit_slowdown = 0.1;
    double glow_intensity = 1.5;
    Adsr adsr{0.01, 0.2, 0.5, 0.5};
};

class ConvergingSpheres final : public Synth {
  public:
    explicit ConvergingSpheres(Settings settings)
        : s_(std::move(settings)), color_(color_of(s_.base_color)) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(whole_setting("num_spheres", 1, 20, "in the ring"), DUBPLATE_SETTING(num_spheres))
                .add(text_setting("base_color", "of the spheres"), DUBPLATE_SETTING(base_color))
                .add(number_setting("start_distance", 0, 100, "", "radius of the ring as it sets out"),
                     DUBPLATE_SETTING(start_distance))
                .add(number_setting("start_z", -100, 100, "", "where it sets out"), DUBPLATE_SETTING(start_z))
                .add(number_setting("lookahead_time_seconds", 0.01, 10, "s", "how long it is on its way"),
                     DUBPLATE_SETTING(lookahead_time_seconds))
                .add(number_setting("arc_intensity", 0, 50, "", "how far its way bends aside"),
                     DUBPLATE_SETTING(arc_intensity))
                .add(number_setting("post_hit_slowdown", 0, 1, "", "share of its speed that it keeps"),
                     DUBPLATE_SETTING(post_hit_slowdown))
                .add(number_setting("glow_intensity", 0, 10, "", "light"), DUBPLATE_SETTING(glow_intensity))
                .add(number_setting("attack", 0, 10, "s", "of the envelope"), DUBPLATE_SETTING(adsr.attack_s))
                .add(number_setting("decay", 0, 10, "s", "of the envelope"), DUBPLATE_SETTING(adsr.decay_s))
                .add(number_setting("sustain", 0, 1, "", "of the envelope"), DUBPLATE_SETTING(adsr.sustain))
                .add(number_setting("release", 0, 10, "s", "of the envelope"),
                     DUBPLATE_SETTING(adsr.release_s));
            return t;
        }();
        return made;
    }
    static Status check(const Settings& settings) { return check_color("base_color", settings.base_color); }

    void draw(const Moment& moment, const NoteList& notes, std::vector<Visual>& visuals) const override {
        for (const PlayedNote& played :
             notes.around(moment.seconds, s_.lookahead_time_seconds, s_.adsr.tail_s())) {
            const double since = moment.seconds - played.start_s;
            // On its way it grows brighter; from the hit on the envelope leads.
            const double way = 1 + since / s_.lookahead_time_seconds;  // 0: sets out, 1: hits
            if (way < 0) continue;
            const double level = since < 0 ? way : level_of(s_.adsr, played, moment.seconds);
            if (level <= 0) continue;
            for (int i = 0; i < s_.num_spheres; ++i) visuals.push_back(sphere(i, since, way, level, played));
        }
    }

  private:
    Visual sphere(int i, double since, double way, double level, const PlayedNote& played) const {
        const double angle = 2 * std::numbers::pi * i / s_.num_spheres;
        const Vec3 outwards{std::cos(angle), std::sin(angle), 0};
        const Vec3 aside{-std::sin(angle), std::cos(angle), 0};
        const Vec3 start = outwards * s_.start_distance + Vec3{0, 0, s_.start_z};
        Visual visual{.shape = VisualShape::sphere};
        if (since < 0) {
            visual.position =
                start * (1 - way) + aside * (s_.arc_intensity * std::sin(std::numbers::pi * way));
        } else {
            // The speed at the hit: of the straight way, and of the arc, whose slope there is -pi.
            const Vec3 speed = (start * -1 + aside * (-std::numbers::pi * s_.arc_intensity)) *
                               (1 / s_.lookahead_time_seconds);
            visual.position = speed * (s_.post_hit_slowdown * since);
        }
        visual.scale = {sphere_scale, sphere_scale, sphere_scale};
        visual.color = color_;
        visual.emission_color = color_;
        visual.emission = s_.glow_intensity * level;
        visual.opacity = level;
        visual.note = played.index;
        visual.note_start_s = played.start_s;
        visual.velocity = played.note.velocity;
        return visual;
    }

    Settings s_;
    Color color_;
};

}  // namespace

extern const SynthType converging_spheres_synth{"converging_spheres", "Converging spheres", "percussive",
                                                &params_of<ConvergingSpheres>,
                                                &make_instrument<Synth, ConvergingSpheres>};

}  // namespace dubplate
