// Other tracks' objects swell with the notes of this one.
#include "video/note_visuals.h"

namespace dubplate {

namespace {

struct Settings {
    double pulse_target_scale = 0.5;
    double base_scale = 1;
    Adsr adsr{0.05, 0.1, 0.8, 0.3};
    std::vector<std::string> target_track_ids{};
};

class Pulse final : public Synth {
  public:
    explicit Pulse(Settings settings) : s_(std::move(settings)) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(number_setting("pulse_target_scale", 0, 10, "", "scale at full level"),
                  DUBPLATE_SETTING(pulse_target_scale))
                .add(number_setting("base_scale", 0, 10, "", "scale in silence"),
                     DUBPLATE_SETTING(base_scale));
            add_adsr(t);
            add_targets(t);
            return t;
        }();
        return made;
    }

    void modify(const Moment& moment, const NoteList& notes,
                std::vector<TrackVisuals>& tracks) const override {
        const double level = summed_level(s_.adsr, notes, moment.seconds);
        const double scale = s_.base_scale + (s_.pulse_target_scale - s_.base_scale) * level;
        for (TrackVisuals& track : tracks)
            if (is_target(s_.target_track_ids, track))
                for (Visual& visual : track.visuals) visual.scale = visual.scale * scale;
    }

  private:
    Settings s_;
};

}  // namespace

extern const SynthType pulse_synth{"pulse", "Pulse", "utility", &params_of<Pulse>,
                                   &make_instrument<Synth, Pulse>};

}  // namespace dubplate
