// Everything larger or smaller.
#include "video/setting.h"
#include "video/visual.h"

namespace dubplate {

namespace {

struct Settings {
    double scale = 1;
};

class ScaleEffect final : public Effect {
  public:
    explicit ScaleEffect(Settings settings) : s_(settings) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(number_setting("scale", 0.1, 10, "", "times the size"), DUBPLATE_SETTING(scale));
            return t;
        }();
        return made;
    }

    void apply(const EffectInput&, std::vector<Visual>& visuals) const override {
        for (Visual& visual : visuals) visual.scale = visual.scale * s_.scale;
    }

  private:
    Settings s_;
};

}  // namespace

extern const EffectType scale_effect{"scale", "Scale", "transform", &params_of<ScaleEffect>,
                                     &make_instrument<Effect, ScaleEffect>};

}  // namespace dubplate
