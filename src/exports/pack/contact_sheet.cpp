#include <fmt/format.h>

#include <algorithm>

#include "core/units.h"
#include "exports/pack/preview.h"
#include "plot/svg.h"

namespace dubplate {

namespace {

constexpr int columns = 4;
constexpr double cell_width = 240;
constexpr double cell_height = 130;
constexpr double gap = 12;
constexpr double header = 44;
constexpr double wave_top = 38;
constexpr double wave_height = 80;
constexpr double inset = 10;

// What differs from the unit's own settings, in a few characters.
std::string settings_text(const SamplerPad& pad, int rate_hz) {
    const PadSettings& s = pad.settings;
    std::string text = fmt::format("{:.2f} s", frames_to_seconds(pad.end_frame - pad.begin_frame, rate_hz));
    const auto add = [&](const std::string& word) { text += "  " + word; };
    if (s.loop) add("loop");
    if (s.gate) add("gate");
    if (s.reverse) add("reverse");
    if (s.level != 127) add(fmt::format("level {}", s.level));
    if (s.pan != 0) add(s.pan < 0 ? fmt::format("L{}", -s.pan) : fmt::format("R{}", s.pan));
    if (s.pitch != 0) add(fmt::format("{:+.4g} st", s.pitch));
    if (s.mute_group != 0) add(fmt::format("mute {}", s.mute_group));
    if (s.bpm) add(fmt::format("{:.4g} bpm", *s.bpm));
    return text;
}

Ink ink_of(const SamplerPad& pad) {
    if (pad.settings.loop) return Ink::green;
    return pad.settings.mute_group != 0 ? Ink::orange : Ink::blue;
}

void draw_waveform(SvgWriter& svg, const SheetPad& shown, double x, double y) {
    if (shown.waveform.empty()) return;
    const double step = (cell_width - 2 * inset) / static_cast<double>(shown.waveform.size());
    const double middle = y + wave_top + wave_height / 2;
    const auto height = [](float value) {
        return static_cast<double>(std::clamp(value, -1.0f, 1.0f)) * wave_height / 2;
    };
    // From left to right as it sounds.
    const auto column = [&](std::size_t i) -> const WaveformColumn& {
        return shown.waveform[shown.pad.settings.reverse ? shown.waveform.size() - 1 - i : i];
    };
    SvgPath outline;
    for (std::size_t i = 0; i < shown.waveform.size(); ++i)
        outline.emplace_back(x + inset + static_cast<double>(i) * step, middle - height(column(i).high));
    for (std::size_t i = shown.waveform.size(); i-- > 0;)
        outline.emplace_back(x + inset + static_cast<double>(i) * step, middle - height(column(i).low));
    svg.fill(outline, ink_of(shown.pad), 0.8);
}

void draw_pad(SvgWriter& svg, int rate_hz, PadPlace place, const SheetPad* shown) {
    const double x = gap + ((place.number - 1) % columns) * (cell_width + gap);
    const double y = header + ((place.number - 1) / columns) * (cell_height + gap);
    svg.rectangle(x, y, cell_width, cell_height, Ink::gray, shown != nullptr ? 0.12 : 0.05);
    svg.text(x + inset, y + 18, std::to_string(place.number), "label");
    if (shown == nullptr) return;
    svg.text(x + inset + 24, y + 18, shown->pad.name, "heading");
    svg.text(x + inset, y + 33, settings_text(shown->pad, rate_hz), "label");
    draw_waveform(svg, *shown, x, y);
    const auto at = [&](std::int64_t frame) {
        const double share =
            static_cast<double>(frame) / static_cast<double>(std::max<std::int64_t>(shown->pad.frames, 1));
        return x + inset + (cell_width - 2 * inset) * (shown->pad.settings.reverse ? 1 - share : share);
    };
    const auto rule = [&](std::int64_t frame, Ink ink) {
        svg.stroke({{at(frame), y + wave_top}, {at(frame), y + wave_top + wave_height}}, ink, 1, true);
    };
    if (shown->pad.begin_frame > 0) rule(shown->pad.begin_frame, Ink::red);
    if (shown->pad.end_frame < shown->pad.frames) rule(shown->pad.end_frame, Ink::red);
    if (shown->pad.settings.loop && shown->pad.loop_frame > shown->pad.begin_frame)
        rule(shown->pad.loop_frame, Ink::green);
    for (const std::int64_t chop : shown->pad.chop_frames) rule(chop, Ink::purple);
}

}  // namespace

std::filesystem::path contact_sheet_path(int bank) {
    return std::filesystem::path("preview") / fmt::format("bank_{}.svg", static_cast<char>('A' + bank));
}

std::string contact_sheet(const SamplerDevice& device, const std::string& kit, int bank,
                          const std::vector<SheetPad>& pads) {
    const int rows = (device.pads_per_bank + columns - 1) / columns;
    const std::string title =
        fmt::format("{}, bank {} of the {}", kit, static_cast<char>('A' + bank), device.title);
    SvgWriter svg(gap + columns * (cell_width + gap), header + rows * (cell_height + gap), title);
    svg.background();
    svg.text(gap, 28, title, "heading");
    for (int number = 1; number <= device.pads_per_bank; ++number) {
        const PadPlace place{bank, number};
        const auto found = std::ranges::find(pads, place, [](const SheetPad& pad) { return pad.pad.place; });
        draw_pad(svg, device.sample_rate_hz, place, found == pads.end() ? nullptr : &*found);
    }
    return std::move(svg).finish();
}

}  // namespace dubplate
