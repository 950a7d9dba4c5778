#include "core/progress.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <thread>
#include <vector>

namespace dubplate {
namespace {

using namespace std::chrono_literals;

class Recorder {
  public:
    ProgressListener listener() {
        return [this](const ProgressReport& report) { reports.push_back(report); };
    }
    std::vector<double> fractions() const {
        std::vector<double> all;
        for (const ProgressReport& report : reports) all.push_back(report.fraction);
        return all;
    }
    std::vector<ProgressReport> reports;
};

TEST(Progress, BeginsWithZeroAndEndsWithOne) {
    Recorder recorder;
    ManualClock clock;
    Progress progress(recorder.listener(), 0, clock);
    auto part = progress.part(1.0);
    part.stage("encoding", "a.wav");
    clock.advance(1s);
    part.advance_to(0.5);
    part.finish();
    progress.complete();

    EXPECT_EQ(recorder.reports.front().fraction, 0.0);
    EXPECT_EQ(recorder.reports.front().stage, "encoding");
    EXPECT_EQ(recorder.reports.front().item, "a.wav");
    EXPECT_EQ(recorder.reports.back().fraction, 1.0);
    EXPECT_EQ(recorder.reports.back().stage, "done");
}

TEST(Progress, SaysOneOnceAndNothingAfterIt) {
    Recorder recorder;
    ManualClock clock;
    Progress progress(recorder.listener(), 0, clock);
    auto part = progress.part(1.0);
    part.stage("encoding");
    clock.advance(1s);
    part.finish();
    progress.complete();
    clock.advance(1s);
    progress.complete();
    part.stage("late");

    const auto fractions = recorder.fractions();
    EXPECT_EQ(std::count(fractions.begin(), fractions.end(), 1.0), 1);
    EXPECT_EQ(recorder.reports.back().stage, "done");
}

TEST(Progress, WithoutAnyWorkStillGoesFromZeroToOne) {
    Recorder recorder;
    ManualClock clock;
    Progress progress(recorder.listener(), 0, clock);

    progress.complete();

    EXPECT_EQ(recorder.fractions(), (std::vector{0.0, 1.0}));
}

TEST(Progress, AddsUpPartsByTheirWeights) {
    Recorder recorder;
    ManualClock clock;
    Progress progress(recorder.listener(), 0, clock);
    auto first = progress.part(0.25);
    auto second = progress.part(0.75);
    first.stage("one");
    clock.advance(1s);
    first.finish();
    clock.advance(1s);
    second.advance_to(0.5);

    EXPECT_EQ(recorder.fractions(), (std::vector{0.0, 0.25, 0.625}));
}

TEST(Progress, CountsSlicesOfSlicesOnce) {
    Recorder recorder;
    ManualClock clock;
    Progress progress(recorder.listener(), 0, clock);
    auto whole = progress.part(0.5);
    auto first = whole.part(0.0, 0.5);
    auto second = whole.part(0.5, 1.0);
    whole.stage("one");
    clock.advance(1s);
    first.finish();
    clock.advance(1s);
    second.finish();
    clock.advance(1s);
    whole.finish();

    EXPECT_EQ(recorder.fractions(), (std::vector{0.0, 0.25, 0.5, 0.5}));
}

TEST(Progress, NeverGoesBack) {
    Recorder recorder;
    ManualClock clock;
    Progress progress(recorder.listener(), 0, clock);
    auto part = progress.part(1.0);
    const double not_a_number = std::numeric_limits<double>::quiet_NaN();
    for (const double fraction : {0.2, 0.1, not_a_number, 0.6, -3.0, 0.5, 7.0}) {
        clock.advance(1s);
        part.advance_to(fraction);
    }
    progress.complete();

    const auto fractions = recorder.fractions();
    EXPECT_TRUE(std::is_sorted(fractions.begin(), fractions.end()));
    EXPECT_EQ(fractions.back(), 1.0);
}

TEST(Progress, ReportsAtMostTenTimesASecond) {
    Recorder recorder;
    ManualClock clock;
    Progress progress(recorder.listener(), 0, clock);
    auto part = progress.part(1.0);
    for (int i = 0; i < 1000; ++i) {
        clock.advance(10ms);
        part.advance_to(i / 1000.0);
    }

    EXPECT_LE(recorder.reports.size(), 101U);
    EXPECT_GE(recorder.reports.size(), 90U);
}

TEST(Progress, ReportsStageChangesAtOnceAndRepeatedStagesNot) {
    Recorder recorder;
    ManualClock clock;
    Progress progress(recorder.listener(), 0, clock);
    auto part = progress.part(1.0);
    for (const char* stage : {"measuring", "measuring", "encoding", "encoding", "proving"}) part.stage(stage);

    std::vector<std::string> stages;
    for (const ProgressReport& report : recorder.reports) stages.push_back(report.stage);
    EXPECT_EQ(stages, (std::vector<std::string>{"measuring", "encoding", "proving"}));
}

TEST(Progress, TellsSpeedAndTimeLeftFromTheRateSinceTheStart) {
    Recorder recorder;
    ManualClock clock;
    Progress progress(recorder.listener(), 600.0, clock);
    auto part = progress.part(1.0);
    part.stage("encoding");
    EXPECT_EQ(recorder.reports.back().speed, 0.0);
    EXPECT_EQ(recorder.reports.back().remaining_seconds, std::nullopt);

    clock.advance(2s);
    part.advance_to(0.25);

    EXPECT_DOUBLE_EQ(recorder.reports.back().speed, 75.0);  // 150 s of audio in 2 s
    EXPECT_DOUBLE_EQ(*recorder.reports.back().remaining_seconds, 6.0);

    progress.set_audio_seconds(1200.0);
    clock.advance(2s);
    part.advance_to(0.5);

    EXPECT_DOUBLE_EQ(recorder.reports.back().speed, 150.0);
    EXPECT_DOUBLE_EQ(*recorder.reports.back().remaining_seconds, 4.0);
}

TEST(Progress, PartsThatReportToNobodyDoNothing) {
    Progress::Part nobody;
    auto part = nobody.part(0.0, 0.5);

    part.stage("encoding");
    part.finish();
    SUCCEED() << "no listener is called";
}

TEST(Progress, StaysInOrderWhenManyThreadsReport) {
    Recorder recorder;
    ManualClock clock;
    Progress progress(recorder.listener(), 0, clock);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&clock, part = progress.part(0.125), i]() mutable {
                auto first = part.part(0.0, 0.5);
                auto second = part.part(0.5, 1.0);
                part.stage("thread", std::to_string(i));
                for (int step = 1; step <= 200; ++step) {
                    clock.advance(7ms);
                    (step <= 100 ? first : second).advance_to((step <= 100 ? step : step - 100) / 100.0);
                }
            });
    }
    progress.complete();

    const auto fractions = recorder.fractions();
    EXPECT_EQ(fractions.front(), 0.0);
    EXPECT_TRUE(std::is_sorted(fractions.begin(), fractions.end()));
    EXPECT_EQ(fractions.back(), 1.0);
    EXPECT_GT(fractions[fractions.size() - 2], 0.9);
}

}  // namespace
}  // namespace dubplate
