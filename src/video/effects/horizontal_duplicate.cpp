// A row of copies of each object, about its place; the object itself goes.
#include "video/setting.h"
#include "video/visual.h"

namespace dubplate {

namespace {

struct Settings {
    int num_copies = 3;
    double x_spread = 2;
};

class HorizontalDuplicate final : public Effect {
  public:
    explicit HorizontalDuplicate(Settings settings) : s_(settings) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(whole_setting("num_copies", 1, 10, "in the row"), DUBPLATE_SETTING(num_copies))
                .add(number_setting("x_spread", 0, 10, "", "from one to the next"),
                     DUBPLATE_SETTING(x_spread));
            return t;
        }();
        return made;
    }

    void apply(const EffectInput&, std::vector<Visual>& visuals) const override {
        std::vector<Visual> row;
        for (const Visual& visual : visuals)
            for (int copy = 0; copy < s_.num_copies; ++copy) {
                row.push_back(visual);
                row.back().position.x += (copy - (s_.num_copies - 1) / 2.0) * s_.x_spread;
            }
        visuals = std::move(row);
    }

  private:
    Settings s_;
};

}  // namespace

extern const EffectType horizontal_duplicate_effect{"horizontal_duplicate", "Horizontal duplicate", "spatial",
                                                    &params_of<HorizontalDuplicate>,
                                                    &make_instrument<Effect, HorizontalDuplicate>};

}  // namespace dubplate
