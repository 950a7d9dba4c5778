// Copies of everything in a circle around each object, which stays.
#include <cmath>

#include "video/setting.h"
#include "video/visual.h"

namespace dubplate {

namespace {

struct Settings {
    int num_copies = 3;
    double radius = 1;
};

class RadialDuplicate final : public Effect {
  public:
    explicit RadialDuplicate(Settings settings) : s_(settings) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(whole_setting("num_copies", 1, 24, "around each object"), DUBPLATE_SETTING(num_copies))
                .add(number_setting("radius", 0, 10, "", "of the circle"), DUBPLATE_SETTING(radius));
            return t;
        }();
        return made;
    }

    void apply(const EffectInput&, std::vector<Visual>& visuals) const override {
        const std::size_t count = visuals.size();
        for (std::size_t i = 0; i < count; ++i)
            for (int copy = 0; copy < s_.num_copies; ++copy) {
                const double angle = 2 * std::numbers::pi * copy / s_.num_copies;
                Visual visual = visuals[i];
                visual.position += Vec3{std::cos(angle), std::sin(angle), 0} * s_.radius;
                visuals.push_back(visual);
            }
    }

  private:
    Settings s_;
};

}  // namespace

extern const EffectType radial_duplicate_effect{"radial_duplicate", "Radial duplicate", "spatial",
                                                &params_of<RadialDuplicate>,
                                                &make_instrument<Effect, RadialDuplicate>};

}  // namespace dubplate
