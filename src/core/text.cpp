#include "core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace dubplate {

namespace {

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// from_chars takes no "+", people do.
std::string_view without_plus(std::string_view text) {
    const bool has_plus = text.size() > 1 && text[0] == '+' && text[1] != '-';
    return has_plus ? text.substr(1) : text;
}

// Restricted Damerau-Levenshtein distance: three rows of the table are enough.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        std::swap(before_last, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

struct ByteUnit {
    std::string_view name;
    std::uint64_t bytes;
};
constexpr std::array<ByteUnit, 9> byte_units{{{"b", 1},
                                              {"kb", 1'000},
                                              {"mb", 1'000'000},
                                              {"gb", 1'000'000'000},
                                              {"tb", 1'000'000'000'000},
                                              {"kib", 1ULL << 10U},
                                              {"mib", 1ULL << 20U},
                                              {"gib", 1ULL << 30U},
                                              {"tib", 1ULL << 40U}}};

constexpr std::size_t longest_meant_name = 64;  // what is longer was not mistyped

}  // namespace

std::string to_lower_ascii(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), lower);
    return result;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::optional<double> parse_number(std::string_view text) {
    text = without_plus(text);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
    text = without_plus(text);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string format_number(double value) {
    std::array<char, 32> digits{};  // the longest is "-2.2250738585072014e-308", 24 characters
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    DUBPLATE_ASSERT(error == std::errc());
    return {digits.data(), end};
}

std::string format_duration(double seconds) {
    // 9e12 s would not fit the integers below, and no audio is so long.
    if (!std::isfinite(seconds) || std::abs(seconds) > 9e12) return "unknown";
    const std::int64_t all = std::llround(std::abs(seconds) * 1000.0);
    const std::string sign = seconds < 0 && all > 0 ? "-" : "";
    const std::int64_t milliseconds = all % 1000;
    const std::int64_t second = all / 1000 % 60;
    const std::int64_t minute = all / 60'000 % 60;
    const std::int64_t hour = all / 3'600'000;
    if (hour == 0) return fmt::format("{}{}:{:02}.{:03}", sign, minute, second, milliseconds);
    return fmt::format("{}{}:{:02}:{:02}.{:03}", sign, hour, minute, second, milliseconds);
}

std::string format_bytes(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 6> units{"kB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 1000) return fmt::format("{} B", bytes);
    double value = static_cast<double>(bytes) / 1000.0;
    std::size_t unit = 0;
    // 999.95 would be shown as 1000.0.
    while (value >= 999.95 && unit + 1 < units.size()) {
        value /= 1000.0;
        ++unit;
    }
    return fmt::format("{:.1f} {}", value, units[unit]);
}

Result<std::uint64_t> parse_bytes(std::string_view text) {
    const Error wrong = fail(
        ErrorCode::invalid_argument,
        fmt::format(
            "'{}' is not a size: a whole number above 0 and one of B, KB, MB, GB, TB, KiB, MiB, GiB, TiB",
            text),
        "write it as 512MB");
    const std::string_view trimmed = trim(text);
    std::uint64_t count = 0;
    const char* const end = trimmed.data() + trimmed.size();
    const auto [after, error] = std::from_chars(trimmed.data(), end, count);
    if (error != std::errc() || count == 0) return wrong;
    const std::string name = to_lower_ascii(trim({after, static_cast<std::size_t>(end - after)}));
    const auto unit = std::ranges::find(byte_units, name, &ByteUnit::name);
    if (unit == byte_units.end()) return wrong;
    if (count > std::numeric_limits<std::uint64_t>::max() / unit->bytes)
        return fail(ErrorCode::invalid_argument, fmt::format("'{}' is more than 64 bits hold", text));
    return count * unit->bytes;
}

std::optional<std::string_view> nearest_name(std::string_view name, std::span<const std::string> candidates) {
    if (name.empty() || name.size() > longest_meant_name) return std::nullopt;
    const std::string wanted = to_lower_ascii(name);
    // A third of the letters may be wrong; in a name of one or two, one.
    std::size_t best = std::max<std::size_t>(1, name.size() / 3) + 1;
    std::optional<std::string_view> nearest;
    for (const std::string& candidate : candidates) {
        if (candidate.size() > 2 * longest_meant_name) continue;
        const std::size_t distance = edit_distance(wanted, to_lower_ascii(candidate));
        if (distance < best && distance < candidate.size()) {
            best = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

}  // namespace dubplate
