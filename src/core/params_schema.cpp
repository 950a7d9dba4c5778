#include "core/params.h"
#include "core/text.h"

#include <array>
#include <cmath>

namespace dubplate {

namespace {

std::string_view json_type_of(ParamType type) {
    switch (type) {
        case ParamType::boolean:
            return "boolean";
        case ParamType::integer:
            return "integer";
        case ParamType::number:
        case ParamType::time:
            return "number";
        case ParamType::text:
        case ParamType::choice:
            return "string";
        case ParamType::text_map:
            return "object";
    }
    return {};
}

// A bound that is a whole number is written as one.
Json bound(double value) {
    if (value == std::trunc(value) && std::abs(value) < 1e15) return static_cast<std::int64_t>(value);
    return value;
}

Json item_schema(const Param& param) {
    Json schema{{"type", json_type_of(param.type)}};
    if (std::isfinite(param.minimum)) schema["minimum"] = bound(param.minimum);
    if (std::isfinite(param.maximum)) schema["maximum"] = bound(param.maximum);
    if (param.type == ParamType::choice) schema["enum"] = param.choices;
    if (param.type == ParamType::text_map) schema["additionalProperties"] = Json{{"type", "string"}};
    return schema;
}

Json property_schema(const Param& param) {
    Json schema = param.list ? Json{{"type", "array"}, {"items", item_schema(param)}} : item_schema(param);
    if (param.nullable) {
        schema["type"] = Json::array({schema["type"], "null"});
        if (schema.contains("enum")) schema["enum"].push_back(nullptr);
    }
    schema["default"] = param.default_value;
    if (!param.help.empty()) schema["description"] = param.help;
    if (!param.unit.empty()) schema["x-unit"] = param.unit;
    if (!param.option.empty()) schema["x-option"] = param.option;
    return schema;
}

Json empty_object_schema() {
    return Json{{"type", "object"}, {"additionalProperties", false}, {"properties", Json::object()}};
}

}  // namespace

Json make_schema(const std::vector<Param>& params, std::string_view title) {
    Json schema = empty_object_schema();
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
    schema["title"] = title;
    for (const Param& param : params) {
        const auto keys = split(param.path, '.');
        Json* level = &schema;
        for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
            Json& next = (*level)["properties"][std::string(keys[i])];
            if (next.is_null()) next = empty_object_schema();
            level = &next;
        }
        (*level)["properties"][std::string(keys.back())] = property_schema(param);
    }
    return schema;
}

}  // namespace dubplate
