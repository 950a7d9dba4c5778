// likeness.h: how much two pictures are alike.
//
// Shape    planes of bytes without gaps, of the same size.
// Units    dB of the peak 255 over the noise, infinite where nothing differs; SSIM from -1 to 1.
// Source   SSIM: Wang et al., "Image Quality Assessment", IEEE Transactions on Image Processing 13 (2004), with means over squares
//          of 8 x 8 at every fourth pixel.
// Threads  plain functions.
// Errors   none.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>

namespace dubplate::test {

inline double psnr_db(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
    double squares = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double difference = double{1} * a[i] - b[i];
        squares += difference * difference;
    }
    return 10 * std::log10(255.0 * 255.0 * static_cast<double>(a.size()) / squares);
}

inline double ssim_of_square(const std::uint8_t* a, const std::uint8_t* b, int stride) {
    constexpr int side = 8;
    constexpr double count = side * side;
    double sum_a = 0;
    double sum_b = 0;
    double sum_aa = 0;
    double sum_bb = 0;
    double sum_ab = 0;
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
            const double one = a[y * stride + x];
            const double other = b[y * stride + x];
            sum_a += one;
            sum_b += other;
            sum_aa += one * one;
            sum_bb += other * other;
            sum_ab += one * other;
        }
    const double mean_a = sum_a / count;
    const double mean_b = sum_b / count;
    const double spread = sum_aa / count - mean_a * mean_a + sum_bb / count - mean_b * mean_b;
    const double common = sum_ab / count - mean_a * mean_b;
    constexpr double c1 = 0.01 * 0.01 * 255 * 255;
    constexpr double c2 = 0.03 * 0.03 * 255 * 255;
    return (2 * mean_a * mean_b + c1) * (2 * common + c2) /
           ((mean_a * mean_a + mean_b * mean_b + c1) * (spread + c2));
}

inline double ssim(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b, int width) {
    const int height = static_cast<int>(a.size()) / width;
    double sum = 0;
    int squares = 0;
    for (int y = 0; y + 8 <= height; y += 4)
        for (int x = 0; x + 8 <= width; x += 4, ++squares) {
            const std::ptrdiff_t first = std::ptrdiff_t{width} * y + x;
            sum += ssim_of_square(a.data() + first, b.data() + first, width);
        }
    return sum / squares;
}

}  // namespace dubplate::test
