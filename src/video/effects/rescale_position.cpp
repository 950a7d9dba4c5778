// Positions drawn apart or together, about the origin.
#include "video/setting.h"
#include "video/visual.h"

namespace dubplate {

namespace {

struct Settings {
    Vec3 scale{1, 1, 1};
};

class RescalePosition final : public Effect {
  public:
    explicit RescalePosition(Settings settings) : s_(settings) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(number_setting("scale_x", 0, 5, "", "times the place"), DUBPLATE_SETTING(scale.x))
                .add(number_setting("scale_y", 0, 5, "", "times the place"), DUBPLATE_SETTING(scale.y))
                .add(number_setting("scale_z", 0, 5, "", "times the place"), DUBPLATE_SETTING(scale.z));
            return t;
        }();
        return made;
    }

    void apply(const EffectInput&, std::vector<Visual>& visuals) const override {
        for (Visual& visual : visuals) visual.position = visual.position * s_.scale;
    }

  private:
    Settings s_;
};

}  // namespace

extern const EffectType rescale_position_effect{"rescale_position", "Rescale position", "transform",
                                                &params_of<RescalePosition>,
                                                &make_instrument<Effect, RescalePosition>};

}  // namespace dubplate
