#include "core/params.h"
#include "core/text.h"

#include <fmt/format.h>

namespace dubplate {

namespace {

// Digits with at most one point: neither signs nor exponents, which no time is written with.
bool is_plain(std::string_view text) {
    int points = 0;
    for (const char c : text) {
        if (c == '.') ++points;
        if (c != '.' && (c < '0' || c > '9')) return false;
    }
    return points <= 1 && text != "." && !text.empty();
}

std::optional<double> parse_plain(std::string_view text) {
    if (!is_plain(text)) return std::nullopt;
    return parse_number(text);
}

// "1:02:03.5": hours may be many; minutes and seconds behind a colon stay under 60.
std::optional<double> parse_clock(std::string_view text) {
    const auto fields = split(text, ':');
    if (fields.size() > 3) return std::nullopt;
    double seconds = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const bool is_last = i + 1 == fields.size();
        const auto value = parse_plain(fields[i]);
        const bool is_whole = fields[i].find('.') == std::string_view::npos;
        if (!value || (!is_last && !is_whole) || (i > 0 && *value >= 60)) return std::nullopt;
        seconds = seconds * 60 + *value;
    }
    return seconds;
}

std::optional<double> parse_seconds(std::string_view text) {
    if (text.ends_with("ms")) {
        const auto milliseconds = parse_plain(trim(text.substr(0, text.size() - 2)));
        return milliseconds ? std::optional(*milliseconds / 1000.0) : std::nullopt;
    }
    if (text.ends_with("s")) return parse_plain(trim(text.substr(0, text.size() - 1)));
    return parse_clock(text);
}

}  // namespace

Result<double> parse_time(std::string_view text) {
    if (const auto seconds = parse_seconds(trim(text))) return *seconds;
    return fail(ErrorCode::invalid_argument, fmt::format("'{}' is not a time", escape_control(text)),
                "write it as 1:30.5 (minutes and seconds), 90.5s or 500ms");
}

}  // namespace dubplate
