// image.h: pictures of any common kind as pixels.
//
// What     decode_image() reads PNG, JPEG, WebP and BMP, told apart by their first bytes; the first picture where there are several.
// Shape    rows from the top, pixels from the left; four bytes for each: red, green, blue, opacity (not multiplied in).
// Limits   64 MiB of file, 50 million pixels.
// Safety   pictures may be hostile: no other decoder is ever asked, and the limits hold before anything is decoded.
// Threads  pure functions.
// Errors   unsupported: none of these kinds; corrupt; limit_exceeded; unavailable: libav is not installed.
// Source   libavcodec and libswscale 5.1; luma: ITU-R BT.709, section 3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/result.h"

namespace dubplate {

inline constexpr std::size_t max_image_bytes = std::size_t{64} << 20;
inline constexpr std::int64_t max_image_pixels = 50'000'000;

struct Image {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgba{};  // 4 * width * height
};

// One byte for each pixel: 0 is black.
struct GrayImage {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> pixels{};  // width * height
    bool operator==(const GrayImage&) const = default;
};

Result<Image> decode_image(std::span<const std::byte> bytes);
// Its luma, before black where it is transparent.
GrayImage to_gray(const Image& image);

}  // namespace dubplate
