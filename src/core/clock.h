// clock.h: the time, so that tests can set it.
//
// What     now() is monotonic and for durations; utc() is the calendar's time, for dates in manifests and
//          bext.
// Threads  thread-safe.
// Source   SOURCE_DATE_EPOCH (reproducible-builds.org) fixes utc() of the system clock, and is its fixed_utc(), when it is
//          set.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace dubplate {

class Clock {
  public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;
    virtual std::chrono::nanoseconds now() const = 0;
    virtual std::chrono::system_clock::time_point utc() const = 0;
    // The time that was set from outside and not read from a clock: it may stand in a deliverable.
    virtual std::optional<std::chrono::system_clock::time_point> fixed_utc() const { return std::nullopt; }

    static const Clock& system();
};

// A clock that moves only when told to. It starts at 2026-01-01T00:00:00Z.
class ManualClock final : public Clock {
  public:
    std::chrono::nanoseconds now() const override { return std::chrono::nanoseconds(now_.load()); }
    std::chrono::system_clock::time_point utc() const override;
    void advance(std::chrono::nanoseconds by) { now_.fetch_add(by.count()); }

  private:
    std::atomic<std::int64_t> now_{0};
};

// SOURCE_DATE_EPOCH's value: seconds since 1970, a whole number. Nothing where it is null or anything else.
std::optional<std::chrono::system_clock::time_point> parse_source_date_epoch(const char* text);

// "2026-11-21T08:15:00Z"
std::string to_iso8601(std::chrono::system_clock::time_point time);

}  // namespace dubplate
