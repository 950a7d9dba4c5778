// color_map.h: a level as a color, from dark to light.
//
// What     dark indigo, purple, red, orange, pale yellow: the lightness grows evenly, so that it reads the same for people with
//          any kind of color vision and in gray.
// Range    0 to 1; what lies beyond is drawn as the end.
// Threads  a pure function.
#pragma once

#include <array>
#include <cstdint>

namespace dubplate {

std::array<std::uint8_t, 3> heat_color(double level);

}  // namespace dubplate
