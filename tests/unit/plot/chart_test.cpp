#include "plot/chart.h"
#include "support/xml_judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace dubplate {
namespace {

using testing::HasSubstr;
using testing::Not;

Chart loudness_chart() {
    Chart chart{.title = "Loudness"};
    chart.x = {"time, minutes:seconds", 0, 100, AxisScale::time};
    chart.y = {"loudness, LUFS", -40, 0};
    Series series{.name = "short-term"};
    for (int i = 0; i <= 100; ++i) series.points.push_back({static_cast<double>(i), 0, -20.0});
    chart.series.push_back(series);
    return chart;
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

// Every place in the data of paths.
std::vector<std::pair<double, double>> places(const std::string& svg, const std::string& css_class) {
    std::vector<std::pair<double, double>> found;
    const std::string path = "class=\"" + css_class + "\" d=\"";
    for (auto at = svg.find(path); at != std::string::npos; at = svg.find(path, at + 1)) {
        const auto begin = at + path.size();
        std::string data = svg.substr(begin, svg.find('"', begin) - begin);
        for (char& c : data)
            if (c == 'M' || c == 'L' || c == 'Z') c = ' ';
        std::istringstream numbers(data);
        for (double x = 0, y = 0; numbers >> x >> y;) found.emplace_back(x, y);
    }
    return found;
}

TEST(Chart, IsWellFormedAndSaysItsUnits) {
    DUBPLATE_NEEDS_XMLLINT();
    const std::string svg = render_svg(loudness_chart());

    EXPECT_EQ(xml_faults(svg), "");
    EXPECT_THAT(svg, HasSubstr("loudness, LUFS"));
    EXPECT_THAT(svg, HasSubstr(">1:00<"));
    EXPECT_THAT(svg, HasSubstr(">−20<"));
}

TEST(Chart, PutsValuesWhereTheAxisHasThem) {
    Chart chart = loudness_chart();
    chart.series[0].name.clear();
    const auto drawn = places(render_svg(chart), "stroke-blue");

    // -20 is half way between -40 and 0, and time runs from edge to edge.
    const double top = 26;
    const double bottom = chart.height - 44;
    for (const auto& [x, y] : drawn) EXPECT_NEAR(y, (top + bottom) / 2, 0.1);
    EXPECT_NEAR(drawn.front().first, 62, 0.1);
    EXPECT_NEAR(drawn.back().first, chart.width - 14, 0.1);
}

TEST(Chart, IsTheSameEveryTime) {
    EXPECT_EQ(render_svg(loudness_chart()), render_svg(loudness_chart()));
}

TEST(Chart, BreaksLinesAtWhatIsNotFinite) {
    Chart chart = loudness_chart();
    chart.series[0].name.clear();
    chart.series[0].points[50].high = -std::numeric_limits<double>::infinity();
    chart.series[0].points[70].high = std::numeric_limits<double>::quiet_NaN();

    const std::string svg = render_svg(chart);

    EXPECT_EQ(count(svg, "class=\"stroke-blue\""), 3U);
    EXPECT_THAT(svg, Not(HasSubstr("nan")));
    EXPECT_THAT(svg, Not(HasSubstr("inf")));
}

TEST(Chart, KeepsValuesOutsideTheAxisInsideThePlot) {
    Chart chart = loudness_chart();
    chart.series[0].points[10].high = 500;
    chart.series[0].points[20].high = -500;
    for (const auto& [x, y] : places(render_svg(chart), "stroke-blue")) {
        EXPECT_GE(y, 0);
        EXPECT_LE(y, chart.height - 44);
    }
}

TEST(Chart, ThinsLongLinesAndKeepsTheirExtremes) {
    Chart chart = loudness_chart();
    chart.series[0].name.clear();
    chart.series[0].points.clear();
    for (int i = 0; i < 200000; ++i)
        chart.series[0].points.push_back({i / 2000.0, 0, i == 123457 ? 0.0 : -20.0 - i % 3});

    const auto drawn = places(render_svg(chart), "stroke-blue");

    EXPECT_LT(drawn.size(), 2200U);
    const auto highest = std::ranges::min_element(drawn, {}, &std::pair<double, double>::second);
    EXPECT_NEAR(highest->second, 26, 0.1);
}

TEST(Chart, ThinsLongAreasAndKeepsTheirReach) {
    Chart chart = loudness_chart();
    chart.series[0] = {.kind = SeriesKind::area};
    for (int i = 0; i < 200000; ++i)
        chart.series[0].points.push_back({i / 2000.0, -30, i == 123457 ? 0.0 : -20.0});

    const auto drawn = places(render_svg(chart), "fill-blue");

    EXPECT_LT(drawn.size(), 2200U);
    EXPECT_NEAR(std::ranges::min_element(drawn, {}, &std::pair<double, double>::second)->second, 26, 0.1);
}

TEST(Chart, TellsRulesInTheLegend) {
    Chart chart = loudness_chart();
    chart.rules.push_back({"target −16.0 LUFS", -16, Ink::green});

    const std::string svg = render_svg(chart);

    EXPECT_THAT(svg, HasSubstr("target −16.0 LUFS"));
    EXPECT_EQ(count(svg, "class=\"stroke-green\""), 2U);  // the rule and its key
}

TEST(Chart, LeavesOutLabelsOfMarksThatWouldOverlap) {
    Chart chart = loudness_chart();
    chart.marks = {{50, "first peak", Ink::red}, {51, "second peak", Ink::red}, {90, "third peak", Ink::red}};

    const std::string svg = render_svg(chart);

    EXPECT_THAT(svg, HasSubstr("first peak"));
    EXPECT_THAT(svg, Not(HasSubstr("second peak")));
    EXPECT_THAT(svg, HasSubstr("third peak"));
    EXPECT_EQ(count(svg, "class=\"fill-red\""), 3U);
}

TEST(Chart, HangsWhereTheAxisIsTurned) {
    Chart chart{.title = "Limiter"};
    chart.x = {"s", 0, 10};
    chart.y = {"gain reduction, dB", 6, 0};
    chart.series.push_back({.kind = SeriesKind::area, .points = {{0, 0, 0}, {5, 0, 6}, {10, 0, 0}}});

    const auto drawn = places(render_svg(chart), "fill-blue");

    EXPECT_NEAR(drawn[0].second, 26, 0.1);
    EXPECT_NEAR(drawn[1].second, chart.height - 44, 0.1);
}

TEST(Chart, DrawsBarsFromTheirBase) {
    Chart chart{.title = "Bars"};
    chart.x = {"Hz", 0, 4};
    chart.y = {"dB", 0, 10};
    chart.series.push_back({.kind = SeriesKind::bars, .points = {{1, 0, 5}, {2, 0, 0}, {3, 0, 10}}});

    EXPECT_EQ(count(render_svg(chart), "<rect class=\"fill-blue\""), 2U);
}

TEST(Chart, PutsALegendThatIsTooWideBelowTheTitle) {
    Chart chart = loudness_chart();
    chart.width = 360;
    chart.series[0].name = "a name that is long enough to meet the title";
    const std::string svg = render_svg(chart);

    EXPECT_THAT(svg, HasSubstr("y=\"36\" text-anchor=\"start\""));
}

TEST(Chart, TakesAnEmptyOne) {
    DUBPLATE_NEEDS_XMLLINT();
    EXPECT_EQ(xml_faults(render_svg(Chart{})), "");
    Chart flat = loudness_chart();
    flat.y.to = flat.y.from;
    EXPECT_EQ(xml_faults(render_svg(flat)), "");
}

}  // namespace
}  // namespace dubplate
