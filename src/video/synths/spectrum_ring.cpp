// A ring of bars, as long as the song is loud in their band, mirrored left and right; it breathes with the bass.
#include <cmath>

#include "video/setting.h"
#include "video/visual.h"

namespace dubplate {

namespace {

struct Settings {
    int bars = 72;
    double radius = 4.2;
    double length = 4.5;
    double thickness = 0.2;
    double breathing = 0.9;
    double turn_per_beat = 0.01;
    double glow = 1.6;
    double start_hue = 190;
    double end_hue = 330;
};

class SpectrumRing final : public Synth {
  public:
    explicit SpectrumRing(Settings settings) : s_(settings) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(whole_setting("bars", 4, 512, "around the whole ring"), DUBPLATE_SETTING(bars))
                .add(number_setting("radius", 0.1, 20, "", "from the center to the bars"),
                     DUBPLATE_SETTING(radius))
                .add(number_setting("length", 0, 20, "", "of a bar at full level"), DUBPLATE_SETTING(length))
                .add(number_setting("thickness", 0.01, 5, "", "of a bar"), DUBPLATE_SETTING(thickness))
                .add(number_setting("breathing", 0, 5, "", "what full bass adds to the radius"),
                     DUBPLATE_SETTING(breathing))
                .add(number_setting("turn_per_beat", -1, 1, "turns", "of the whole ring"),
                     DUBPLATE_SETTING(turn_per_beat))
                .add(number_setting("glow", 0, 10, "", "light of a bar at full level"),
                     DUBPLATE_SETTING(glow))
                .add(number_setting("start_hue", -720, 720, "degrees", "of the lowest band"),
                     DUBPLATE_SETTING(start_hue))
                .add(number_setting("end_hue", -720, 720, "degrees", "of the highest band"),
                     DUBPLATE_SETTING(end_hue));
            return t;
        }();
        return made;
    }

    void draw(const Moment& moment, const NoteList&, std::vector<Visual>& visuals) const override {
        if (moment.song == nullptr || moment.song->bands == 0) return;
        const SongLevels& song = *moment.song;
        const double bass = (song.band_at(0, moment.seconds) + song.band_at(1, moment.seconds)) / 2;
        const double radius = s_.radius + s_.breathing * bass;
        for (int i = 0; i < s_.bars; ++i) {
            // The lowest band is at the bottom, the highest at the top, on both sides.
            const double around = (i + 0.5) / s_.bars;
            const double height = 1 - std::abs(2 * around - 1);
            const double level = level_at(song, height, moment.seconds);
            const double degrees = 360 * (around + moment.beat * s_.turn_per_beat) - 90;
            const double length = 0.15 + s_.length * level;
            const double reach = radius + length / 2;
            Visual bar;
            bar.position = {reach * std::cos(radians(degrees)), reach * std::sin(radians(degrees)), 0};
            bar.rotation = {0, 0, degrees};
            bar.scale = {length, s_.thickness, s_.thickness};
            bar.color = color_from_hsl(s_.start_hue + (s_.end_hue - s_.start_hue) * height, 85, 55);
            bar.emission_color = bar.color;
            bar.emission = s_.glow * level * level;
            visuals.push_back(bar);
        }
    }

  private:
    // Between the bands, straight.
    static double level_at(const SongLevels& song, double share, double seconds) {
        const double place = share * (song.bands - 1);
        const int band = static_cast<int>(place);
        const double rest = place - band;
        return (1 - rest) * song.band_at(band, seconds) +
               rest * song.band_at(std::min(band + 1, song.bands - 1), seconds);
    }

    Settings s_;
};

}  // namespace

extern const SynthType spectrum_ring_synth{"spectrum_ring", "Spectrum ring", "song", &params_of<SpectrumRing>,
                                           &make_instrument<Synth, SpectrumRing>};

}  // namespace dubplate
