#include "core/clock.h"

#include <gtest/gtest.h>

namespace dubplate {
namespace {

using namespace std::chrono_literals;

TEST(ManualClock, MovesOnlyWhenToldTo) {
    ManualClock clock;
    EXPECT_EQ(clock.now(), 0ns);

    clock.advance(1500ms);

    EXPECT_EQ(clock.now(), 1500ms);
    EXPECT_EQ(clock.now(), 1500ms);
}

TEST(ManualClock, CarriesItsCalendarAlong) {
    ManualClock clock;
    EXPECT_EQ(to_iso8601(clock.utc()), "2026-01-01T00:00:00Z");

    clock.advance(std::chrono::days(59) + 1h + 2min + 3s);

    EXPECT_EQ(to_iso8601(clock.utc()), "2026-03-01T01:02:03Z");
}

TEST(SystemClock, NeverGoesBack) {
    const auto first = Clock::system().now();

    EXPECT_GE(Clock::system().now(), first);
}

TEST(Iso8601, WritesKnownDates) {
    using std::chrono::system_clock;
    EXPECT_EQ(to_iso8601(system_clock::time_point(0s)), "1970-01-01T00:00:00Z");
    EXPECT_EQ(to_iso8601(system_clock::time_point(951'782'400s)), "2000-02-29T00:00:00Z");
    EXPECT_EQ(to_iso8601(system_clock::time_point(1'000'000'000s + 999ms)), "2001-09-09T01:46:40Z");
    EXPECT_EQ(to_iso8601(system_clock::time_point(-1s)), "1969-12-31T23:59:59Z");
}

TEST(SourceDateEpoch, IsTakenWhereItIsAWholeNumberOfSeconds) {
    EXPECT_EQ(to_iso8601(*parse_source_date_epoch("1000000000")), "2001-09-09T01:46:40Z");
    EXPECT_EQ(to_iso8601(*parse_source_date_epoch("9223372036")), "2262-04-11T23:47:16Z");
}

TEST(SourceDateEpoch, IsIgnoredWhereItIsAnythingElse) {
    for (const char* text :
         {"", "yesterday", "-1", "12x", " 12", "1.5", "9223372037", "99999999999999999999"})
        EXPECT_EQ(parse_source_date_epoch(text), std::nullopt) << text;
    EXPECT_EQ(parse_source_date_epoch(nullptr), std::nullopt);
}

}  // namespace
}  // namespace dubplate
