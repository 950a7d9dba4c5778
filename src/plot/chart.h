// chart.h: one chart as plain data, and its drawing as SVG.
//
// Shape    a title and a legend above, a plot with a grid, two axes with their units. Series are drawn in order, so the
//          last lies on top; rules (a target, a ceiling) go across; marks stand above the plot and point down.
// Gaps     a point that is not finite breaks a line; values outside the axis are drawn at its edge.
// Size     a line with more points than the plot has pixels is thinned to the lowest and highest of each column.
// Threads  pure functions.
#pragma once

#include "plot/svg.h"
#include "plot/ticks.h"

#include <string>
#include <vector>

namespace dubplate {

enum class AxisScale { linear, time, frequency };

struct Axis {
    std::string label{};  // with its unit: "loudness, LUFS"
    double from = 0;      // at the left or the bottom
    double to = 1;        // at the right or the top; may be below `from`
    AxisScale scale = AxisScale::linear;
};

// A line takes `high`; areas and bars go from `low` to `high`.
enum class SeriesKind { line, area, bars };

struct SeriesPoint {
    double x = 0;
    double low = 0;
    double high = 0;
};

struct Series {
    std::string name{};  // empty: not in the legend
    SeriesKind kind = SeriesKind::line;
    Ink ink = Ink::blue;
    double weight = 1.5;  // width of lines; of areas and bars the opacity
    bool dashed = false;
    std::vector<SeriesPoint> points{};
};

// Dashed across the plot at `value`; told in the legend, where nothing can cover it.
struct Rule {
    std::string name{};
    double value = 0;
    Ink ink = Ink::green;
};

struct Mark {
    double x = 0;
    std::string label{};  // with a line down through the plot; left out where an earlier label is in the way
    Ink ink = Ink::red;
};

struct Chart {
    std::string title{};
    double width = 1040;
    double height = 240;
    Axis x{};
    Axis y{};
    std::vector<Series> series{};
    std::vector<Rule> rules{};
    std::vector<Mark> marks{};
};

std::string render_svg(const Chart& chart);

}  // namespace dubplate
