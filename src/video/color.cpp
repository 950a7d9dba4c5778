#include "video/color.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/text.h"

namespace dubplate {

namespace {

std::optional<int> hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    if (lower >= 'a' && lower <= 'f') return lower - 'a' + 10;
    return std::nullopt;
}

std::optional<Color> parse_hex(std::string_view digits) {
    if (digits.size() != 3 && digits.size() != 6) return std::nullopt;
    const std::size_t each = digits.size() / 3;
    std::array<double, 3> values{};
    for (std::size_t i = 0; i < 3; ++i) {
        int value = 0;
        for (std::size_t j = 0; j < 2; ++j) {
            const auto digit = hex_digit(digits[i * each + std::min(j, each - 1)]);
            if (!digit) return std::nullopt;
            value = value * 16 + *digit;
        }
        values[i] = to_linear(value / 255.0);
    }
    return Color{values[0], values[1], values[2]};
}

// The three numbers of "name(1, 2%, 3)".
std::optional<std::array<double, 3>> parse_numbers(std::string_view text, std::string_view name) {
    if (!text.starts_with(name) || !text.ends_with(")")) return std::nullopt;
    const auto parts = split(text.substr(name.size(), text.size() - name.size() - 1), ',');
    if (parts.size() != 3) return std::nullopt;
    std::array<double, 3> values{};
    for (std::size_t i = 0; i < 3; ++i) {
        std::string_view part = trim(parts[i]);
        if (part.ends_with("%")) part.remove_suffix(1);
        const auto number = parse_number(part);
        if (!number) return std::nullopt;
        values[i] = *number;
    }
    return values;
}

}  // namespace

double to_linear(double encoded) {
    return encoded <= 0.04045 ? encoded / 12.92 : std::pow((encoded + 0.055) / 1.055, 2.4);
}

double to_srgb(double linear) {
    return linear <= 0.0031308 ? linear * 12.92 : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
}

Color color_from_hsl(double hue_degrees, double saturation, double lightness) {
    const double s = std::clamp(saturation / 100, 0.0, 1.0);
    const double l = std::clamp(lightness / 100, 0.0, 1.0);
    const auto channel = [&](double n) {
        const double turned = n + hue_degrees / 30;
        const double k = turned - 12 * std::floor(turned / 12);
        const double a = s * std::min(l, 1 - l);
        return to_linear(l - a * std::max(-1.0, std::min({k - 3, 9 - k, 1.0})));
    };
    return {channel(0), channel(8), channel(4)};
}

Result<Color> parse_color(std::string_view text) {
    const std::string lower = to_lower_ascii(trim(text));
    std::optional<Color> color;
    if (lower.starts_with("#")) color = parse_hex(std::string_view(lower).substr(1));
    if (const auto hsl = parse_numbers(lower, "hsl("))
        color = color_from_hsl((*hsl)[0], (*hsl)[1], (*hsl)[2]);
    if (const auto rgb = parse_numbers(lower, "rgb(")) {
        const auto value = [&](std::size_t i) { return to_linear(std::clamp((*rgb)[i] / 255, 0.0, 1.0)); };
        color = Color{value(0), value(1), value(2)};
    }
    if (color) return *color;
    return fail(ErrorCode::invalid_argument, fmt::format("{} is not a color", escape_control(text)),
                "write it as #ff8800 or hsl(30, 100%, 50%)");
}

std::string format_color(const Color& color) {
    const auto byte = [](double linear) {
        return static_cast<int>(std::lround(255 * std::clamp(to_srgb(linear), 0.0, 1.0)));
    };
    return fmt::format("#{:02x}{:02x}{:02x}", byte(color.red), byte(color.green), byte(color.blue));
}

Hsl hsl_of(const Color& color) {
    const double r = std::clamp(to_srgb(color.red), 0.0, 1.0);
    const double g = std::clamp(to_srgb(color.green), 0.0, 1.0);
    const double b = std::clamp(to_srgb(color.blue), 0.0, 1.0);
    const double high = std::max({r, g, b});
    const double low = std::min({r, g, b});
    const double range = high - low;
    const double lightness = (high + low) / 2;
    if (range <= 0) return {0, 0, 100 * lightness};
    const double saturation = range / (1 - std::abs(2 * lightness - 1));
    const double sixth = high == r   ? (g - b) / range + (g < b ? 6 : 0)
                         : high == g ? (b - r) / range + 2
                                     : (r - g) / range + 4;
    return {60 * sixth, 100 * std::min(saturation, 1.0), 100 * lightness};
}

Color blend_of(const Color& from, const Color& to, double share) {
    return from * (1 - share) + to * share;
}

}  // namespace dubplate
