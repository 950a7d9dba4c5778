#include "core/params.h"

#include "core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace dubplate {

namespace {

// Whole numbers above 2^53 are not exact in a double, nor in the JSON of most programs.
constexpr double largest_exact_integer = 9007199254740992.0;

std::string with_unit(const Param& param, double value) {
    return param.unit.empty() ? format_number(value) : format_number(value) + " " + param.unit;
}

std::string range_of(const Param& param) {
    const bool has_minimum = std::isfinite(param.minimum);
    const bool has_maximum = std::isfinite(param.maximum);
    if (has_minimum && has_maximum)
        return format_number(param.minimum) + " to " + with_unit(param, param.maximum);
    if (has_minimum) return with_unit(param, param.minimum) + " or more";
    if (has_maximum) return with_unit(param, param.maximum) + " or less";
    return {};
}

std::string join(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

// What one value of the parameter must be: "a whole number from 32 to 320 kbit/s".
std::string describe(const Param& param) {
    const std::string range = range_of(param);
    const std::string suffix = range.empty() ? "" : ", " + range;
    switch (param.type) {
        case ParamType::boolean:
            return "true or false";
        case ParamType::integer:
            return "a whole number" + suffix;
        case ParamType::number:
            return "a number" + suffix;
        case ParamType::text:
            return "text";
        case ParamType::time:
            return "a time such as 1:30.5, 90.5s or 500ms" + suffix;
        case ParamType::choice:
            return "one of " + join(param.choices);
        case ParamType::text_map:
            return "pairs of text, as KEY=VALUE";
    }
    return {};
}

Error not_a(const Param& param, std::string_view path, std::string_view seen) {
    std::string hint;
    if (param.type == ParamType::choice) {
        if (const auto meant = nearest_name(seen, param.choices))
            hint = fmt::format("did you mean {}?", *meant);
    }
    return fail(ErrorCode::invalid_argument, fmt::format("{}: {} is not {}", path, seen, describe(param)),
                hint);
}

// A value in a message: short, whatever somebody sent.
std::string show(const Json& value) {
    constexpr int columns = 60;
    const std::string text = value.is_string() ? value.get<std::string>()
                                               : value.dump(-1, ' ', false, Json::error_handler_t::replace);
    return "'" + truncate_to_width(text, columns) + "'";
}

Status check_number(const Param& param, std::string_view path, const Json& value) {
    if (!value.is_number()) return not_a(param, path, show(value));
    const auto number = value.get<double>();
    const bool is_integer = param.type == ParamType::integer;
    if (is_integer && (number != std::trunc(number) || std::abs(number) > largest_exact_integer))
        return not_a(param, path, show(value));
    if (!std::isfinite(number)) return not_a(param, path, "a number that is not finite");
    if (number < param.minimum || number > param.maximum) {
        const bool is_bounded = std::isfinite(param.minimum) && std::isfinite(param.maximum);
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{}: {} is {} {}", path, format_number(number),
                                is_bounded ? "outside" : "not", range_of(param)));
    }
    return {};
}

Status check_choice(const Param& param, std::string_view path, const Json& value) {
    if (!value.is_string()) return not_a(param, path, show(value));
    const auto& name = value.get_ref<const std::string&>();
    if (std::ranges::find(param.choices, name) == param.choices.end())
        return not_a(param, path, escape_control(name));
    return {};
}

Status check_text_map(const Param& param, std::string_view path, const Json& value) {
    if (!value.is_object()) return not_a(param, path, show(value));
    for (const auto& [key, text] : value.items())
        if (!text.is_string())
            return fail(ErrorCode::invalid_argument,
                        fmt::format("{}.{}: {} is not text", path, key, show(text)));
    return {};
}

Status check_item(const Param& param, std::string_view path, const Json& value) {
    switch (param.type) {
        case ParamType::boolean:
            return value.is_boolean() ? Status() : not_a(param, path, show(value));
        case ParamType::integer:
        case ParamType::number:
        case ParamType::time:
            return check_number(param, path, value);
        case ParamType::text:
            return value.is_string() ? Status() : not_a(param, path, show(value));
        case ParamType::choice:
            return check_choice(param, path, value);
        case ParamType::text_map:
            return check_text_map(param, path, value);
    }
    return {};
}

Result<Json> parse_boolean(const Param& param, std::string_view text) {
    const std::string word = to_lower_ascii(text);
    if (word == "true" || word == "yes" || word == "on" || word == "1") return Json(true);
    if (word == "false" || word == "no" || word == "off" || word == "0") return Json(false);
    return not_a(param, param.path, "'" + escape_control(text) + "'");
}

// "0" of "V0", and "-16" of "-16 LUFS", where V is the prefix and LUFS the unit.
std::string_view bare_number(const Param& param, std::string_view text) {
    const std::string& prefix = param.prefix;
    if (to_lower_ascii(text.substr(0, prefix.size())) == to_lower_ascii(prefix))
        text.remove_prefix(prefix.size());
    const std::string& unit = param.unit;
    if (unit.empty() || text.size() <= unit.size()) return text;
    const std::string_view end = text.substr(text.size() - unit.size());
    if (to_lower_ascii(end) != to_lower_ascii(unit)) return text;
    return trim(text.substr(0, text.size() - unit.size()));
}

Result<Json> parse_choice(const Param& param, std::string_view text) {
    const std::string wanted = to_lower_ascii(text);
    for (const std::string& choice : param.choices)
        if (to_lower_ascii(choice) == wanted) return Json(choice);
    return not_a(param, param.path, escape_control(text));
}

Result<Json> parse_pair(const Param& param, std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0)
        return not_a(param, param.path, "'" + escape_control(text) + "'");
    Json pair = Json::object();
    pair[std::string(trim(text.substr(0, equals)))] = std::string(text.substr(equals + 1));
    return pair;
}

Result<Json> parse_item(const Param& param, std::string_view text) {
    switch (param.type) {
        case ParamType::boolean:
            return parse_boolean(param, text);
        case ParamType::integer:
            if (const auto value = parse_integer(bare_number(param, text))) return Json(*value);
            return not_a(param, param.path, "'" + escape_control(text) + "'");
        case ParamType::number:
            if (const auto value = parse_number(bare_number(param, text))) return Json(*value);
            return not_a(param, param.path, "'" + escape_control(text) + "'");
        case ParamType::text:
            return Json(std::string(text));
        case ParamType::time: {
            const auto seconds = parse_time(text);
            if (seconds) return Json(*seconds);
            return not_a(param, param.path, "'" + escape_control(text) + "'");
        }
        case ParamType::choice:
            return parse_choice(param, text);
        case ParamType::text_map:
            return parse_pair(param, text);
    }
    return Json();
}

Result<Json> parse_list(const Param& param, std::string_view text) {
    Json list = Json::array();
    if (trim(text).empty()) return list;
    for (const std::string_view part : split(text, ',')) {
        const std::string_view item = trim(part);
        if (item.empty())
            return fail(ErrorCode::invalid_argument,
                        fmt::format("{}: '{}' has an empty item", param.path, escape_control(text)));
        DUBPLATE_TRY(Json value, parse_item(param, item));
        list.push_back(std::move(value));
    }
    return list;
}

// A key as a person may have meant it: the whole path, or its last word alone.
std::string hint_for_key(const std::vector<Param>& params, const std::string& path) {
    std::vector<std::string> paths;
    std::vector<std::string> words;
    for (const Param& param : params) {
        paths.push_back(param.path);
        words.push_back(param.path.substr(param.path.rfind('.') + 1));
    }
    if (const auto nearest = nearest_name(path, paths)) return fmt::format("did you mean \"{}\"?", *nearest);
    const std::string word = path.substr(path.rfind('.') + 1);
    const auto nearest = nearest_name(word, words);
    if (!nearest) return {};
    const auto index = std::ranges::find(words, *nearest) - words.begin();
    return fmt::format("did you mean \"{}\"?", paths[static_cast<std::size_t>(index)]);
}

bool is_level(const std::vector<Param>& params, const std::string& path) {
    return std::ranges::any_of(params,
                               [&](const Param& param) { return param.path.starts_with(path + "."); });
}

Status check_level(const std::vector<Param>& params, const Json& json, const std::string& level) {
    if (!json.is_object())
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("{}: {} is not an object", level.empty() ? "the document" : level, show(json)));
    for (const auto& [key, value] : json.items()) {
        const std::string path = level.empty() ? key : level + "." + key;
        // A dot within a key would spell a path that is read from elsewhere.
        const bool has_dot = key.find('.') != std::string::npos;
        if (!has_dot && std::ranges::find(params, path, &Param::path) != params.end()) continue;
        if (has_dot || !is_level(params, path))
            return fail(ErrorCode::invalid_argument, fmt::format("unknown key \"{}\"", escape_control(path)),
                        has_dot && std::ranges::find(params, path, &Param::path) != params.end()
                            ? "write it as nested objects"
                            : hint_for_key(params, path));
        // As deep as the known paths, not as the document.
        DUBPLATE_CHECK(check_level(params, value, path));
    }
    return {};
}

}  // namespace

Status check_value(const Param& param, const Json& value) {
    if (value.is_null()) {
        if (param.nullable) return {};
        return not_a(param, param.path, "null");
    }
    if (!param.list) return check_item(param, param.path, value);
    if (!value.is_array())
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{}: {} is not a list", param.path, show(value)));
    for (std::size_t i = 0; i < value.size(); ++i)
        DUBPLATE_CHECK(check_item(param, fmt::format("{}[{}]", param.path, i), value[i]));
    return {};
}

Result<Json> parse_value(const Param& param, std::string_view text) {
    if (param.nullable && param.type != ParamType::text && to_lower_ascii(trim(text)) == "auto")
        return Json(nullptr);
    const bool is_verbatim = param.type == ParamType::text || param.type == ParamType::text_map;
    DUBPLATE_TRY(Json value,
                 param.list ? parse_list(param, text) : parse_item(param, is_verbatim ? text : trim(text)));
    DUBPLATE_CHECK(check_value(param, value));
    return value;
}

void set_at_path(Json& json, std::string_view path, Json value) {
    Json* at = &json;
    for (const std::string_view key : split(path, '.')) at = &(*at)[std::string(key)];
    *at = std::move(value);
}

const Json* find_at_path(const Json& json, std::string_view path) {
    const Json* at = &json;
    for (const std::string_view key : split(path, '.')) {
        if (!at->is_object()) return nullptr;
        const auto found = at->find(std::string(key));
        if (found == at->end()) return nullptr;
        at = &*found;
    }
    return at;
}

Status check_known_keys(const std::vector<Param>& params, const Json& json) {
    return check_level(params, json, {});
}

}  // namespace dubplate
