// Echoes: what was shown some beats ago is shown again, fainter each time. An echo is the picture of that earlier moment, so it is the same
// at any frame rate and wherever a video begins.
#include <cmath>

#include "video/setting.h"
#include "video/visual.h"

namespace dubplate {

namespace {

struct Settings {
    double delay_time = 1;
    double feedback = 0.5;
    int max_copies = 5;
};

class Delay final : public Effect {
  public:
    explicit Delay(Settings settings) : s_(settings) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(number_setting("delay_time", 0.1, 10, "beats", "from one echo to the next"),
                  DUBPLATE_SETTING(delay_time))
                .add(number_setting("feedback", 0, 0.99, "",
                                    "opacity of an echo, as a share of the one before"),
                     DUBPLATE_SETTING(feedback))
                .add(whole_setting("max_copies", 1, 20, "echoes"), DUBPLATE_SETTING(max_copies));
            return t;
        }();
        return made;
    }

    void apply(const EffectInput& input, std::vector<Visual>& visuals) const override {
        double opacity = 1;
        for (int copy = 1; copy <= s_.max_copies; ++copy) {
            opacity *= s_.feedback;
            if (opacity < least_opacity) break;
            for (Visual visual : input.at(input.moment.at_beat(input.moment.beat - copy * s_.delay_time))) {
                visual.opacity *= opacity;
                visuals.push_back(visual);
            }
        }
    }

  private:
    static constexpr double least_opacity = 0.004;  // a step of 8 bits
    Settings s_;
};

}  // namespace

extern const EffectType delay_effect{"delay", "Delay", "time", &params_of<Delay>,
                                     &make_instrument<Effect, Delay>};

}  // namespace dubplate
