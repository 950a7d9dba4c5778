#include "exports/video/contact_sheet.h"

#include <algorithm>
#include <cmath>

namespace dubplate {

namespace {

constexpr int across = 4;
constexpr int gap = 8;
constexpr int widest = 320;

std::uint8_t to_byte(double value) {
    return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
}

// BT.709 of limited range.
void to_rgb(double luma, double blue, double red, std::uint8_t* target) {
    const double light = (luma - 16) * 255 / 219;
    const double towards_blue = (blue - 128) * 255 / 224;
    const double towards_red = (red - 128) * 255 / 224;
    target[0] = to_byte(light + 1.5748 * towards_red);
    target[1] = to_byte(light - 0.1873 * towards_blue - 0.4681 * towards_red);
    target[2] = to_byte(light + 1.8556 * towards_blue);
}

// The mean of a rectangle; it holds one value at least.
double mean(const YuvPlane& plane, int x0, int x1, int y0, int y1) {
    double sum = 0;
    for (int y = y0; y < y1; ++y)
        for (int x = x0; x < x1; ++x) sum += plane.data[y * plane.stride + x];
    return sum / ((x1 - x0) * (y1 - y0));
}

}  // namespace

ContactSheet::ContactSheet(int width, int height, int pictures)
    : width_(width),
      height_(height),
      small_width_(std::min(width, widest)),
      small_height_(std::max(1, height * small_width_ / width)) {
    const int down = (pictures + across - 1) / across;
    image_.width = across * (small_width_ + gap) - gap;
    image_.height = down * (small_height_ + gap) - gap;
    image_.rgb.assign(3 * static_cast<std::size_t>(image_.width) * static_cast<std::size_t>(image_.height),
                      0x20);
}

void ContactSheet::add(const YuvPlanes& planes) {
    const int left = count_ % across * (small_width_ + gap);
    const int top = count_ / across * (small_height_ + gap);
    ++count_;
    for (int y = 0; y < small_height_; ++y) {
        const int y0 = y * height_ / small_height_;
        const int y1 = std::max(y0 + 1, (y + 1) * height_ / small_height_);
        for (int x = 0; x < small_width_; ++x) {
            const int x0 = x * width_ / small_width_;
            const int x1 = std::max(x0 + 1, (x + 1) * width_ / small_width_);
            const std::size_t at =
                static_cast<std::size_t>(top + y) * static_cast<std::size_t>(image_.width) +
                static_cast<std::size_t>(left + x);
            if (3 * at >= image_.rgb.size()) return;
            to_rgb(mean(planes.luma, x0, x1, y0, y1),
                   mean(planes.blue_difference, x0 / 2, x0 / 2 + 1, y0 / 2, y0 / 2 + 1),
                   mean(planes.red_difference, x0 / 2, x0 / 2 + 1, y0 / 2, y0 / 2 + 1),
                   image_.rgb.data() + 3 * at);
        }
    }
}

}  // namespace dubplate
