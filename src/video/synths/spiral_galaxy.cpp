// Arms of spheres that wind through the depth, as if one flew through a galaxy. It needs no notes.
#include <cmath>

#include "video/setting.h"
#include "video/visual.h"

namespace dubplate {

namespace {

struct Settings {
    int num_spheres = 5;
    int num_layers = 3;
    double layer_spacing = 2;
    std::string base_color = "#a0f0ff";
    double glow_intensity = 0.5;
    double spheres_entering_per_beat = 1;
    double rotation_speed = 0.5;
    double spiral_radius = 3;
    double sphere_scale = 0.3;
    double near_clip_z = -10;
    double far_clip_z = 50;
};

class SpiralGalaxy final : public Synth {
  public:
    explicit SpiralGalaxy(Settings settings) : s_(std::move(settings)), color_(color_of(s_.base_color)) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(whole_setting("num_spheres", 1, 500, "in each layer"), DUBPLATE_SETTING(num_spheres))
                .add(whole_setting("num_layers", 1, 50, "one around the other"), DUBPLATE_SETTING(num_layers))
                .add(number_setting("layer_spacing", 0, 20, "", "between layers"),
                     DUBPLATE_SETTING(layer_spacing))
                .add(text_setting("base_color", "of the spheres"), DUBPLATE_SETTING(base_color))
                .add(number_setting("glow_intensity", 0, 10, "", "light"), DUBPLATE_SETTING(glow_intensity))
                .add(number_setting("spheres_entering_per_beat", -10, 10, "", "speed along the depth"),
                     DUBPLATE_SETTING(spheres_entering_per_beat))
                .add(number_setting("rotation_speed", -10, 10, "rad/s", "of the whole"),
                     DUBPLATE_SETTING(rotation_speed))
                .add(number_setting("spiral_radius", 0, 50, "", "of the innermost layer"),
                     DUBPLATE_SETTING(spiral_radius))
                .add(number_setting("sphere_scale", 0.01, 10, "", "of a sphere"),
                     DUBPLATE_SETTING(sphere_scale))
                .add(number_setting("near_clip_z", -500, 500, "", "before the origin, where spheres leave"),
                     DUBPLATE_SETTING(near_clip_z))
                .add(number_setting("far_clip_z", -500, 500, "", "behind the origin, where they enter"),
                     DUBPLATE_SETTING(far_clip_z));
            return t;
        }();
        return made;
    }
    static Status check(const Settings& settings) {
        if (settings.far_clip_z <= settings.near_clip_z)
            return fail(ErrorCode::invalid_argument, "far_clip_z: must be above near_clip_z");
        return check_color("base_color", settings.base_color);
    }

    void draw(const Moment& moment, const NoteList&, std::vector<Visual>& visuals) const override {
        const double depth = s_.far_clip_z - s_.near_clip_z;
        const double gap = depth / s_.num_spheres;
        for (int layer = 0; layer < s_.num_layers; ++layer)
            for (int i = 0; i < s_.num_spheres; ++i) {
                // One sphere enters while the field moves by the gap between two; the depth repeats itself.
                const double moved =
                    (i + moment.beat * s_.spheres_entering_per_beat + 0.5 * layer) * gap / depth;
                const double place = moved - std::floor(moved);
                const double angle =
                    moment.seconds * s_.rotation_speed +
                    2 * std::numbers::pi * (place * 3 + static_cast<double>(layer) / s_.num_layers);
                const double radius = s_.spiral_radius + layer * s_.layer_spacing;
                Visual sphere{.shape = VisualShape::sphere};
                sphere.position = {radius * std::cos(angle), radius * std::sin(angle),
                                   place * depth - s_.far_clip_z};
                sphere.scale = {s_.sphere_scale, s_.sphere_scale, s_.sphere_scale};
                sphere.color = color_;
                sphere.emission_color = color_;
                sphere.emission = s_.glow_intensity;
                sphere.opacity = std::min(1.0, place * 5);
                visuals.push_back(sphere);
            }
    }

  private:
    Settings s_;
    Color color_;
};

}  // namespace

extern const SynthType spiral_galaxy_synth{"spiral_galaxy", "Spiral galaxy", "background",
                                           &params_of<SpiralGalaxy>, &make_instrument<Synth, SpiralGalaxy>};

}  // namespace dubplate
