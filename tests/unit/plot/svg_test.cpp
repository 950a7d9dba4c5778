#include "plot/svg.h"
#include "support/xml_judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>

namespace dubplate {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Svg, EscapesWhatXmlReserves) {
    EXPECT_EQ(xml_escape("<a href=\"x\">'&'</a>"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
    EXPECT_EQ(xml_escape("夜 é 🎧"), "夜 é 🎧");
}

TEST(Svg, RepairsWhatXmlForbids) {
    EXPECT_EQ(xml_escape("a\x01z"), "a\uFFFDz");
    EXPECT_EQ(xml_escape("a\xFFz"), "a\uFFFDz");
    EXPECT_EQ(xml_escape("a\uFFFEz"), "a\uFFFDz");
    EXPECT_EQ(xml_escape("a\u0085z"), "a\uFFFDz");
    EXPECT_EQ(xml_escape("tab\tline\n"), "tab\tline\n");
}

TEST(Svg, WritesNumbersTheSameEverywhere) {
    EXPECT_EQ(svg_number(12), "12");
    EXPECT_EQ(svg_number(0.5), "0.5");
    EXPECT_EQ(svg_number(-3.254), "-3.25");
    EXPECT_EQ(svg_number(-0.001), "0");
    EXPECT_EQ(svg_number(1e9), "1000000000");
    EXPECT_EQ(svg_number(std::numeric_limits<double>::infinity()), "0");
}

TEST(Svg, IsWellFormedWhateverTheTextIs) {
    DUBPLATE_NEEDS_XMLLINT();
    SvgWriter svg(100, 50, "</title><script>\x02");
    svg.line(0, 0, 10, 10, "grid");
    svg.text(5, 5, "<&>\"' \xC0", "tick", TextAnchor::middle, -90);
    svg.stroke({{0, 0}, {5, 5}}, Ink::red, 1.5, true);
    svg.fill({{0, 0}, {5, 5}, {0, 5}}, Ink::blue, 0.5);
    svg.rectangle(1, 2, 3, 4, Ink::gray, 1);

    const std::string xml = std::move(svg).finish();

    EXPECT_EQ(xml_faults(xml), "");
    EXPECT_THAT(xml, Not(HasSubstr("<script")));
}

TEST(Svg, LeavesOutPathsThatShowNothing) {
    SvgWriter svg(10, 10, "x");
    svg.stroke({{1, 1}}, Ink::red, 1);
    svg.fill({{1, 1}, {2, 2}}, Ink::red, 1);
    EXPECT_THAT(std::move(svg).finish(), Not(HasSubstr("<path")));
}

}  // namespace
}  // namespace dubplate
