#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tags/render.h"
#include "unit/tags/samples.h"

namespace dubplate {
namespace {

using test::jpeg;
using test::png;
using testing::HasSubstr;

std::string error_of(Bytes data) {
    const auto picture = check_picture(std::move(data));
    return picture ? "accepted" : picture.error().to_string();
}

TEST(CheckPicture, TellsJpegAndPngByTheirContent) {
    EXPECT_EQ(check_picture(jpeg(1, 20000))->mime, "image/jpeg");
    EXPECT_EQ(check_picture(png(20000, 1))->mime, "image/png");
    EXPECT_EQ(check_picture(png(3, 2))->data, png(3, 2));
}

TEST(PictureShape, TellsSizeAndDepth) {
    EXPECT_EQ(*picture_shape(png(3, 2)), (PictureShape{3, 2, 24, 0}));
    EXPECT_EQ(*picture_shape(jpeg(600, 400)), (PictureShape{600, 400, 24, 0}));
}

TEST(PictureShape, CountsTheColorsOfAPalette) {
    Bytes picture = png(3, 2);
    picture[25] = std::byte{3};
    TagWriter palette;
    palette.be32(6);
    palette.text("PLTE");
    palette.zeros(6 + 4);
    const Bytes chunk = palette.take();
    picture.insert(picture.end(), chunk.begin(), chunk.end());
    EXPECT_EQ(*picture_shape(picture), (PictureShape{3, 2, 24, 2}));
}

TEST(PictureShape, LeavesOutADepthThatIsNotBelievable) {
    Bytes strange_png = png(3, 2);
    strange_png[25] = std::byte{99};
    EXPECT_EQ(*picture_shape(strange_png), (PictureShape{3, 2, 0, 0}));
    Bytes strange_jpeg = jpeg(3, 2);
    strange_jpeg[24] = std::byte{200};
    EXPECT_EQ(*picture_shape(strange_jpeg), (PictureShape{3, 2, 0, 0}));
}

TEST(CheckPicture, NamesWhatItIsInstead) {
    EXPECT_THAT(error_of(to_bytes("GIF89a.......")), HasSubstr("is a GIF; a cover must be JPEG or PNG"));
    EXPECT_THAT(error_of(to_bytes("RIFF....WEBPVP8 ")), HasSubstr("is a WebP"));
    EXPECT_THAT(error_of(to_bytes("<svg xmlns=")), HasSubstr("is an SVG"));
    EXPECT_THAT(error_of(to_bytes("hello")), HasSubstr("no picture that we know"));
    EXPECT_THAT(error_of({}), HasSubstr("is empty"));
}

TEST(CheckPicture, RefusesSizesThatAreNotSane) {
    EXPECT_THAT(error_of(png(0, 5)), HasSubstr("0 x 5 pixels"));
    EXPECT_THAT(error_of(png(20001, 5)), HasSubstr("20001 x 5 pixels"));
    EXPECT_THAT(error_of(png(0xFFFFFFFF, 0xFFFFFFFF)), HasSubstr("1 to 20000"));
    EXPECT_THAT(error_of(jpeg(65535, 5)), HasSubstr("65535 x 5"));
    Bytes large = png(5, 5);
    large.resize(16 * 1024 * 1024);
    EXPECT_TRUE(check_picture(large).has_value());
    large.resize(large.size() + 1);
    EXPECT_THAT(error_of(large), HasSubstr("16 MiB"));
}

TEST(CheckPicture, SurvivesEveryCutAndManyDamages) {
    for (const Bytes& whole : {jpeg(600, 400), png(600, 400)}) {
        for (std::size_t length = 0; length < 20; ++length) {
            EXPECT_FALSE(check_picture({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)})
                             .has_value());
        }
        for (std::uint64_t n = 0; n < 5000; ++n) {
            const auto picture = check_picture(test::damaged(whole, n));
            if (!picture) {
                EXPECT_NE(picture.error().code, ErrorCode::internal);
            }
        }
    }
}

TEST(CheckPicture, WalksPastManySegmentsOfAJpeg) {
    Bytes picture = to_bytes("\xFF\xD8");
    const Bytes segment = to_bytes(std::string_view("\xFF\xE1\0\4ab\xFF", 7));  // and a fill byte
    for (int i = 0; i < 1000; ++i) picture.insert(picture.end(), segment.begin(), segment.end());
    const Bytes rest = jpeg(31, 47);
    picture.insert(picture.end(), rest.begin() + 20, rest.end());
    EXPECT_TRUE(check_picture(picture).has_value());
}

}  // namespace
}  // namespace dubplate
