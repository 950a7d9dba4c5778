#include "video/color.h"

#include <gtest/gtest.h>

#include <vector>

#include "video/kernels/output.h"

namespace dubplate {
namespace {

TEST(Color, IsReadAsPeopleWriteIt) {
    EXPECT_EQ(format_color(*parse_color("#ff8800")), "#ff8800");
    EXPECT_EQ(format_color(*parse_color("#F80")), "#ff8800");
    EXPECT_EQ(format_color(*parse_color("rgb(255, 136, 0)")), "#ff8800");
    EXPECT_EQ(format_color(*parse_color("hsl(120, 100%, 25%)")), "#008000");
    for (const char* text : {"", "#12", "#12345g", "red", "hsl(1, 2)", "rgb(a, b, c)"})
        EXPECT_FALSE(parse_color(text)) << text;
}

TEST(Color, KeepsItsHueThereAndBack) {
    for (int hue = 0; hue < 360; hue += 30) {
        const Hsl hsl = hsl_of(color_from_hsl(hue, 80, 60));
        EXPECT_NEAR(hsl.hue_degrees, hue, 0.01);
        EXPECT_NEAR(hsl.saturation, 80, 0.01);
        EXPECT_NEAR(hsl.lightness, 60, 0.01);
    }
}

TEST(ToneCurve, IsSrgbUpToItsKneeAndNeverPastWhite) {
    std::vector<float> line(1024 + 16);
    for (std::size_t i = 0; i < 1024; ++i) line[i] = 0.8F * static_cast<float>(i) / 1023;
    show_line(line.data(), nullptr, 0, line.data(), 1024);
    for (std::size_t i = 0; i < 1024; ++i)
        ASSERT_NEAR(static_cast<double>(line[i]), 255 * to_srgb(0.8 * static_cast<double>(i) / 1023), 0.1)
            << i;

    std::vector<float> bright{1, 2, 5, 100, 1e6F};
    bright.resize(32);
    show_line(bright.data(), nullptr, 0, bright.data(), 5);
    for (std::size_t i = 1; i < 5; ++i) {
        EXPECT_GT(bright[i], bright[i - 1]);
        EXPECT_LE(bright[i], 255);
    }
}

}  // namespace
}  // namespace dubplate
