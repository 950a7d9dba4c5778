// A shell of small spheres for each note, spread evenly; it swells while the note sounds.
#include <cmath>

#include "video/note_visuals.h"

namespace dubplate {

namespace {

struct Settings {
    double min_radius = 1;
    double max_radius = 3;
    double expansion_rate = 0.5;
    int min_particles = 10;
    int max_particles = 50;
    double particle_size = 0.5;
    double base_saturation = 80;
    double base_lightness = 60;
    double velocity_lightness_factor = 15;
    double adsr_release = 0.5;
    double emissive_intensity = 1.5;
};

class SymmetricResonance final : public Synth {
  public:
    explicit SymmetricResonance(Settings settings) : s_(settings) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            add_size(t);
            t.add(number_setting("base_saturation", 0, 100, "%", "of the color"),
                  DUBPLATE_SETTING(base_saturation))
                .add(number_setting("base_lightness", 0, 100, "%", "of the color"),
                     DUBPLATE_SETTING(base_lightness))
                .add(number_setting("velocity_lightness_factor", 0, 50, "%", "what full velocity adds"),
                     DUBPLATE_SETTING(velocity_lightness_factor))
                .add(number_setting("adsr_release", 0, 10, "s", "of the envelope"),
                     DUBPLATE_SETTING(adsr_release))
                .add(number_setting("emissive_intensity", 0, 10, "", "light"),
                     DUBPLATE_SETTING(emissive_intensity));
            return t;
        }();
        return made;
    }
    static Status check(const Settings& settings) {
        if (settings.min_particles > settings.max_particles)
            return fail(ErrorCode::invalid_argument, "min_particles: is above max_particles");
        return {};
    }

    void draw(const Moment& moment, const NoteList& notes, std::vector<Visual>& visuals) const override {
        const Adsr longest{0.05, 0.1, 0.8, s_.adsr_release};
        for (const PlayedNote& played : notes.around(moment.seconds, 0, longest.tail_s())) {
            const double loud = played.note.velocity / 127;
            const Adsr adsr{0.05, 0.1, 0.1 + 0.7 * loud, s_.adsr_release};
            const double level = level_of(adsr, played, moment.seconds);
            if (level > 0) add_shell(played, loud, level, moment.seconds - played.start_s, visuals);
        }
    }

  private:
    static void add_size(ParamTable<Settings>& t) {
        t.add(number_setting("min_radius", 0, 20, "", "of the highest pitch"), DUBPLATE_SETTING(min_radius))
            .add(number_setting("max_radius", 0, 20, "", "of the lowest pitch"), DUBPLATE_SETTING(max_radius))
            .add(number_setting("expansion_rate", 0, 10, "a second", "how fast it swells"),
                 DUBPLATE_SETTING(expansion_rate))
            .add(whole_setting("min_particles", 1, 200, "of the softest note"),
                 DUBPLATE_SETTING(min_particles))
            .add(whole_setting("max_particles", 1, 200, "of the loudest note"),
                 DUBPLATE_SETTING(max_particles))
            .add(number_setting("particle_size", 0.01, 5, "", "of a sphere"),
                 DUBPLATE_SETTING(particle_size));
    }

    void add_shell(const PlayedNote& played, double loud, double level, double since,
                   std::vector<Visual>& visuals) const {
        const int count =
            s_.min_particles + static_cast<int>(std::lround(loud * (s_.max_particles - s_.min_particles)));
        const double radius = map_value(played.note.pitch, 0, 127, s_.max_radius, s_.min_radius) *
                              (1 + s_.expansion_rate * since);
        const Color color = color_from_hsl(30.0 * pitch_class(played), s_.base_saturation,
                                           s_.base_lightness + s_.velocity_lightness_factor * loud);
        // Points at equal heights, each turned by the golden angle (Fibonacci's sphere).
        const double golden = std::numbers::pi * (3 - std::sqrt(5.0));
        for (int i = 0; i < count; ++i) {
            const double y = count > 1 ? 1 - 2.0 * i / (count - 1) : 0;
            const double around = std::sqrt(std::max(0.0, 1 - y * y));
            Visual sphere = visual_of(played, VisualShape::sphere);
            sphere.position = Vec3{around * std::cos(golden * i), y, around * std::sin(golden * i)} * radius;
            sphere.scale = Vec3{1, 1, 1} * s_.particle_size;
            sphere.color = sphere.emission_color = color;
            const double glow = s_.emissive_intensity * level;
            sphere.emission = glow > 0.1 ? glow : 0;
            sphere.opacity = level;
            visuals.push_back(sphere);
        }
    }

    Settings s_;
};

}  // namespace

extern const SynthType symmetric_resonance_synth{"symmetric_resonance", "Symmetric resonance", "melodic",
                                                 &params_of<SymmetricResonance>,
                                                 &make_instrument<Synth, SymmetricResonance>};

}  // namespace dubplate
