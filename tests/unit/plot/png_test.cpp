#include "plot/png.h"

#include <gtest/gtest.h>

#include <string>

#include "plot/color_map.h"
#include "plot/svg.h"

namespace dubplate {
namespace {

// Width or height out of the header chunk, which stands first.
unsigned number_at(const Bytes& png, std::size_t place) {
    unsigned value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | std::to_integer<unsigned>(png.at(place + i));
    return value;
}

bool is_png(const Bytes& bytes) {
    return std::string(reinterpret_cast<const char*>(bytes.data()), std::min<std::size_t>(bytes.size(), 8)) ==
           "\x89PNG\r\n\x1a\n";
}

TEST(Png, HoldsThePixels) {
    PixelImage image{3, 2, {}};
    for (int i = 0; i < 18; ++i) image.rgb.push_back(static_cast<std::uint8_t>(i * 14));

    const Result<Bytes> png = encode_png(image);

    ASSERT_TRUE(png) << png.error().to_string();
    EXPECT_TRUE(is_png(*png));
    EXPECT_EQ(number_at(*png, 16), 3U);
    EXPECT_EQ(number_at(*png, 20), 2U);
}

TEST(Png, RendersAnSvgInItsSizeAndScale) {
    SvgWriter svg(100, 40, "A picture");
    svg.background();
    svg.rectangle(10, 10, 20, 20, Ink::blue, 1);
    const Bytes pixel = *encode_png({1, 1, {255, 0, 0}});
    svg.image(50, 10, 20, 20, pixel);
    svg.text(10, 35, "text", "label");
    const std::string text = std::move(svg).finish();

    for (const double scale : {1.0, 2.0}) {
        const Result<Bytes> png = render_png(text, scale);
        ASSERT_TRUE(png) << png.error().to_string();
        EXPECT_TRUE(is_png(*png));
        EXPECT_EQ(number_at(*png, 16), static_cast<unsigned>(100 * scale));
        EXPECT_EQ(number_at(*png, 20), static_cast<unsigned>(40 * scale));
    }
    EXPECT_EQ(*render_png(text), *render_png(text)) << "the same bytes each time";
}

TEST(Png, RefusesWhatIsNoPicture) {
    EXPECT_EQ(encode_png({0, 1, {}}).error().code, ErrorCode::invalid_argument);
    EXPECT_FALSE(render_png("no svg"));
    EXPECT_FALSE(render_png("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"99999\" height=\"9\"/>"));
}

TEST(HeatColor, GrowsLighterAndStaysWithinItsEnds) {
    const auto lightness = [](double level) {
        const auto [red, green, blue] = heat_color(level);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    for (int i = 0; i < 100; ++i) EXPECT_LE(lightness(i / 100.0), lightness((i + 1) / 100.0) + 0.5) << i;
    EXPECT_EQ(heat_color(-1), heat_color(0));
    EXPECT_EQ(heat_color(2), heat_color(1));
}

}  // namespace
}  // namespace dubplate
