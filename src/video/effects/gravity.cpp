// Objects fall from the start of their note on: half the acceleration times the time squared, at any frame rate. Objects without a note stay.
#include <algorithm>

#include "video/setting.h"
#include "video/visual.h"

namespace dubplate {

namespace {

// Lengths a second squared, at a strength of 1.
constexpr double full_strength = 100;

struct Settings {
    Vec3 direction{0, -1, 0};
    double gravity_strength = 0.05;
};

class Gravity final : public Effect {
  public:
    explicit Gravity(Settings settings) : s_(settings) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(number_setting("gravity_x", -5, 5, "", "of the direction"), DUBPLATE_SETTING(direction.x))
                .add(number_setting("gravity_y", -5, 5, "", "of the direction"),
                     DUBPLATE_SETTING(direction.y))
                .add(number_setting("gravity_z", -5, 5, "", "of the direction"),
                     DUBPLATE_SETTING(direction.z))
                .add(number_setting("gravity_strength", 0, 1, "", "of 100 lengths a second squared"),
                     DUBPLATE_SETTING(gravity_strength));
            return t;
        }();
        return made;
    }

    void apply(const EffectInput& input, std::vector<Visual>& visuals) const override {
        for (Visual& visual : visuals) {
            if (visual.note < 0) continue;
            const double since = std::max(input.moment.seconds - visual.note_start_s, 0.0);
            visual.position += s_.direction * (0.5 * s_.gravity_strength * full_strength * since * since);
        }
    }

  private:
    Settings s_;
};

}  // namespace

extern const EffectType gravity_effect{"gravity", "Gravity", "spatial", &params_of<Gravity>,
                                       &make_instrument<Effect, Gravity>};

}  // namespace dubplate
