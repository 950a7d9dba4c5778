#include "core/clock.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace dubplate {

namespace {

using UtcTime = std::chrono::system_clock::time_point;

class SystemClock final : public Clock {
  public:
    SystemClock() : fixed_(parse_source_date_epoch(std::getenv("SOURCE_DATE_EPOCH"))) {}
    std::chrono::nanoseconds now() const override {
        return std::chrono::steady_clock::now().time_since_epoch();
    }
    std::optional<UtcTime> fixed_utc() const override { return fixed_; }
    UtcTime utc() const override { return fixed_ ? *fixed_ : std::chrono::system_clock::now(); }

  private:
    const std::optional<UtcTime> fixed_;
};

}  // namespace

std::optional<UtcTime> parse_source_date_epoch(const char* text) {
    if (!text) return std::nullopt;
    const char* const end = text + std::strlen(text);
    std::int64_t seconds = 0;
    const auto [stop, error] = std::from_chars(text, end, seconds);
    // The clock counts nanoseconds in 64 bits, which end in the year 2262.
    constexpr auto latest =
        std::chrono::floor<std::chrono::seconds>(UtcTime::max().time_since_epoch()).count();
    if (error != std::errc() || stop != end || seconds < 0 || seconds > latest) return std::nullopt;
    return UtcTime(std::chrono::seconds(seconds));
}

const Clock& Clock::system() {
    static const SystemClock clock;
    return clock;
}

UtcTime ManualClock::utc() const {
    using namespace std::chrono;
    constexpr sys_days start = year(2026) / 1 / 1;
    return UtcTime(start) + duration_cast<system_clock::duration>(now());
}

std::string to_iso8601(UtcTime time) {
    using namespace std::chrono;
    const auto seconds_part = floor<seconds>(time);
    const auto days_part = floor<days>(seconds_part);
    const year_month_day date(days_part);
    const hh_mm_ss clock(seconds_part - days_part);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace dubplate
