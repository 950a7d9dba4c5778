#include "plot/chart.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace dubplate {

namespace {

constexpr double left_margin = 62;
constexpr double right_margin = 14;
constexpr double bottom_margin = 44;
constexpr double row_height = 20;
constexpr double legend_font = 11.5;
constexpr double heading_font = 13;
constexpr double tick_font = 11;

struct Frame {
    double left = 0, right = 0, top = 0, bottom = 0;
    double width() const { return right - left; }
    double height() const { return bottom - top; }
};

struct LegendEntry {
    std::string name;
    Ink ink = Ink::blue;
    bool is_line = true;
    bool dashed = false;
    double width() const { return 22 + estimate_text_width(name, legend_font) + 16; }
};

// Where values fall on the page.
class Mapping {
  public:
    Mapping(const Axis& axis, double from_pixel, double to_pixel)
        : from_(place(axis, axis.from)),
          to_(place(axis, axis.to)),
          from_pixel_(from_pixel),
          to_pixel_(to_pixel),
          axis_(axis) {}

    double operator()(double value) const {
        if (from_ == to_) return from_pixel_;
        const double share = std::clamp((place(axis_, value) - from_) / (to_ - from_), 0.0, 1.0);
        return from_pixel_ + share * (to_pixel_ - from_pixel_);
    }

  private:
    static double place(const Axis& axis, double value) {
        return axis.scale == AxisScale::frequency ? std::log10(std::max(value, 1e-3)) : value;
    }

    double from_, to_, from_pixel_, to_pixel_;
    const Axis& axis_;
};

bool is_drawable(const SeriesPoint& point) {
    return std::isfinite(point.x) && !std::isnan(point.low) && std::isfinite(point.high);
}

// Stretches of drawable points, in pixels: x, low, high.
using Stretch = std::vector<SeriesPoint>;

std::vector<Stretch> stretches_of(const Series& series, const Mapping& x, const Mapping& y) {
    std::vector<Stretch> stretches(1);
    for (const SeriesPoint& point : series.points) {
        if (!is_drawable(point)) {
            if (!stretches.back().empty()) stretches.emplace_back();
            continue;
        }
        stretches.back().push_back({x(point.x), y(point.low), y(point.high)});
    }
    return stretches;
}

// The first, highest, lowest and last of each column of one pixel, in their order.
SvgPath thin_line(const Stretch& stretch, double columns) {
    SvgPath path;
    if (static_cast<double>(stretch.size()) <= 2 * columns) {
        for (const SeriesPoint& point : stretch) path.emplace_back(point.x, point.high);
        return path;
    }
    for (std::size_t begin = 0; begin < stretch.size();) {
        std::size_t end = begin;
        while (end < stretch.size() && std::floor(stretch[end].x) == std::floor(stretch[begin].x)) ++end;
        const auto first = stretch.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto last = stretch.begin() + static_cast<std::ptrdiff_t>(end);
        auto [lowest, highest] =
            std::minmax_element(first, last, [](const auto& a, const auto& b) { return a.high < b.high; });
        if (highest < lowest) std::swap(lowest, highest);
        path.emplace_back(lowest->x, lowest->high);
        if (highest != lowest) path.emplace_back(highest->x, highest->high);
        begin = end;
    }
    return path;
}

// The whole reach of each column of one pixel.
Stretch thin_area(const Stretch& stretch, double columns) {
    if (static_cast<double>(stretch.size()) <= 2 * columns) return stretch;
    Stretch thinned;
    for (const SeriesPoint& point : stretch) {
        const auto [high, low] = std::minmax(point.low, point.high);  // pixels count downward
        if (thinned.empty() || std::floor(thinned.back().x) != std::floor(point.x)) {
            thinned.push_back({point.x, low, high});
        } else {
            thinned.back().low = std::max(thinned.back().low, low);
            thinned.back().high = std::min(thinned.back().high, high);
        }
    }
    return thinned;
}

SvgPath edge(const Stretch& stretch, double SeriesPoint::*side) {
    SvgPath path;
    for (const SeriesPoint& point : stretch) path.emplace_back(point.x, point.*side);
    return path;
}

void draw_area(SvgWriter& svg, const Series& series, const Stretch& stretch) {
    SvgPath around = edge(stretch, &SeriesPoint::high);
    const SvgPath back = edge(stretch, &SeriesPoint::low);
    around.insert(around.end(), back.rbegin(), back.rend());
    svg.fill(around, series.ink, series.weight);
}

void draw_bars(SvgWriter& svg, const Series& series, const Stretch& stretch) {
    for (std::size_t i = 0; i < stretch.size(); ++i) {
        const double next =
            i + 1 < stretch.size() ? stretch[i + 1].x : 2 * stretch[i].x - (i > 0 ? stretch[i - 1].x : 0);
        const double width = std::max((next - stretch[i].x) * 0.8, 0.5);
        const auto [top, bottom] = std::minmax(stretch[i].low, stretch[i].high);
        if (bottom > top)
            svg.rectangle(stretch[i].x - width / 2, top, width, bottom - top, series.ink, series.weight);
    }
}

void draw_series(SvgWriter& svg, const Series& series, const Frame& frame, const Mapping& x,
                 const Mapping& y) {
    for (const Stretch& stretch : stretches_of(series, x, y)) {
        switch (series.kind) {
            case SeriesKind::line:
                svg.stroke(thin_line(stretch, frame.width()), series.ink, series.weight, series.dashed);
                break;
            case SeriesKind::area:
                draw_area(svg, series, thin_area(stretch, frame.width()));
                break;
            case SeriesKind::bars:
                draw_bars(svg, series, stretch);
                break;
        }
    }
}

std::vector<Tick> ticks_of(const Axis& axis, int wanted) {
    switch (axis.scale) {
        case AxisScale::time:
            return time_ticks(axis.from, axis.to, wanted);
        case AxisScale::frequency:
            return frequency_ticks(axis.from, axis.to);
        case AxisScale::linear:
            break;
    }
    return linear_ticks(axis.from, axis.to, wanted);
}

void draw_x_axis(SvgWriter& svg, const Axis& axis, const Frame& frame, const Mapping& x) {
    double free_from = -1e9;
    for (const Tick& tick : ticks_of(axis, static_cast<int>(frame.width() / 72))) {
        const double at = x(tick.value);
        svg.line(at, frame.top, at, frame.bottom, "grid");
        const double half = estimate_text_width(tick.label, tick_font) / 2;
        if (tick.label.empty() || at - half < free_from) continue;
        svg.text(at, frame.bottom + 16, tick.label, "tick", TextAnchor::middle);
        free_from = at + half + 6;
    }
    svg.text((frame.left + frame.right) / 2, frame.bottom + 35, axis.label, "label", TextAnchor::middle);
}

void draw_y_axis(SvgWriter& svg, const Axis& axis, const Frame& frame, const Mapping& y) {
    for (const Tick& tick : ticks_of(axis, std::max(static_cast<int>(frame.height() / 34), 2))) {
        const double at = y(tick.value);
        svg.line(frame.left, at, frame.right, at, "grid");
        svg.text(frame.left - 8, at + 4, tick.label, "tick", TextAnchor::end);
    }
    svg.text(14, (frame.top + frame.bottom) / 2, axis.label, "label", TextAnchor::middle, -90);
}

std::vector<LegendEntry> legend_of(const Chart& chart) {
    std::vector<LegendEntry> entries;
    for (const Series& series : chart.series) {
        const bool is_line = series.kind == SeriesKind::line;
        if (!series.name.empty()) entries.push_back({series.name, series.ink, is_line, series.dashed});
    }
    for (const Rule& rule : chart.rules)
        if (!rule.name.empty()) entries.push_back({rule.name, rule.ink, true, true});
    return entries;
}

void draw_legend_entry(SvgWriter& svg, const LegendEntry& entry, double left, double baseline) {
    if (entry.is_line) {
        svg.stroke({{left, baseline - 4}, {left + 16, baseline - 4}}, entry.ink, 2, entry.dashed);
    } else {
        svg.rectangle(left + 2, baseline - 9, 12, 10, entry.ink, 0.7);
    }
    svg.text(left + 22, baseline, entry.name, "label");
}

// The rows of the legend: beside the title where it has room, else below it. Returns where they end.
double draw_head(SvgWriter& svg, const Chart& chart) {
    const std::vector<LegendEntry> entries = legend_of(chart);
    const double right = chart.width - right_margin;
    double width = 0;
    for (const LegendEntry& entry : entries) width += entry.width();
    svg.text(left_margin, 16, chart.title, "heading");
    const double title_end = left_margin + estimate_text_width(chart.title, heading_font * 1.08) + 24;
    double baseline = 16;
    double at = right - width + 16;
    if (at < title_end) {
        baseline += row_height;
        at = left_margin;
    }
    for (const LegendEntry& entry : entries) {
        if (at > left_margin && at + entry.width() - 16 > right) {
            baseline += row_height;
            at = left_margin;
        }
        draw_legend_entry(svg, entry, at, baseline);
        at += entry.width();
    }
    return baseline + 10;
}

void draw_marks(SvgWriter& svg, const Chart& chart, const Frame& frame, const Mapping& x) {
    std::vector<std::pair<double, double>> taken;
    for (const Mark& mark : chart.marks) {
        const double at = x(mark.x);
        svg.fill({{at - 4, frame.top - 7}, {at + 4, frame.top - 7}, {at, frame.top}}, mark.ink, 1);
        const double half = estimate_text_width(mark.label, tick_font) / 2;
        const double center =
            std::clamp(at, frame.left + half, std::max(frame.right - half, frame.left + half));
        const bool covered = std::ranges::any_of(taken, [&](const auto& other) {
            return center - half < other.second + 8 && center + half > other.first - 8;
        });
        if (mark.label.empty() || covered) continue;
        svg.text(center, frame.top - 11, mark.label, "tick", TextAnchor::middle);
        svg.stroke({{at, frame.top}, {at, frame.bottom}}, mark.ink, 0.8, true);
        taken.emplace_back(center - half, center + half);
    }
}

}  // namespace

std::string render_svg(const Chart& chart) {
    SvgWriter svg(chart.width, chart.height, chart.title);
    Frame frame;
    frame.left = left_margin;
    frame.right = chart.width - right_margin;
    frame.top = draw_head(svg, chart) + (chart.marks.empty() ? 0 : row_height);
    frame.bottom = std::max(chart.height - bottom_margin, frame.top + 1);
    const Mapping x(chart.x, frame.left, frame.right);
    const Mapping y(chart.y, frame.bottom, frame.top);

    draw_x_axis(svg, chart.x, frame, x);
    draw_y_axis(svg, chart.y, frame, y);
    for (const Series& series : chart.series) draw_series(svg, series, frame, x, y);
    for (const Rule& rule : chart.rules)
        svg.stroke({{frame.left, y(rule.value)}, {frame.right, y(rule.value)}}, rule.ink, 1.5, true);
    draw_marks(svg, chart, frame, x);
    svg.line(frame.left, frame.bottom, frame.right, frame.bottom, "axis");
    svg.line(frame.left, frame.top, frame.left, frame.bottom, "axis");
    return std::move(svg).finish();
}

}  // namespace dubplate
