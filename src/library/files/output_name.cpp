#include "library/files/output_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "core/text.h"
#include "organize/file_name.h"

namespace dubplate {

namespace {

constexpr std::string_view letters_and_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

bool consists_of(std::string_view text, const std::string& allowed) {
    return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

Status check_job_id(std::string_view job_id) {
    constexpr std::size_t longest = 64;
    if (consists_of(job_id, std::string(letters_and_digits) + "_-") && job_id.size() <= longest &&
        job_id.front() != '-')
        return {};
    return fail(ErrorCode::invalid_argument, fmt::format("\"{}\" is no job's id", escape_control(job_id)),
                "it has 64 letters, digits, _ and - at most, and begins with none of the last");
}

Status check_relative_path(std::string_view path) {
    constexpr std::size_t longest = 1024;
    const auto parts = split(path, '/');
    const bool fine = path.size() <= longest && std::ranges::all_of(parts, [](std::string_view part) {
                          return !part.empty() && !part.starts_with('.') && safe_name(part) == part;
                      });
    if (fine) return {};
    return fail(ErrorCode::invalid_argument,
                fmt::format("\"{}\" is no path below the folder of the outputs", escape_control(path)),
                "write it as archive/take.wav");
}

Result<std::string> output_name(std::string_view job_id, std::string_view extension,
                                std::int64_t milliseconds) {
    DUBPLATE_CHECK(check_job_id(job_id));
    constexpr std::size_t longest_extension = 8;
    const std::string lower = to_lower_ascii(extension);
    if (!consists_of(lower, std::string(letters_and_digits)) || lower.size() > longest_extension)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("\"{}\" is no extension", escape_control(extension)),
                    "it has 8 letters and digits at most");
    const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(milliseconds))));
    return fmt::format("{:04}/{:02}/{:02}/{}.{}", static_cast<int>(day.year()),
                       static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()), job_id, lower);
}

}  // namespace dubplate
