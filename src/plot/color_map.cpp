#include "plot/color_map.h"

#include <algorithm>
#include <cmath>

namespace dubplate {

namespace {

struct Color {
    double red, green, blue;
};

constexpr std::array<Color, 7> stops{{{10, 8, 28},
                                      {48, 20, 96},
                                      {112, 30, 118},
                                      {176, 50, 100},
                                      {228, 92, 66},
                                      {250, 160, 66},
                                      {252, 244, 190}}};

std::uint8_t between(double a, double b, double share) {
    return static_cast<std::uint8_t>(std::lround(a + (b - a) * share));
}

}  // namespace

std::array<std::uint8_t, 3> heat_color(double level) {
    const double place = std::clamp(std::isfinite(level) ? level : 0.0, 0.0, 1.0) * (stops.size() - 1);
    const auto low = std::min(static_cast<std::size_t>(place), stops.size() - 2);
    const double share = place - static_cast<double>(low);
    const Color& a = stops[low];
    const Color& b = stops[low + 1];
    return {between(a.red, b.red, share), between(a.green, b.green, share), between(a.blue, b.blue, share)};
}

}  // namespace dubplate
