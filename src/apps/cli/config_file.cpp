#include "apps/cli/config_file.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <sstream>

#include "core/json.h"
#include "core/store.h"
#include "tags/metadata.h"

namespace dubplate::cli {

namespace {

constexpr std::uint64_t config_limit_bytes = 1 << 20;

Result<std::string> read_text(const std::string& path) {
    FileStore store;
    DUBPLATE_TRY(const auto source, store.open(path));
    DUBPLATE_TRY(const Bytes bytes, read_all(*source, config_limit_bytes));
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

}  // namespace

Result<Json> read_toml(const std::string& path) {
    DUBPLATE_TRY(const std::string text, read_text(path));
    try {
        std::ostringstream json;
        json << toml::json_formatter{toml::parse(text, path)};
        auto parsed = parse_json(json.str());
        if (!parsed) return std::move(parsed).error().in_context(path);
        return parsed;
    } catch (const toml::parse_error& error) {
        return fail(ErrorCode::corrupt,
                    fmt::format("{}: line {}, column {}: {}", path, error.source().begin.line,
                                error.source().begin.column, error.description()));
    }
}

Result<Json> read_json(const std::string& path) {
    DUBPLATE_TRY(const std::string text, read_text(path));
    auto json = parse_json(text);
    if (json) return json;
    Error error = std::move(json).error().in_context(path);
    if (error.code == ErrorCode::invalid_argument)
        error.code = ErrorCode::corrupt;  // the file is at fault, not the request
    return error;
}

Result<Json> read_tags_file(const std::string& path) {
    DUBPLATE_TRY(const Json tags, read_json(path));
    const Result<Metadata> metadata = metadata_from_json(tags);
    if (!metadata) return Error(metadata.error()).in_context(path);
    Json json = Json::object();
    for (const auto& [name, value] : fields(*metadata)) json["tags"][name] = value;
    return json;
}

void overlay(Json& base, const Json& over) {
    for (const auto& [key, value] : over.items()) {
        if (value.is_object() && base.contains(key) && base[key].is_object()) {
            overlay(base[key], value);
        } else {
            base[key] = value;
        }
    }
}

}  // namespace dubplate::cli
