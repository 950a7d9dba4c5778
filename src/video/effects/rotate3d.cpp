// Everything turned about the origin: about y, then x, then z of what was turned.
#include "video/setting.h"
#include "video/visual.h"

namespace dubplate {

namespace {

struct Settings {
    Vec3 rotation{};
};

class Rotate3d final : public Effect {
  public:
    explicit Rotate3d(Settings settings) : s_(settings) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(number_setting("rotation_x", -360, 360, "degrees", "about x"), DUBPLATE_SETTING(rotation.x))
                .add(number_setting("rotation_y", -360, 360, "degrees", "about y"),
                     DUBPLATE_SETTING(rotation.y))
                .add(number_setting("rotation_z", -360, 360, "degrees", "about z"),
                     DUBPLATE_SETTING(rotation.z));
            return t;
        }();
        return made;
    }

    void apply(const EffectInput&, std::vector<Visual>& visuals) const override {
        const Mat3 turn = rotation_about({0, 1, 0}, s_.rotation.y) *
                          rotation_about({1, 0, 0}, s_.rotation.x) * rotation_about({0, 0, 1}, s_.rotation.z);
        for (Visual& visual : visuals) {
            visual.position = turn * visual.position;
            visual.turned = turn * visual.turned;
        }
    }

  private:
    Settings s_;
};

}  // namespace

extern const EffectType rotate3d_effect{"rotate3d", "Rotate 3D", "transform", &params_of<Rotate3d>,
                                        &make_instrument<Effect, Rotate3d>};

}  // namespace dubplate
