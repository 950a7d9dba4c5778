// Other tracks' objects change their hue by the highest note of this one, and glow with it.
#include "video/note_visuals.h"

namespace dubplate {

namespace {

struct Settings {
    double hue_rotation_strength = 90;
    double emissive_boost_strength = 1;
    Adsr adsr{0.02, 0.1, 0.7, 0.4};
    std::vector<std::string> target_track_ids{};
};

class ColorPulse final : public Synth {
  public:
    explicit ColorPulse(Settings settings) : s_(std::move(settings)) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(number_setting("hue_rotation_strength", -360, 360, "degrees", "for a whole octave"),
                  DUBPLATE_SETTING(hue_rotation_strength))
                .add(number_setting("emissive_boost_strength", 0, 10, "", "light that full level adds"),
                     DUBPLATE_SETTING(emissive_boost_strength));
            add_adsr(t);
            add_targets(t);
            return t;
        }();
        return made;
    }

    void modify(const Moment& moment, const NoteList& notes,
                std::vector<TrackVisuals>& tracks) const override {
        const double level = summed_level(s_.adsr, notes, moment.seconds);
        if (level <= 0) return;
        const PlayedNote* highest = nullptr;
        for (const PlayedNote& played : notes.around(moment.seconds, 0, s_.adsr.tail_s()))
            if (level_of(s_.adsr, played, moment.seconds) > 0 &&
                (highest == nullptr || played.note.pitch > highest->note.pitch))
                highest = &played;
        const double turn =
            highest == nullptr ? 0 : s_.hue_rotation_strength * level * pitch_class(*highest) / 12;
        for (TrackVisuals& track : tracks)
            if (is_target(s_.target_track_ids, track))
                for (Visual& visual : track.visuals) {
                    visual.color = turned(visual.color, turn);
                    visual.emission_color = turned(visual.emission_color, turn);
                    visual.emission += s_.emissive_boost_strength * level;
                }
    }

  private:
    static Color turned(const Color& color, double degrees) {
        const Hsl hsl = hsl_of(color);
        return color_from_hsl(hsl.hue_degrees + degrees, hsl.saturation, hsl.lightness);
    }

    Settings s_;
};

}  // namespace

extern const SynthType color_pulse_synth{"color_pulse", "Color pulse", "utility", &params_of<ColorPulse>,
                                         &make_instrument<Synth, ColorPulse>};

}  // namespace dubplate
