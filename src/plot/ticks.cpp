#include "plot/ticks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace dubplate {

namespace {

constexpr double slack = 1e-6;  // of a step: a tick on the bound counts

bool is_span(double low, double high) {
    return std::isfinite(low) && std::isfinite(high) && low < high;
}

double round_step(double span, int wanted) {
    const double rough = span / std::max(wanted, 1);
    const double decade = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (rough <= factor * decade * (1 + slack)) return factor * decade;
    return 10 * decade;
}

double clock_step(double span, int wanted) {
    constexpr std::array<double, 19> steps{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1,
                                           2,     5,     10,    15,   30,   60,   120, 300, 600};
    const double rough = span / std::max(wanted, 1);
    for (const double step : steps)
        if (rough <= step) return step;
    return round_step(span / 1800, wanted) * 1800;
}

int decimals_of(double step) {
    return std::clamp(static_cast<int>(std::ceil(-std::log10(step) - slack)), 0, 6);
}

std::string clock_label(double seconds, double step) {
    const auto whole = static_cast<long long>(std::floor(seconds + step * slack));
    std::string rest;
    if (step < 1)
        rest = fmt::format("{:.{}f}", seconds - static_cast<double>(whole), decimals_of(step)).substr(1);
    if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60) + rest;
    return fmt::format("{}:{:02}", whole / 60, whole % 60) + rest;
}

template <class Label>
std::vector<Tick> stepped(double low, double high, double step, Label label) {
    std::vector<Tick> ticks;
    const auto first = static_cast<long long>(std::ceil(low / step - slack));
    const auto last = static_cast<long long>(std::floor(high / step + slack));
    for (long long i = first; i <= last; ++i) {
        const double value = static_cast<double>(i) * step;
        ticks.push_back({value, label(value)});
    }
    return ticks;
}

}  // namespace

std::vector<Tick> linear_ticks(double from, double to, int wanted) {
    const auto [low, high] = std::minmax(from, to);
    if (!is_span(low, high)) return {};
    const double step = round_step(high - low, wanted);
    return stepped(low, high, step, [&](double value) {
        const std::string digits = fmt::format("{:.{}f}", std::abs(value), decimals_of(step));
        return value < 0 ? "\u2212" + digits : digits;
    });
}

std::vector<Tick> time_ticks(double from_seconds, double to_seconds, int wanted) {
    if (!is_span(from_seconds, to_seconds)) return {};
    const double step = clock_step(to_seconds - from_seconds, wanted);
    return stepped(from_seconds, to_seconds, step, [&](double value) { return clock_label(value, step); });
}

std::vector<Tick> frequency_ticks(double from_hz, double to_hz) {
    std::vector<Tick> ticks;
    if (!is_span(from_hz, to_hz) || from_hz <= 0) return ticks;
    for (double decade = std::pow(10.0, std::floor(std::log10(from_hz))); decade <= to_hz; decade *= 10) {
        for (int factor = 1; factor <= 9; ++factor) {
            const double hz = factor * decade;
            if (hz < from_hz * (1 - slack) || hz > to_hz * (1 + slack)) continue;
            const bool labeled = factor == 1 || factor == 2 || factor == 5;
            ticks.push_back({hz, !labeled    ? std::string()
                                 : hz < 1000 ? fmt::format("{:g}", hz)
                                             : fmt::format("{:g}k", hz / 1000)});
        }
    }
    return ticks;
}

}  // namespace dubplate
