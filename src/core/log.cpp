#include "core/log.h"

#include "core/text.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <cstdlib>
#include <string>

namespace dubplate {

namespace {

struct LevelInfo {
    LogLevel level;
    std::string_view name;
    spdlog::level::level_enum spdlog_level;
};

constexpr std::array<LevelInfo, 5> levels{{
    {LogLevel::off, "off", spdlog::level::off},
    {LogLevel::error, "error", spdlog::level::err},
    {LogLevel::warning, "warning", spdlog::level::warn},
    {LogLevel::info, "info", spdlog::level::info},
    {LogLevel::debug, "debug", spdlog::level::debug},
}};

const LevelInfo& info_of(LogLevel level) {
    return levels[static_cast<std::size_t>(level)];
}

spdlog::level::level_enum level_of_environment() {
    const char* wanted = std::getenv("DUBPLATE_LOG");
    for (const LevelInfo& info : levels)
        if (wanted && to_lower_ascii(wanted) == info.name) return info.spdlog_level;
    return spdlog::level::warn;
}

spdlog::logger& logger() {
    static spdlog::logger the_logger = [] {
        spdlog::logger made("dubplate", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made.set_pattern("%n: %v");
        made.set_level(level_of_environment());
        return made;
    }();
    return the_logger;
}

}  // namespace

void set_log_level(LogLevel level) {
    logger().set_level(info_of(level).spdlog_level);
}

LogLevel log_level() {
    for (const LevelInfo& info : levels)
        if (info.spdlog_level == logger().level()) return info.level;
    return LogLevel::off;
}

bool is_logged(LogLevel level) {
    return level != LogLevel::off && logger().should_log(info_of(level).spdlog_level);
}

void log_line(LogLevel level, std::string_view message) {
    const LevelInfo& info = info_of(level);
    logger().log(info.spdlog_level, "{}: {}", info.name, escape_control(message));
}

}  // namespace dubplate
