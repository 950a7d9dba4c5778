// A field of small lights that the viewer flies through; the song's loudness makes them brighter.
#include <cmath>

#include "core/prng.h"
#include "video/setting.h"
#include "video/visual.h"

namespace dubplate {

namespace {

struct Settings {
    int count = 160;
    double speed = 2;
    double width = 60;
    double height = 34;
    double depth = 60;
    double size = 0.35;
    double brightness = 0.8;
    double reaction = 1.5;
    std::string color = "#9fb8ff";
};

class Starfield final : public Synth {
  public:
    explicit Starfield(Settings settings) : s_(std::move(settings)), color_(color_of(s_.color)) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(whole_setting("count", 0, 2000, "stars"), DUBPLATE_SETTING(count))
                .add(number_setting("speed", -50, 50, "a second", "towards the viewer"),
                     DUBPLATE_SETTING(speed))
                .add(number_setting("width", 1, 500, "", "of the field"), DUBPLATE_SETTING(width))
                .add(number_setting("height", 1, 500, "", "of the field"), DUBPLATE_SETTING(height))
                .add(number_setting("depth", 1, 500, "", "of the field"), DUBPLATE_SETTING(depth))
                .add(number_setting("size", 0.01, 5, "", "of a star"), DUBPLATE_SETTING(size))
                .add(number_setting("brightness", 0, 10, "", "of a star in silence"),
                     DUBPLATE_SETTING(brightness))
                .add(number_setting("reaction", 0, 10, "", "what full loudness adds"),
                     DUBPLATE_SETTING(reaction))
                .add(text_setting("color", "of the stars"), DUBPLATE_SETTING(color));
            return t;
        }();
        return made;
    }
    static Status check(const Settings& settings) { return check_color("color", settings.color); }

    void draw(const Moment& moment, const NoteList&, std::vector<Visual>& visuals) const override {
        const double loudness = moment.song != nullptr ? moment.song->loudness_at(moment.seconds) : 0.5;
        const Random random(1);
        for (int i = 0; i < s_.count; ++i) {
            const auto draw = [&](std::uint64_t which) {
                return random.uniform(4 * static_cast<std::uint64_t>(i) + which);
            };
            // Along the depth the field repeats itself.
            const double way = draw(2) + moment.seconds * s_.speed / s_.depth;
            const double place = way - std::floor(way);
            Visual star{.shape = VisualShape::glow};
            star.position = {(draw(0) - 0.5) * s_.width, (draw(1) - 0.5) * s_.height,
                             (place - 1) * s_.depth + 10};
            const double size = s_.size * (0.5 + draw(3));
            star.scale = {size, size, size};
            star.emission_color = color_;
            star.emission = s_.brightness + s_.reaction * loudness;
            // It comes out of the dark, and goes before it passes the camera.
            star.opacity = std::min({1.0, place * 4, (1 - place) * 12});
            visuals.push_back(star);
        }
    }

  private:
    Settings s_;
    Color color_;
};

}  // namespace

extern const SynthType starfield_synth{"starfield", "Starfield", "song", &params_of<Starfield>,
                                       &make_instrument<Synth, Starfield>};

}  // namespace dubplate
