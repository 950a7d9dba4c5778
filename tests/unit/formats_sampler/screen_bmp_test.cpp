#include "formats/sampler/screen_bmp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tags/bytes.h"

namespace dubplate::test {

namespace {

using testing::HasSubstr;

GrayImage filled(int width, int height, std::uint8_t value) {
    return {
        width, height,
        std::vector<std::uint8_t>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), value)};
}

double lit_part(const GrayImage& image) {
    return static_cast<double>(std::ranges::count(image.pixels, 255)) /
           static_cast<double>(image.pixels.size());
}

GrayImage on_screen(const GrayImage& image, int width = 128, int height = 64) {
    const auto bytes = screen_bmp(image, width, height);
    EXPECT_TRUE(bytes);
    const auto back = read_screen_bmp(*bytes);
    EXPECT_TRUE(back) << back.error().to_string();
    return *back;
}

TEST(ScreenBmp, HasTheBytesOfTheUnitsOwnPictures) {
    GrayImage image = filled(128, 64, 0);
    image.pixels[0] = 255;               // the left one at the top
    image.pixels[63 * 128 + 127] = 255;  // the right one at the bottom
    const auto bytes = screen_bmp(image, 128, 64);

    ASSERT_TRUE(bytes);
    ASSERT_EQ(bytes->size(), 1086U);
    EXPECT_TRUE(has_text(*bytes, 0, "BM"));
    EXPECT_EQ(le32(*bytes, 2), 1086U);
    EXPECT_EQ(le32(*bytes, 10), 62U);
    EXPECT_EQ(le32(*bytes, 18), 128U);
    EXPECT_EQ(le32(*bytes, 22), 64U);
    EXPECT_EQ(le16(*bytes, 28), 1U);
    EXPECT_EQ(le32(*bytes, 54), 0U);
    EXPECT_EQ(le32(*bytes, 58), 0xFFFFFFU);
    EXPECT_EQ(u8(*bytes, 62 + 15), 1U);
    EXPECT_EQ(u8(*bytes, 62 + 63 * 16), 0x80U);
    EXPECT_EQ(on_screen(image), image);
}

TEST(ScreenBmp, GivesAsMuchLightAsThePicture) {
    // sRGB 188 is half of the light of white, 137 a quarter.
    EXPECT_NEAR(lit_part(on_screen(filled(640, 320, 188))), 0.503, 0.01);
    EXPECT_NEAR(lit_part(on_screen(filled(640, 320, 137))), 0.25, 0.01);
    EXPECT_EQ(lit_part(on_screen(filled(640, 320, 0))), 0);
    EXPECT_EQ(lit_part(on_screen(filled(3, 2, 255), 3, 2)), 1);
}

TEST(ScreenBmp, ShowsTheWholePictureInTheMiddle) {
    const GrayImage screen = on_screen(filled(500, 500, 255));

    EXPECT_EQ(lit_part(screen), 0.5);
    EXPECT_EQ(screen.pixels[31], 0);
    EXPECT_EQ(screen.pixels[32], 255);
    EXPECT_EQ(screen.pixels[95], 255);
    EXPECT_EQ(screen.pixels[96], 0);
}

TEST(ScreenBmp, ScalesByAreaAndUpwardsToo) {
    GrayImage stripes = filled(256, 128, 0);
    for (std::size_t i = 0; i < stripes.pixels.size(); i += 2) stripes.pixels[i] = 255;

    EXPECT_NEAR(lit_part(on_screen(stripes)), 0.5, 0.01);
    EXPECT_EQ(lit_part(on_screen(filled(1, 1, 255), 64, 64)), 1);
    EXPECT_GT(lit_part(on_screen(filled(10'000, 1, 255))), 0);
}

TEST(ScreenBmp, RefusesWhatIsNoPicture) {
    EXPECT_EQ(screen_bmp({}, 128, 64).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(screen_bmp(filled(2, 2, 0), 0, 64).error().code, ErrorCode::invalid_argument);
    Bytes bytes = *screen_bmp(filled(2, 2, 0), 128, 64);
    EXPECT_THAT(read_screen_bmp(std::span(bytes).first(1085)).error().to_string(), HasSubstr("1085 bytes"));
    EXPECT_THAT(read_screen_bmp(std::span(bytes).first(30)).error().to_string(), HasSubstr("ends after 30"));
    bytes[28] = std::byte{24};
    EXPECT_THAT(read_screen_bmp(bytes).error().to_string(), HasSubstr("bits is 24, and must be 1"));
    bytes[28] = std::byte{1};
    bytes[25] = std::byte{0x80};
    EXPECT_THAT(read_screen_bmp(bytes).error().to_string(), HasSubstr("a screen of 128 x"));
}

}  // namespace

}  // namespace dubplate::test
