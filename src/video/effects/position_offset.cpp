// Everything moved.
#include "video/setting.h"
#include "video/visual.h"

namespace dubplate {

namespace {

struct Settings {
    Vec3 offset{};
};

class PositionOffset final : public Effect {
  public:
    explicit PositionOffset(Settings settings) : s_(settings) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(number_setting("offset_x", -10, 10, "", "to the right"), DUBPLATE_SETTING(offset.x))
                .add(number_setting("offset_y", -10, 10, "", "up"), DUBPLATE_SETTING(offset.y))
                .add(number_setting("offset_z", -10, 10, "", "towards the viewer"),
                     DUBPLATE_SETTING(offset.z));
            return t;
        }();
        return made;
    }

    void apply(const EffectInput&, std::vector<Visual>& visuals) const override {
        for (Visual& visual : visuals) visual.position += s_.offset;
    }

  private:
    Settings s_;
};

}  // namespace

extern const EffectType position_offset_effect{"position_offset", "Position offset", "transform",
                                               &params_of<PositionOffset>,
                                               &make_instrument<Effect, PositionOffset>};

}  // namespace dubplate
