#include "core/result.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ranges>
#include <system_error>

namespace dubplate {

namespace {

constexpr std::array<ErrorCodeInfo, 10> codes{{
    {ErrorCode::invalid_argument, "invalid_argument", 400, 2},
    {ErrorCode::not_found, "not_found", 404, 3},
    {ErrorCode::already_exists, "already_exists", 409, 4},
    {ErrorCode::io, "io", 500, 5},
    {ErrorCode::corrupt, "corrupt", 422, 6},
    {ErrorCode::unsupported, "unsupported", 422, 7},
    {ErrorCode::limit_exceeded, "limit_exceeded", 413, 8},
    {ErrorCode::canceled, "canceled", 409, 9},
    {ErrorCode::unavailable, "unavailable", 503, 10},
    {ErrorCode::internal, "internal", 500, 11},
}};

std::string message_with_context(const Error& error) {
    std::string text;
    for (auto place = error.context.rbegin(); place != error.context.rend(); ++place) text += *place + ": ";
    return text + error.message;
}

ErrorCode code_of(int error_number) {
    switch (error_number) {
        case ENOENT:
        case ENOTDIR:
            return ErrorCode::not_found;
        case EEXIST:
            return ErrorCode::already_exists;
        case ENAMETOOLONG:
        case EINVAL:
            return ErrorCode::invalid_argument;
        default:
            return ErrorCode::io;
    }
}

std::string hint_of(int error_number) {
    switch (error_number) {
        case ENOSPC:
        case EDQUOT:
            return "free some space, or choose another folder with --output";
        case EACCES:
        case EPERM:
            return "check the permissions";
        case EROFS:
            return "choose a folder that can be written, with --output";
        case EFBIG:
            return "choose a folder on a file system that holds larger files, or a smaller format";
        case EMFILE:
        case ENFILE:
            return "use fewer --jobs, or raise the limit of open files";
        case ENAMETOOLONG:
            return "choose a shorter name with --name";
        default:
            return {};
    }
}

}  // namespace

const ErrorCodeInfo& info(ErrorCode code) {
    const auto index = static_cast<std::size_t>(code);
    DUBPLATE_ASSERT(index < codes.size() && codes[index].code == code);
    return codes[index];
}

std::string Error::to_string() const {
    std::string text = message_with_context(*this);
    if (!hint.empty()) text += "; " + hint;
    return text;
}

Error Error::in_context(std::string place) && {
    context.push_back(std::move(place));
    return std::move(*this);
}

void to_json(nlohmann::json& json, const Error& error) {
    json = {{"code", info(error.code).name}, {"message", message_with_context(error)}, {"hint", error.hint}};
}

Error system_error(int error_number, std::string_view what) {
    return fail(code_of(error_number),
                std::string(what) + ": " + std::generic_category().message(error_number),
                hint_of(error_number));
}

void assertion_failed(const char* expression, const char* file, int line) {
    std::fprintf(stderr, "dubplate: %s:%d: this must hold and does not: %s\n", file, line, expression);
    std::abort();
}

}  // namespace dubplate
