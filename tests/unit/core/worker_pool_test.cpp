#include "core/worker_pool.h"
#include "core/channel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <latch>
#include <new>
#include <set>
#include <stdexcept>
#include <thread>

namespace dubplate {
namespace {

Status wait_for_stop(std::stop_token stop) {
    Channel<int> never(1);
    static_cast<void>(never.pop(stop));
    return fail(ErrorCode::canceled, "stopped");
}

TEST(RunAll, RunsEveryTaskOnce) {
    std::vector<std::atomic<int>> runs(100);
    std::vector<Task> tasks;
    for (auto& run : runs)
        tasks.push_back([&run](const std::stop_token&) -> Status {
            ++run;
            return {};
        });

    EXPECT_TRUE(run_all(tasks, 4));

    for (const auto& run : runs) EXPECT_EQ(run, 1);
}

TEST(RunAll, WithoutTasksSucceeds) {
    EXPECT_TRUE(run_all({}, 4));
    EXPECT_TRUE(run_together({}));
    EXPECT_TRUE(run_each(0, 4, {}).empty());
}

TEST(RunAll, UsesAtMostAsManyThreadsAsAsked) {
    std::mutex mutex;
    std::set<std::thread::id> threads;
    const Task task = [&](const std::stop_token&) -> Status {
        const std::lock_guard lock(mutex);
        threads.insert(std::this_thread::get_id());
        return {};
    };

    EXPECT_TRUE(run_all(std::vector<Task>(50, task), 3));

    EXPECT_LE(threads.size(), 3U);
}

TEST(RunAll, RunsSideBySide) {
    // Each waits for the other: on one thread this would never end.
    std::barrier both(2);
    const Task task = [&](const std::stop_token&) -> Status {
        both.arrive_and_wait();
        return {};
    };

    EXPECT_TRUE(run_all(std::vector<Task>(2, task), 2));
}

TEST(RunAll, ReturnsTheFirstErrorAndStopsTheOthers) {
    const std::vector<Task> tasks{
        wait_for_stop, [](const std::stop_token&) -> Status { return fail(ErrorCode::corrupt, "bad input"); },
        wait_for_stop};

    const Status status = run_together(tasks);

    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::corrupt);
}

TEST(RunAll, DoesNotBeginTasksAfterAnError) {
    std::atomic<int> begun = 0;
    const Task task = [&](const std::stop_token&) -> Status {
        ++begun;
        return fail(ErrorCode::io, "broken");
    };

    const Status status = run_all(std::vector<Task>(20, task), 1);

    EXPECT_EQ(status.error().code, ErrorCode::io);
    EXPECT_EQ(begun, 1);
}

TEST(RunAll, IsCanceledFromOutside) {
    std::stop_source stop;
    std::latch begun(2);
    const Task task = [&](const std::stop_token& token) {
        begun.count_down();
        return wait_for_stop(token);
    };
    const std::jthread asker([&] {
        begun.wait();
        stop.request_stop();
    });

    const Status status = run_together(std::vector<Task>(2, task), stop.get_token());

    EXPECT_EQ(status.error().code, ErrorCode::canceled);
}

TEST(RunAll, BeginsNothingWhereItWasCanceledBefore) {
    std::stop_source stop;
    stop.request_stop();
    std::atomic<int> begun = 0;
    const Task task = [&](const std::stop_token&) -> Status {
        ++begun;
        return {};
    };

    const Status status = run_all(std::vector<Task>(3, task), 2, stop.get_token());

    EXPECT_EQ(status.error().code, ErrorCode::canceled);
    EXPECT_EQ(begun, 0);
}

TEST(RunAll, TurnsExceptionsIntoErrors) {
    const std::vector<Task> throws{
        [](const std::stop_token&) -> Status { throw std::runtime_error("oh no"); }};
    const std::vector<Task> starves{[](const std::stop_token&) -> Status { throw std::bad_alloc(); }};
    const std::vector<Task> throws_an_int{[](const std::stop_token&) -> Status { throw 3; }};

    EXPECT_EQ(run_all(throws, 1).error().code, ErrorCode::internal);
    EXPECT_NE(run_all(throws, 1).error().message.find("oh no"), std::string::npos);
    EXPECT_EQ(run_all(starves, 1).error().code, ErrorCode::unavailable);
    EXPECT_EQ(run_all(throws_an_int, 1).error().code, ErrorCode::internal);
}

TEST(RunTogether, LetsAPipelineFlow) {
    Channel<int> channel(1);
    int sum = 0;
    const std::vector<Task> tasks{[&](const std::stop_token& stop) -> Status {
                                      for (int i = 1; i <= 100; ++i) channel.push(i, stop);
                                      channel.close();
                                      return {};
                                  },
                                  [&](const std::stop_token& stop) -> Status {
                                      while (const auto item = channel.pop(stop)) sum += *item;
                                      return {};
                                  }};

    EXPECT_TRUE(run_together(tasks));

    EXPECT_EQ(sum, 5050);
}

TEST(RunEach, CarriesOnAfterErrorsAndKeepsTheOrder) {
    const auto statuses = run_each(40, 4, [](std::size_t item, const std::stop_token&) -> Status {
        if (item % 3 == 0) return fail(ErrorCode::corrupt, std::to_string(item));
        return {};
    });

    ASSERT_EQ(statuses.size(), 40U);
    for (std::size_t i = 0; i < statuses.size(); ++i) {
        ASSERT_EQ(statuses[i].has_value(), i % 3 != 0) << i;
        if (!statuses[i]) {
            EXPECT_EQ(statuses[i].error().message, std::to_string(i));
        }
    }
}

TEST(RunEach, NeverRunsMoreThanItsThreadsSideBySide) {
    std::atomic<int> running = 0;
    std::atomic<int> most = 0;
    const auto statuses = run_each(60, 3, [&](std::size_t, const std::stop_token&) -> Status {
        const int now = ++running;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) continue;
        std::this_thread::yield();
        --running;
        return {};
    });

    EXPECT_EQ(statuses.size(), 60U);
    EXPECT_LE(most, 3);
    EXPECT_GE(most, 1);
}

TEST(RunEach, GivesCanceledForWhatWasNotBegun) {
    std::stop_source stop;
    const auto statuses = run_each(
        5, 1,
        [&](std::size_t item, const std::stop_token&) -> Status {
            if (item == 1) stop.request_stop();
            return {};
        },
        stop.get_token());

    EXPECT_TRUE(statuses[0]);
    EXPECT_TRUE(statuses[1]);
    for (const std::size_t i : {2U, 3U, 4U}) EXPECT_EQ(statuses[i].error().code, ErrorCode::canceled);
}

}  // namespace
}  // namespace dubplate
