#include "library/preferences.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "core/json.h"
#include "core/text.h"

namespace dubplate {

namespace {

constexpr std::string_view prefix = "sp404_";

constexpr std::array<std::string_view, 2> formats{"wav", "aiff"};
constexpr std::array<std::string_view, 5> organizations{"flat", "genre", "bpm", "key", "kit"};
constexpr std::array<std::string_view, 2> switches{"true", "false"};

struct Preference {
    std::string_view name;
    std::span<const std::string_view> values;  // empty: any
    Json (*get)(const Sp404Preferences& preferences);
    // The value is one of `values`, or empty: the default.
    void (*set)(Sp404Preferences& preferences, const std::string& value);
};

const Sp404Preferences defaults;

constexpr std::array<Preference, 5> table{{
    {"sp404_export_format", formats, [](const Sp404Preferences& p) { return Json(p.export_format); },
     [](Sp404Preferences& p, const std::string& value) {
         p.export_format = value.empty() ? defaults.export_format : value;
     }},
    {"sp404_default_organization", organizations,
     [](const Sp404Preferences& p) { return Json(p.default_organization); },
     [](Sp404Preferences& p, const std::string& value) {
         p.default_organization = value.empty() ? defaults.default_organization : value;
     }},
    {"sp404_sanitize_filenames", switches,
     [](const Sp404Preferences& p) { return Json(p.sanitize_filenames); },
     [](Sp404Preferences& p, const std::string& value) { p.sanitize_filenames = value != "false"; }},
    {"sp404_include_metadata", switches, [](const Sp404Preferences& p) { return Json(p.include_metadata); },
     [](Sp404Preferences& p, const std::string& value) { p.include_metadata = value != "false"; }},
    {"sp404_export_base_path",
     {},
     [](const Sp404Preferences& p) { return p.export_base_path ? Json(*p.export_base_path) : Json(nullptr); },
     [](Sp404Preferences& p, const std::string& value) {
         p.export_base_path = value.empty() ? std::nullopt : std::optional(value);
     }},
}};

Result<const Preference*> find_preference(std::string_view name) {
    std::vector<std::string> names;
    for (const Preference& each : table) {
        if (name == each.name || name == each.name.substr(prefix.size())) return &each;
        names.emplace_back(each.name);
        names.emplace_back(each.name.substr(prefix.size()));
    }
    const auto nearest = nearest_name(name, names);
    std::vector<std::string_view> all;
    for (const Preference& each : table) all.push_back(each.name);
    return fail(ErrorCode::invalid_argument, fmt::format("\"{}\" is no preference", escape_control(name)),
                nearest ? fmt::format("did you mean {}?", *nearest)
                        : fmt::format("there are {}", fmt::join(all, ", ")));
}

}  // namespace

std::vector<std::pair<std::string, nlohmann::json>> preference_values(const Sp404Preferences& preferences) {
    std::vector<std::pair<std::string, nlohmann::json>> values;
    for (const Preference& each : table) values.emplace_back(each.name, each.get(preferences));
    return values;
}

Status set_preference(Sp404Preferences& preferences, std::string_view assignment) {
    const std::size_t equals = assignment.find('=');
    DUBPLATE_TRY(const Preference* preference, find_preference(assignment.substr(0, equals)));
    if (equals == std::string_view::npos)
        return fail(ErrorCode::invalid_argument, fmt::format("{}: no value is given", preference->name),
                    "write NAME=VALUE");
    const std::string value(assignment.substr(equals + 1));
    const bool is_possible = preference->values.empty()
                                 ? is_valid_utf8(value)
                                 : std::ranges::find(preference->values, value) != preference->values.end();
    if (!value.empty() && !is_possible)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{} cannot be \"{}\"", preference->name, escape_control(value)),
                    preference->values.empty()
                        ? "write it in UTF-8"
                        : fmt::format("it is one of {}", fmt::join(preference->values, ", ")));
    preference->set(preferences, value);
    return {};
}

}  // namespace dubplate
