// log.h: diagnostics for the person who runs the program, on standard error.
//
// Levels   error, warning, info, debug; what is shown starts at `warning`, or at the level that the
//          environment's DUBPLATE_LOG names (off, error, warning, info, debug).
// Use      failures are returned and never logged by the one who returns them; a cancellation is never
//          logged.
// Shape    one line: "dubplate: warning: ...". Control characters in it are escaped.
// Threads  thread-safe; lines never mix.
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace dubplate {

enum class LogLevel { off, error, warning, info, debug };

void set_log_level(LogLevel level);
LogLevel log_level();
bool is_logged(LogLevel level);
void log_line(LogLevel level, std::string_view message);

template <class... Args>
void log(LogLevel level, fmt::format_string<Args...> format, Args&&... args) {
    if (is_logged(level)) log_line(level, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void log_error(fmt::format_string<Args...> format, Args&&... args) {
    log(LogLevel::error, format, std::forward<Args>(args)...);
}
template <class... Args>
void log_warning(fmt::format_string<Args...> format, Args&&... args) {
    log(LogLevel::warning, format, std::forward<Args>(args)...);
}
template <class... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
    log(LogLevel::info, format, std::forward<Args>(args)...);
}
template <class... Args>
void log_debug(fmt::format_string<Args...> format, Args&&... args) {
    log(LogLevel::debug, format, std::forward<Args>(args)...);
}

}  // namespace dubplate
