// Everything turns about an axis through the origin, steadily with the beat.
#include "video/setting.h"
#include "video/visual.h"

namespace dubplate {

namespace {

struct Settings {
    Vec3 axis{0, 1, 0};
    double speed_factor = 0.1;
};

class GlobalRotate final : public Effect {
  public:
    explicit GlobalRotate(Settings settings) : s_(settings) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(number_setting("axis_x", -1, 1, "", "of the axis"), DUBPLATE_SETTING(axis.x))
                .add(number_setting("axis_y", -1, 1, "", "of the axis"), DUBPLATE_SETTING(axis.y))
                .add(number_setting("axis_z", -1, 1, "", "of the axis"), DUBPLATE_SETTING(axis.z))
                .add(number_setting("speed_factor", -2, 2, "turns", "in a beat"),
                     DUBPLATE_SETTING(speed_factor));
            return t;
        }();
        return made;
    }

    void apply(const EffectInput& input, std::vector<Visual>& visuals) const override {
        const Mat3 turn = rotation_about(s_.axis, 360 * input.moment.beat * s_.speed_factor);
        for (Visual& visual : visuals) {
            visual.position = turn * visual.position;
            visual.turned = turn * visual.turned;
        }
    }

  private:
    Settings s_;
};

}  // namespace

extern const EffectType global_rotate_effect{"global_rotate", "Global rotate", "transform",
                                             &params_of<GlobalRotate>,
                                             &make_instrument<Effect, GlobalRotate>};

}  // namespace dubplate
