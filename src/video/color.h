// color.h: colors as people write them, and as light.
//
// Text     "#rrggbb", "#rgb", "hsl(210, 80%, 50%)", "rgb(10, 20, 30)".
// Units    hue in degrees, any number of turns; saturation and lightness from 0 to 100; red, green and blue of Color in linear light,
//          0 to 1, more is allowed for what glows.
// Threads  plain functions.
// Errors   invalid_argument: not a color.
// Source   sRGB: IEC 61966-2-1. HSL: CSS Color Module Level 4, section 7.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace dubplate {

struct Color {
    double red = 0;
    double green = 0;
    double blue = 0;

    bool operator==(const Color&) const = default;
    Color operator+(const Color& other) const {
        return {red + other.red, green + other.green, blue + other.blue};
    }
    Color operator*(const Color& other) const {
        return {red * other.red, green * other.green, blue * other.blue};
    }
    Color operator*(double factor) const { return {red * factor, green * factor, blue * factor}; }
};

inline constexpr Color white{1, 1, 1};

// One value of sRGB, 0 to 1, as linear light, and back.
double to_linear(double encoded);
double to_srgb(double linear);

Color color_from_hsl(double hue_degrees, double saturation, double lightness);
Result<Color> parse_color(std::string_view text);
std::string format_color(const Color& color);  // "#rrggbb"

struct Hsl {
    double hue_degrees = 0;
    double saturation = 0;
    double lightness = 0;
};
Hsl hsl_of(const Color& color);
// From one color to the other, by linear light.
Color blend_of(const Color& from, const Color& to, double share);

}  // namespace dubplate
