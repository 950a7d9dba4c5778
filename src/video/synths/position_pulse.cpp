// Other tracks' objects move towards the origin, or away from it, with the notes of this one.
#include "video/note_visuals.h"

namespace dubplate {

namespace {

struct Settings {
    double position_scale_target = 0.5;
    Adsr adsr{0.05, 0.1, 0.8, 0.3};
    std::vector<std::string> target_track_ids{};
};

class PositionPulse final : public Synth {
  public:
    explicit PositionPulse(Settings settings) : s_(std::move(settings)) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(number_setting("position_scale_target", 0, 10, "", "times the position, at full level"),
                  DUBPLATE_SETTING(position_scale_target));
            add_adsr(t);
            add_targets(t);
            return t;
        }();
        return made;
    }

    void modify(const Moment& moment, const NoteList& notes,
                std::vector<TrackVisuals>& tracks) const override {
        const double level = summed_level(s_.adsr, notes, moment.seconds);
        const double scale = 1 + (s_.position_scale_target - 1) * level;
        for (TrackVisuals& track : tracks)
            if (is_target(s_.target_track_ids, track))
                for (Visual& visual : track.visuals) visual.position = visual.position * scale;
    }

  private:
    Settings s_;
};

}  // namespace

extern const SynthType position_pulse_synth{"position_pulse", "Position pulse", "utility",
                                            &params_of<PositionPulse>,
                                            &make_instrument<Synth, PositionPulse>};

}  // namespace dubplate
