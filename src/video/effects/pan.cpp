// Everything swings along a direction; at a speed of 1 there and back in four beats.
#include <cmath>

#include "video/setting.h"
#include "video/visual.h"

namespace dubplate {

namespace {

struct Settings {
    Vec3 direction{1, 0, 0};
    double amount = 2;
    double speed_multiplier = 1;
};

class Pan final : public Effect {
  public:
    explicit Pan(Settings settings) : s_(settings) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(number_setting("direction_x", -1, 1, "", "of the swing"), DUBPLATE_SETTING(direction.x))
                .add(number_setting("direction_y", -1, 1, "", "of the swing"), DUBPLATE_SETTING(direction.y))
                .add(number_setting("direction_z", -1, 1, "", "of the swing"), DUBPLATE_SETTING(direction.z))
                .add(number_setting("amount", 0, 20, "", "to either side"), DUBPLATE_SETTING(amount))
                .add(number_setting("speed_multiplier", 0.1, 8, "", "times the speed"),
                     DUBPLATE_SETTING(speed_multiplier));
            return t;
        }();
        return made;
    }

    void apply(const EffectInput& input, std::vector<Visual>& visuals) const override {
        const double turns = input.moment.beat * s_.speed_multiplier / 4;
        const Vec3 offset = normalized(s_.direction) * (s_.amount * std::sin(2 * std::numbers::pi * turns));
        for (Visual& visual : visuals) visual.position += offset;
    }

  private:
    Settings s_;
};

}  // namespace

extern const EffectType pan_effect{"pan", "Pan", "spatial", &params_of<Pan>, &make_instrument<Effect, Pan>};

}  // namespace dubplate
