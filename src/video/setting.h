// setting.h: short ways to describe the settings of synths and effects.
//
// Shape    each gives a Param (core/params.h); the default stands in the settings' struct.
// Threads  plain functions.
#pragma once

#include <string>

#include "core/params.h"
#include "video/color.h"

// The member of a settings struct, as ParamTable::add() wants it.
#define DUBPLATE_SETTING(access) \
    [](auto& s) -> auto& {       \
        return s.access;         \
    }

namespace dubplate {

inline Param number_setting(std::string path, double minimum, double maximum, std::string unit,
                            std::string help) {
    return {.path = std::move(path),
            .type = ParamType::number,
            .unit = std::move(unit),
            .minimum = minimum,
            .maximum = maximum,
            .help = std::move(help)};
}

inline Param whole_setting(std::string path, double minimum, double maximum, std::string help) {
    return {.path = std::move(path),
            .type = ParamType::integer,
            .minimum = minimum,
            .maximum = maximum,
            .help = std::move(help)};
}

inline Param text_setting(std::string path, std::string help) {
    return {.path = std::move(path), .type = ParamType::text, .help = std::move(help)};
}

// Errors: as parse_color(), with the path in front.
inline Status check_color(const std::string& path, const std::string& text) {
    const auto color = parse_color(text);
    if (!color) return fail(color.error().code, path + ": " + color.error().message, color.error().hint);
    return {};
}

// What check_color() has let through.
inline Color color_of(const std::string& text) {
    return parse_color(text).value_or(white);
}

}  // namespace dubplate
