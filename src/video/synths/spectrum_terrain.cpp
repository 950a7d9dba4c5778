// A landscape of towers: the nearest row is what is heard now, those behind it what was heard before.
#include <cmath>

#include "video/setting.h"
#include "video/visual.h"

namespace dubplate {

namespace {

struct Settings {
    int rows = 28;
    double row_seconds = 0.09;
    double spacing = 1.0;
    double height = 7;
    double ground = -4;
    double front = 4;
    double glow = 1.3;
    double low_hue = 320;
    double high_hue = 190;
};

class SpectrumTerrain final : public Synth {
  public:
    explicit SpectrumTerrain(Settings settings) : s_(settings) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(whole_setting("rows", 1, 200, "from the front to the back"), DUBPLATE_SETTING(rows))
                .add(number_setting("row_seconds", 0.01, 2, "s", "from one row to the next"),
                     DUBPLATE_SETTING(row_seconds))
                .add(number_setting("spacing", 0.1, 10, "", "of towers"), DUBPLATE_SETTING(spacing))
                .add(number_setting("height", 0, 50, "", "of a tower at full level"),
                     DUBPLATE_SETTING(height))
                .add(number_setting("ground", -50, 50, "", "where towers stand"), DUBPLATE_SETTING(ground))
                .add(number_setting("front", -50, 50, "", "where the nearest row stands"),
                     DUBPLATE_SETTING(front))
                .add(number_setting("glow", 0, 10, "", "light of a tower at full level"),
                     DUBPLATE_SETTING(glow))
                .add(number_setting("low_hue", -720, 720, "degrees", "of low towers"),
                     DUBPLATE_SETTING(low_hue))
                .add(number_setting("high_hue", -720, 720, "degrees", "of high towers"),
                     DUBPLATE_SETTING(high_hue));
            return t;
        }();
        return made;
    }

    void draw(const Moment& moment, const NoteList&, std::vector<Visual>& visuals) const override {
        if (moment.song == nullptr) return;
        const SongLevels& song = *moment.song;
        // Rows are made at whole steps of time and move from there, so that a tower keeps its height.
        const double step = moment.seconds / s_.row_seconds;
        const auto newest = static_cast<std::int64_t>(std::floor(step));
        const double moved = step - static_cast<double>(newest);
        const int columns = 2 * song.bands;
        for (int row = 0; row < s_.rows; ++row) {
            const double seconds =
                row == 0 ? moment.seconds : static_cast<double>(newest - row + 1) * s_.row_seconds;
            const double back = row == 0 ? 0 : row - 1 + moved;
            const double age = back / s_.rows;
            for (int column = 0; column < columns; ++column) {
                // Mirrored: the bass in the middle.
                const int band = column < song.bands ? song.bands - 1 - column : column - song.bands;
                const double level = song.band_at(band, seconds);
                Visual tower;
                const double height = 0.1 + s_.height * level * level;
                tower.position = {(column - (columns - 1) / 2.0) * s_.spacing, s_.ground + height / 2,
                                  s_.front - back * s_.spacing};
                tower.scale = {0.8 * s_.spacing, height, 0.8 * s_.spacing};
                tower.color =
                    color_from_hsl(s_.low_hue + (s_.high_hue - s_.low_hue) * level, 80, 35 + 25 * level);
                tower.color = tower.color * (1 - 0.85 * age);
                tower.emission_color = tower.color;
                tower.emission = s_.glow * level * level;
                visuals.push_back(tower);
            }
        }
    }

  private:
    Settings s_;
};

}  // namespace

extern const SynthType spectrum_terrain_synth{"spectrum_terrain", "Spectrum terrain", "song",
                                              &params_of<SpectrumTerrain>,
                                              &make_instrument<Synth, SpectrumTerrain>};

}  // namespace dubplate
