#include "library/query_values.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>
#include <span>

#include "core/params.h"
#include "core/text.h"

namespace dubplate {

namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::year_month_day;
using std::chrono::years;

struct Span {  // from `begin` up to, and without, `end`
    double begin = 0;
    double end = 0;
};

Error no_value(std::string_view text, std::string_view what, std::string hint = {}) {
    return fail(ErrorCode::invalid_argument, fmt::format("\"{}\" is no {}", escape_control(text), what),
                std::move(hint));
}

struct Unit {
    std::string_view name;  // lower case
    double factor;
};
constexpr std::array<Unit, 10> units_of_bytes{{{"kib", 1024.0},
                                               {"mib", 1024.0 * 1024},
                                               {"gib", 1024.0 * 1024 * 1024},
                                               {"kb", 1e3},
                                               {"mb", 1e6},
                                               {"gb", 1e9},
                                               {"k", 1e3},
                                               {"m", 1e6},
                                               {"g", 1e9},
                                               {"b", 1}}};
constexpr std::array<Unit, 3> units_of_hertz{{{"khz", 1e3}, {"hz", 1}, {"k", 1e3}}};

// Takes the unit off the end of a number; 1 where it has none.
double take_unit(std::span<const Unit> units, std::string_view& text) {
    for (const auto& [name, factor] : units) {
        if (text.size() <= name.size()) continue;
        const std::string_view number = text.substr(0, text.size() - name.size());
        if (to_lower_ascii(text.substr(number.size())) != name) continue;
        text = trim(number);
        return factor;
    }
    return 1;
}

Result<Span> parse_number_span(std::string_view text) {
    const auto number = parse_number(text);
    if (!number) return no_value(text, "number");
    const std::size_t point = text.find('.');
    if (text.find_first_of("eE") != std::string_view::npos)
        return Span{*number, std::nextafter(*number, INFINITY)};
    const auto digits = point == std::string_view::npos ? 0.0 : static_cast<double>(text.size() - point - 1);
    const double half = 0.5 * std::pow(10.0, -digits);
    return Span{*number - half, *number + half};
}

// "1MB" means 0.5 to 1.5 MB, "44.1k" means 44050 to 44150.
Result<Span> parse_unit_span(std::span<const Unit> units, std::string_view text, std::string_view hint) {
    std::string_view bare = text;
    const double factor = take_unit(units, bare);
    const Result<Span> span = parse_number_span(bare);
    if (!span) return no_value(text, "number", std::string(hint));
    return Span{span->begin * factor, span->end * factor};
}

// "1:30" means 1:29.5 to 1:30.5, "90.25" means 90.245 to 90.255.
Result<Span> parse_seconds_span(std::string_view text) {
    const auto seconds = parse_time(text);
    if (!seconds) return no_value(text, "time", "write it as 90, 1:30 or 90.5");
    const std::size_t point = text.find('.');
    const auto digits = point == std::string_view::npos ? 0.0 : static_cast<double>(text.size() - point - 1);
    const double half = 0.5 * std::pow(10.0, -digits);
    return Span{*seconds - half, *seconds + half};
}

double to_milliseconds(sys_days day) {
    return static_cast<double>(std::chrono::duration_cast<milliseconds>(day.time_since_epoch()).count());
}

// "-7d": that moment, seen from now.
std::optional<Span> parse_ago(std::string_view text, std::int64_t now) {
    if (text.size() < 3 || text.front() != '-') return std::nullopt;
    const auto count = parse_integer(text.substr(1, text.size() - 2));
    constexpr std::int64_t most = 100'000;
    if (!count || *count < 0 || *count > most) return std::nullopt;
    std::int64_t unit_days = 0;
    switch (text.back()) {
        case 'd':
            unit_days = 1;
            break;
        case 'w':
            unit_days = 7;
            break;
        case 'm':
            unit_days = 30;
            break;
        case 'y':
            unit_days = 365;
            break;
        default:
            return std::nullopt;
    }
    constexpr std::int64_t day_ms = 86'400'000;
    const auto at = static_cast<double>(now - *count * unit_days * day_ms);
    return Span{at, at + 1};
}

// "2026", "2026-11", "2026-11-21": all of that year, month or day.
Result<Span> parse_time_span(std::string_view text, std::int64_t now) {
    if (const auto ago = parse_ago(text, now)) return *ago;
    const auto parts = split(text, '-');
    const Error error =
        no_value(text, "date", "write it as 2026, 2026-11, 2026-11-21, or -7d for seven days ago");
    if (parts.size() > 3 || parts[0].size() != 4) return error;
    int numbers[3] = {0, 1, 1};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto number = parse_integer(parts[i]);
        if (!number || *number < 1 || *number > 9999 || (i > 0 && parts[i].size() != 2)) return error;
        numbers[i] = static_cast<int>(*number);
    }
    const year_month_day date{std::chrono::year(numbers[0]),
                              std::chrono::month(static_cast<unsigned>(numbers[1])),
                              std::chrono::day(static_cast<unsigned>(numbers[2]))};
    if (!date.ok()) return error;
    const sys_days begin = date;
    const sys_days end = parts.size() == 1   ? sys_days(date + years(1))
                         : parts.size() == 2 ? sys_days(date + months(1))
                                             : begin + days(1);
    return Span{to_milliseconds(begin), to_milliseconds(end)};
}

Result<Span> parse_span(FieldKind kind, std::string_view text, std::int64_t now) {
    if (kind == FieldKind::time) return parse_time_span(text, now);
    if (kind == FieldKind::bytes)
        return parse_unit_span(units_of_bytes, text, "write it as 1000000, 1MB, 1.5GB or 1MiB");
    if (kind == FieldKind::hertz) return parse_unit_span(units_of_hertz, text, "write it as 44100 or 44.1k");
    return kind == FieldKind::seconds ? parse_seconds_span(text) : parse_number_span(text);
}

}  // namespace

Result<Range> parse_range(FieldKind kind, std::string_view text, std::int64_t now) {
    const std::size_t dots = text.find("..");
    if (dots == std::string_view::npos) {
        DUBPLATE_TRY(const Span span, parse_span(kind, text, now));
        return Range{span.begin, span.end, false};
    }
    const std::string_view first = text.substr(0, dots);
    const std::string_view last = text.substr(dots + 2);
    if (first.empty() && last.empty()) return no_value(text, "range", "write it as 90..110, 90.. or ..110");
    Range range;
    const bool whole = kind == FieldKind::time;  // up to the end of the last day, month or year
    if (!first.empty()) {
        DUBPLATE_TRY(const Span span, parse_span(kind, first, now));
        range.minimum = whole ? span.begin : (span.begin + span.end) / 2;
    }
    if (!last.empty()) {
        DUBPLATE_TRY(const Span span, parse_span(kind, last, now));
        range.maximum = whole ? span.end : (span.begin + span.end) / 2;
        range.maximum_included = !whole;
    }
    if (range.minimum && range.maximum && *range.minimum > *range.maximum)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("the range \"{}\" ends before it begins", escape_control(text)));
    return range;
}

}  // namespace dubplate
