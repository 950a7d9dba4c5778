#include "core/text.h"
#include "tags/fields.h"
#include "tags/metadata.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace dubplate {

namespace {

Error wrong_type(std::string_view name, std::string_view wanted, const nlohmann::json& value) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("{}: is {}, not {}", name, value.type_name(), wanted));
}

// Numbers may be written as such where the field is one: 93.5, 2026, 3.
Result<std::string> value_text(std::string_view name, const nlohmann::json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_null()) return std::string();
    const auto field = find_field(name);
    const bool numeric = field && (*field == TagField::bpm || *field == TagField::date ||
                                   *field == TagField::track || *field == TagField::disc);
    if (numeric && value.is_number_integer()) return fmt::format("{}", value.get<std::int64_t>());
    if (numeric && value.is_number()) return format_number(value.get<double>());
    return wrong_type(name, numeric ? "a text or a number" : "a text", value);
}

Status read_custom(Metadata& metadata, const nlohmann::json& custom) {
    if (!custom.is_object()) return wrong_type("custom", "an object", custom);
    for (const auto& [key, value] : custom.items()) {
        if (find_field(key)) {
            return fail(ErrorCode::invalid_argument,
                        fmt::format("custom: {} is the name of a field", shown(key)),
                        "write it beside \"custom\", not into it");
        }
        DUBPLATE_TRY(const auto text, value_text(key, value));
        DUBPLATE_CHECK(set_field(metadata, key, text));
    }
    return {};
}

}  // namespace

void to_json(nlohmann::json& json, const Metadata& metadata) {
    json = nlohmann::json::object();
    nlohmann::json custom = nlohmann::json::object();
    for (auto& [name, value] : fields(metadata)) {
        if (name == "bpm") {
            json[name] = *metadata.bpm;
        } else if (metadata.custom.contains(name)) {
            custom[name] = value;
        } else {
            json[name] = value;
        }
    }
    if (!custom.empty()) json["custom"] = std::move(custom);
    if (metadata.cover) {
        json["cover"] = {{"mime", metadata.cover->mime}, {"bytes", metadata.cover->data.size()}};
    }
}

Result<Metadata> metadata_from_json(const nlohmann::json& json) {
    if (!json.is_object()) return wrong_type("tags", "an object", json);
    Metadata metadata;
    for (const auto& [key, value] : json.items()) {
        if (key == "cover") continue;
        if (key == "custom") {
            DUBPLATE_CHECK(read_custom(metadata, value));
            continue;
        }
        if (!find_field(key)) {
            return fail(ErrorCode::invalid_argument, fmt::format("{} is not a field", shown(key)),
                        "put tags of your own into \"custom\"");
        }
        DUBPLATE_TRY(const auto text, value_text(key, value));
        DUBPLATE_CHECK(set_field(metadata, key, text));
    }
    return metadata;
}

}  // namespace dubplate
