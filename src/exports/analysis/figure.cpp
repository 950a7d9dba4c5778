#include "exports/analysis/figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "core/units.h"
#include "plot/color_map.h"
#include "plot/png.h"
#include "plot/svg.h"
#include "plot/ticks.h"

namespace dubplate {

namespace {

constexpr double width = 1200;
constexpr double height = 760;
constexpr double left = 76;
constexpr double right = 1184;
constexpr double png_scale = 2;
constexpr double least_beat_gap = 4;  // pixels
constexpr int spectrogram_columns = 1108;

// Every which mark is drawn, a power of two, so that they stand apart.
std::size_t thinned(double gap) {
    std::size_t step = 1;
    while (gap > 0 && gap * static_cast<double>(step) < least_beat_gap) step *= 2;
    return step;
}

// A row of the figure: where it stands, top and bottom.
struct Row {
    double top;
    double bottom;
    double height() const { return bottom - top; }
};
constexpr Row parts_row{78, 100};
constexpr Row wave_row{112, 292};
constexpr Row loudness_row{324, 454};
constexpr Row mel_row{486, 706};

class Figure {
  public:
    Figure(const std::string& name, const Analysis& analysis, const AnalysisPictures& pictures)
        : analysis_(analysis),
          pictures_(pictures),
          seconds_(std::max(analysis.seconds(), 1e-3)),
          svg_(width, height, name) {
        svg_.background();
        svg_.text(left, 32, shorten_to_width(escape_control(name), 110), "heading");
        svg_.text(left, 54, summary(), "label");
    }

    void draw_time_axis();
    void draw_parts();
    void draw_waveform();
    void draw_loudness();
    Status draw_mel();
    std::string finish() && { return std::move(svg_).finish(); }

  private:
    std::string summary() const;
    double x(double time_s) const { return left + (right - left) * std::clamp(time_s / seconds_, 0.0, 1.0); }
    void row_name(const Row& row, const char* name) {
        svg_.text(18, (row.top + row.bottom) / 2, name, "label", TextAnchor::middle, -90);
    }
    void frame(const Row& row) {
        svg_.stroke(
            {{left, row.top}, {right, row.top}, {right, row.bottom}, {left, row.bottom}, {left, row.top}},
            Ink::gray, 0.6);
    }
    void draw_beats();
    void curve(const std::vector<float>& levels, double first_s, double lowest, double highest, Ink ink,
               double weight);
    void boundaries(const Row& row);

    const Analysis& analysis_;
    const AnalysisPictures& pictures_;
    double seconds_;
    SvgWriter svg_;
};

std::string Figure::summary() const {
    std::string text = format_duration(seconds_);
    const auto add = [&](const std::string& part) { text += "   \u00B7   " + part; };
    if (analysis_.loudness && std::isfinite(analysis_.loudness->integrated_lufs)) {
        add(fmt::format("{:.1f} LUFS, range {:.1f} LU", analysis_.loudness->integrated_lufs,
                        analysis_.loudness->range_lu));
        add(fmt::format("true peak {:+.1f} dBTP", analysis_.loudness->true_peak_dbtp));
    }
    if (analysis_.tempo)
        add(analysis_.tempo->bpm ? fmt::format("{:.2f} bpm ({:.0f} % sure)", *analysis_.tempo->bpm,
                                               analysis_.tempo->confidence * 100)
                                 : "tempo not known");
    if (analysis_.key)
        add(analysis_.key->key ? fmt::format("{}, {} ({:.0f} % sure)", analysis_.key->key->name(),
                                             analysis_.key->key->camelot(), analysis_.key->confidence * 100)
                               : "key not known");
    return text;
}

void Figure::draw_time_axis() {
    constexpr double label_gap = 16;
    for (const Tick& tick : time_ticks(0, seconds_, 12)) {
        for (const Row& row : {wave_row, loudness_row})
            svg_.line(x(tick.value), row.top, x(tick.value), row.bottom, "grid");
        svg_.line(x(tick.value), mel_row.bottom, x(tick.value), mel_row.bottom + 4, "axis");
        svg_.text(x(tick.value), mel_row.bottom + label_gap, tick.label, "tick", TextAnchor::middle);
    }
    svg_.text((left + right) / 2, mel_row.bottom + 36, "time", "label", TextAnchor::middle);
}

void Figure::draw_parts() {
    constexpr std::array inks{Ink::blue, Ink::orange, Ink::green, Ink::purple, Ink::red, Ink::gray};
    row_name(parts_row, "parts");
    if (!analysis_.structure) return;
    std::vector<std::string> letters;
    for (const Segment& segment : analysis_.structure->segments) {
        const auto known = std::ranges::find(letters, segment.label);
        const auto index = static_cast<std::size_t>(known - letters.begin());
        if (known == letters.end()) letters.push_back(segment.label);
        const double begin = x(segment.begin_s);
        const double end = x(segment.end_s);
        svg_.rectangle(begin, parts_row.top, std::max(end - begin - 1, 0.5), parts_row.height(),
                       inks[index % inks.size()], 0.3);
        if (end - begin > 14)
            svg_.text((begin + end) / 2, parts_row.bottom - 6, segment.label, "heading", TextAnchor::middle);
    }
}

void Figure::boundaries(const Row& row) {
    if (!analysis_.structure) return;
    for (const Segment& segment : analysis_.structure->segments)
        if (segment.begin_s > 0)
            svg_.stroke({{x(segment.begin_s), row.top}, {x(segment.begin_s), row.bottom}}, Ink::gray, 1,
                        true);
}

// Below the waveform. Where beats stand too near each other only the bars are drawn, and of those no more than there is room
// for.
void Figure::draw_beats() {
    if (!analysis_.tempo) return;
    constexpr double beat_height = 6;
    constexpr double bar_height = 13;
    const auto gap = [&](const std::vector<double>& times_s) {
        return (right - left) * (times_s.back() - times_s.front()) / seconds_ /
               static_cast<double>(times_s.size());
    };
    const auto draw = [&](const std::vector<double>& times_s, std::size_t step, double mark_height, Ink ink) {
        for (std::size_t i = 0; i < times_s.size(); i += step)
            svg_.stroke({{x(times_s[i]), wave_row.bottom}, {x(times_s[i]), wave_row.bottom + mark_height}},
                        ink, 1.2);
    };
    const std::vector<double>& beats = analysis_.tempo->beats_s;
    const std::vector<double>& bars = analysis_.tempo->downbeats_s;
    if (beats.empty()) return;
    if (bars.empty() || gap(beats) >= least_beat_gap)
        draw(beats, thinned(gap(beats)), beat_height, Ink::gray);
    if (!bars.empty()) draw(bars, thinned(gap(bars)), bar_height, Ink::red);
}

void Figure::draw_waveform() {
    row_name(wave_row, "waveform, beats");
    const auto y = [](double sample) {
        return wave_row.top + wave_row.height() * (0.5 - std::clamp(sample, -1.0, 1.0) / 2);
    };
    svg_.line(left, y(0), right, y(0), "grid");
    for (const double level_db : {0.0, -6.0})
        svg_.text(left - 6, y(std::pow(10.0, level_db / 20)) + 4, fmt::format("{:.0f} dB", level_db), "tick",
                  TextAnchor::end);
    const std::vector<WaveformColumn>& columns = pictures_.waveform;
    SvgPath outline;
    const double step = seconds_ / static_cast<double>(std::max<std::size_t>(columns.size(), 1));
    for (std::size_t i = 0; i < columns.size(); ++i)
        outline.emplace_back(x((static_cast<double>(i) + 0.5) * step),
                             y(static_cast<double>(columns[i].high)));
    for (std::size_t i = columns.size(); i-- > 0;)
        outline.emplace_back(x((static_cast<double>(i) + 0.5) * step),
                             y(static_cast<double>(columns[i].low)) + 0.5);
    svg_.fill(outline, Ink::blue, 0.75);
    boundaries(wave_row);
    draw_beats();
    frame(wave_row);
}

// Thinned to the loudest of each pixel; silence breaks the line.
void Figure::curve(const std::vector<float>& levels, double first_s, double lowest, double highest, Ink ink,
                   double weight) {
    constexpr double step_s = 0.1;
    const auto join = static_cast<std::size_t>(
        std::max(1.0, std::floor(static_cast<double>(levels.size()) / (right - left))));
    SvgPath path;
    for (std::size_t begin = 0; begin < levels.size(); begin += join) {
        const auto end = std::min(begin + join, levels.size());
        const double level =
            static_cast<double>(*std::max_element(levels.begin() + static_cast<std::ptrdiff_t>(begin),
                                                  levels.begin() + static_cast<std::ptrdiff_t>(end)));
        if (level < lowest) {
            svg_.stroke(std::exchange(path, {}), ink, weight);
            continue;
        }
        const double share = (std::min(level, highest) - lowest) / (highest - lowest);
        path.emplace_back(x(first_s + step_s * static_cast<double>(begin)),
                          loudness_row.bottom - share * loudness_row.height());
    }
    svg_.stroke(path, ink, weight);
}

void Figure::draw_loudness() {
    constexpr double span_lu = 36;
    row_name(loudness_row, "loudness, LUFS");
    const double loudest = analysis_.loudness ? analysis_.loudness->max_momentary_lufs : silence_db;
    const double highest = std::isfinite(loudest) ? std::ceil(loudest / 6) * 6 : 0;
    const double lowest = highest - span_lu;
    const auto y = [&](double level) {
        return loudness_row.bottom - (level - lowest) / span_lu * loudness_row.height();
    };
    for (double level = lowest; level <= highest; level += 6) {
        svg_.line(left, y(level), right, y(level), "grid");
        svg_.text(left - 6, y(level) + 4, fmt::format("{:.0f}", level), "tick", TextAnchor::end);
    }
    curve(pictures_.momentary_lufs, 0.4, lowest, highest, Ink::gray, 0.8);
    curve(pictures_.short_term_lufs, 3.0, lowest, highest, Ink::orange, 1.8);
    if (analysis_.loudness && analysis_.loudness->integrated_lufs >= lowest) {
        const double level = y(analysis_.loudness->integrated_lufs);
        svg_.stroke({{left, level}, {right, level}}, Ink::green, 1.2, true);
    }
    constexpr double legend_y = loudness_row.top - 7;
    svg_.text(right - 400, legend_y, "momentary (0.4 s)", "label", TextAnchor::end);
    svg_.stroke({{right - 394, legend_y - 4}, {right - 370, legend_y - 4}}, Ink::gray, 0.8);
    svg_.text(right - 230, legend_y, "short-term (3 s)", "label", TextAnchor::end);
    svg_.stroke({{right - 224, legend_y - 4}, {right - 200, legend_y - 4}}, Ink::orange, 1.8);
    svg_.text(right - 90, legend_y, "integrated", "label", TextAnchor::end);
    svg_.stroke({{right - 84, legend_y - 4}, {right - 60, legend_y - 4}}, Ink::green, 1.2, true);
    frame(loudness_row);
}

// The loudest cell of each column, 70 dB from light to dark.
PixelImage spectrogram(const std::vector<MelPowers>& cells) {
    constexpr double range_db = 70;
    constexpr float least_power = 1e-20F;
    const int columns = std::min(static_cast<int>(cells.size()), spectrogram_columns);
    PixelImage image{columns, static_cast<int>(mel_band_count), {}};
    std::vector<MelPowers> joined(static_cast<std::size_t>(columns));
    float loudest = least_power;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        MelPowers& column = joined[i * joined.size() / cells.size()];
        for (std::size_t b = 0; b < mel_band_count; ++b) {
            column[b] = std::max(column[b], cells[i][b]);
            loudest = std::max(loudest, column[b]);
        }
    }
    for (std::size_t b = mel_band_count; b-- > 0;) {
        for (const MelPowers& column : joined) {
            const double below_db =
                10 * std::log10(static_cast<double>(std::max(column[b], least_power) / loudest));
            const auto color = heat_color(1 + below_db / range_db);
            image.rgb.insert(image.rgb.end(), color.begin(), color.end());
        }
    }
    return image;
}

Status Figure::draw_mel() {
    row_name(mel_row, "mel spectrogram, Hz");
    if (!pictures_.mel_powers.empty()) {
        DUBPLATE_TRY(const Bytes png, encode_png(spectrogram(pictures_.mel_powers)));
        svg_.image(left, mel_row.top, right - left, mel_row.height(), png);
        for (const double frequency : {100.0, 300.0, 1000.0, 3000.0, 10000.0}) {
            std::size_t band = 0;
            while (band + 1 < mel_band_count && Timbre::band_center_hz(band) < frequency) ++band;
            const double y =
                mel_row.bottom - mel_row.height() * (static_cast<double>(band) + 0.5) / mel_band_count;
            svg_.line(left - 4, y, left, y, "axis");
            svg_.text(left - 6, y + 4,
                      frequency < 1000 ? fmt::format("{:.0f}", frequency)
                                       : fmt::format("{:.0f}k", frequency / 1000),
                      "tick", TextAnchor::end);
        }
    }
    boundaries(mel_row);
    frame(mel_row);
    return {};
}

}  // namespace

Result<std::string> draw_figure(const std::string& name, const Analysis& analysis,
                                const AnalysisPictures& pictures) {
    Figure figure(name, analysis, pictures);
    figure.draw_time_axis();
    figure.draw_parts();
    figure.draw_waveform();
    figure.draw_loudness();
    DUBPLATE_CHECK(figure.draw_mel());
    return std::move(figure).finish();
}

Status write_figure(Store& store, const std::filesystem::path& path, bool overwrite, const std::string& svg) {
    const bool is_png = to_lower_ascii(path.extension().string()) == ".png";
    Bytes png;
    if (is_png) {
        DUBPLATE_TRY(png, render_png(svg, png_scale));
    }
    DUBPLATE_TRY(const auto file, store.create(path, {.overwrite = overwrite}));
    DUBPLATE_CHECK(file->append(is_png ? std::span<const std::byte>(png) : std::as_bytes(std::span(svg))));
    return file->publish();
}

}  // namespace dubplate
