// Colors by height: from one color below to another above.
#include "video/envelope.h"
#include "video/setting.h"
#include "video/visual.h"

namespace dubplate {

namespace {

struct Settings {
    std::string color_start = "#ff0000";
    std::string color_end = "#0000ff";
    double min_y = 0;
    double max_y = 10;
};

class ColorEffect final : public Effect {
  public:
    explicit ColorEffect(Settings settings) : s_(std::move(settings)) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(text_setting("color_start", "at the lowest height"), DUBPLATE_SETTING(color_start))
                .add(text_setting("color_end", "at the highest height"), DUBPLATE_SETTING(color_end))
                .add(number_setting("min_y", -100, 100, "", "lowest height"), DUBPLATE_SETTING(min_y))
                .add(number_setting("max_y", -100, 100, "", "highest height"), DUBPLATE_SETTING(max_y));
            return t;
        }();
        return made;
    }
    static Status check(const Settings& settings) {
        DUBPLATE_CHECK(check_color("color_start", settings.color_start));
        return check_color("color_end", settings.color_end);
    }

    void apply(const EffectInput&, std::vector<Visual>& visuals) const override {
        const Color start = color_of(s_.color_start);
        const Color end = color_of(s_.color_end);
        for (Visual& visual : visuals) {
            visual.color = blend_of(start, end, map_value(visual.position.y, s_.min_y, s_.max_y, 0, 1));
            visual.emission_color = visual.color;
        }
    }

  private:
    Settings s_;
};

}  // namespace

extern const EffectType color_effect{"color", "Color", "color", &params_of<ColorEffect>,
                                     &make_instrument<Effect, ColorEffect>};

}  // namespace dubplate
