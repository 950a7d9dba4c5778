#include "formats/image/image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "support/bytes.h"
#include "support/temp_folder.h"

namespace dubplate::test {

namespace {

using testing::HasSubstr;

// 3 x 2: red, green, blue; white, gray, black.
constexpr std::uint8_t colors[6][3] = {{255, 0, 0},     {0, 255, 0},     {0, 0, 255},
                                       {255, 255, 255}, {128, 128, 128}, {0, 0, 0}};

// The six colors in squares of 16 pixels, as ffmpeg writes them.
Bytes written_by_ffmpeg(const std::string& extension, const std::string& options = {}) {
    TempFolder folder;
    const std::string path = (folder.path() / ("x." + extension)).string();
    std::string pixels;
    for (int y = 0; y < 32; ++y)
        for (int x = 0; x < 48; ++x)
            for (const std::uint8_t c : colors[y / 16 * 3 + x / 16]) pixels.push_back(static_cast<char>(c));
    std::ofstream(folder.path() / "raw", std::ios::binary) << pixels;
    const std::string command = "ffmpeg -v error -f rawvideo -pix_fmt rgb24 -s 48x32 -i '" +
                                (folder.path() / "raw").string() + "' -frames:v 1 " + options + " '" + path +
                                "' </dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0) << command;  // NOLINT: a judge on the machine that tests
    std::ifstream file(path, std::ios::binary);
    return to_bytes(std::string{std::istreambuf_iterator<char>(file), {}});
}

void expect_colors(const Bytes& bytes, int tolerance, const std::string& what) {
    const auto image = decode_image(bytes);
    ASSERT_TRUE(image) << what << ": " << image.error().to_string();
    ASSERT_EQ(image->width, 48) << what;
    ASSERT_EQ(image->height, 32) << what;
    for (int i = 0; i < 6; ++i) {
        const auto middle = static_cast<std::size_t>(4 * ((i / 3 * 16 + 8) * 48 + i % 3 * 16 + 8));
        for (std::size_t c = 0; c < 3; ++c)
            EXPECT_NEAR(image->rgba[middle + c], colors[i][c], tolerance)
                << what << ": square " << i << " channel " << c;
        EXPECT_EQ(image->rgba[middle + 3], 255);
    }
}

TEST(Image, ReadsEveryKindOfPicture) {
    expect_colors(written_by_ffmpeg("png"), 0, "PNG");
    expect_colors(written_by_ffmpeg("png", "-pix_fmt rgb48be"), 0, "PNG of 16 bits");
    expect_colors(written_by_ffmpeg("png", "-pix_fmt rgba"), 0, "PNG with opacity");
    expect_colors(written_by_ffmpeg("bmp"), 0, "BMP");
    expect_colors(written_by_ffmpeg("bmp", "-pix_fmt bgra"), 0, "BMP of 32 bits");
    expect_colors(written_by_ffmpeg("jpg", "-q:v 2"), 12, "JPEG");
    expect_colors(written_by_ffmpeg("jpg", "-q:v 2 -pix_fmt yuvj444p"), 12, "JPEG without subsampling");
    expect_colors(written_by_ffmpeg("webp", "-lossless 1"), 0, "WebP without loss");
    expect_colors(written_by_ffmpeg("webp", "-quality 95"), 12, "WebP");
}

TEST(Image, ReadsPicturesWithoutColors) {
    for (const char* format : {"gray", "gray16be", "monob"}) {
        const auto image = decode_image(written_by_ffmpeg("png", std::string("-pix_fmt ") + format));

        ASSERT_TRUE(image) << format;
        const GrayImage gray = to_gray(*image);
        EXPECT_EQ(gray.pixels[8 * 48 + 48 * 16 + 8], 255) << format;
        EXPECT_EQ(gray.pixels[8 * 48 + 48 * 16 + 40], 0) << format;
    }
}

TEST(Image, RefusesWhatIsNoPictureOrDamaged) {
    EXPECT_EQ(decode_image({}).error().code, ErrorCode::unsupported);
    EXPECT_THAT(decode_image(to_bytes("GIF89a")).error().to_string(), HasSubstr("no PNG, JPEG, WebP or BMP"));
    EXPECT_EQ(decode_image(to_bytes("BM")).error().code, ErrorCode::corrupt);
    Bytes png = written_by_ffmpeg("png");
    EXPECT_EQ(decode_image(std::span(png).first(40)).error().code, ErrorCode::corrupt);
    png.resize(max_image_bytes + 1);
    EXPECT_EQ(decode_image(png).error().code, ErrorCode::limit_exceeded);
}

TEST(Image, RefusesAPictureOfTooManyPixelsBeforeItIsDecoded) {
    Bytes bmp = written_by_ffmpeg("bmp");
    for (const std::size_t at : {18U, 22U}) {  // 30000 x 30000
        bmp[at] = std::byte{0x30};
        bmp[at + 1] = std::byte{0x75};
    }
    EXPECT_THAT(decode_image(bmp).error().to_string(), HasSubstr("more than 50 million pixels"));
}

TEST(Image, IsGrayByItsLumaBeforeBlack) {
    const Image image{.width = 4,
                      .height = 1,
                      .rgba = {255, 255, 255, 255, 255, 0, 0, 255, 0, 255, 0, 255, 255, 255, 255, 128}};

    EXPECT_EQ(to_gray(image).pixels, (std::vector<std::uint8_t>{255, 54, 182, 128}));
}

}  // namespace

}  // namespace dubplate::test
