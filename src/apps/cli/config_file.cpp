#include "apps/cli/config_file.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <sstream>

#include "core/json.h"
#include "core/store.h"

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

}  // namespace dubplate::cli
