#include "core/ordered_work.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace dubplate {
namespace {

TEST(OrderedWork, HandsResultsOnInTheOrderOfTheWork) {
    for (const int threads : {1, 2, 7}) {
        std::vector<int> taken;
        OrderedWork<int> work(threads, {}, [&](int result) -> Status {
            taken.push_back(result);
            return {};
        });
        for (int i = 0; i < 50; ++i)
            ASSERT_TRUE(work.add([i](const std::stop_token&) -> Result<int> {
                if (i % 3 == 0) std::this_thread::yield();
                return i;
            }));
        ASSERT_TRUE(work.finish());

        ASSERT_EQ(taken.size(), 50U) << threads;
        for (int i = 0; i < 50; ++i) EXPECT_EQ(taken[static_cast<std::size_t>(i)], i);
    }
}

TEST(OrderedWork, NeverHasMoreUnderWayThanThreads) {
    std::atomic<int> under_way = 0;
    std::atomic<int> most = 0;
    OrderedWork<int> work(3, {}, [](int) { return Status{}; });
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(work.add([&](const std::stop_token&) -> Result<int> {
            const int now = ++under_way;
            int seen = most;
            while (seen < now && !most.compare_exchange_weak(seen, now)) {
            }
            --under_way;
            return 0;
        }));
    ASSERT_TRUE(work.finish());

    EXPECT_LE(most, 3);
}

// The first piece ends only after pieces that a single waiting result would have kept from beginning.
TEST(OrderedWork, BeginsPiecesAheadOfOneThatTakesLong) {
    std::atomic<int> begun = 0;
    OrderedWork<int> work(
        2, {}, [](int) { return Status{}; }, 3);
    ASSERT_TRUE(work.add([&](const std::stop_token&) -> Result<int> {
        while (begun < 4) std::this_thread::yield();
        return 0;
    }));
    for (int i = 0; i < 4; ++i)
        ASSERT_TRUE(work.add([&](const std::stop_token&) -> Result<int> { return ++begun; }));

    EXPECT_TRUE(work.finish());
    EXPECT_EQ(begun, 4);
}

TEST(OrderedWork, LeavesOutWhatWasNotBegunWhenItEnds) {
    std::atomic<bool> ran = false;
    {
        OrderedWork<int> work(
            1, {}, [](int) { return Status{}; }, 1);
        ASSERT_TRUE(work.add([](const std::stop_token& stop) -> Result<int> {
            while (!stop.stop_requested()) std::this_thread::yield();
            return 0;
        }));
        ASSERT_TRUE(work.add([&](const std::stop_token&) -> Result<int> {
            ran = true;
            return 0;
        }));
    }

    EXPECT_FALSE(ran);
}

TEST(OrderedWork, EndsWithTheFirstErrorInOrder) {
    int taken = 0;
    OrderedWork<int> work(4, {}, [&](int) -> Status {
        ++taken;
        return {};
    });
    Status status;
    for (int i = 0; status && i < 100; ++i)
        status = work.add([i](const std::stop_token&) -> Result<int> {
            if (i == 5) return fail(ErrorCode::io, "the disk is gone");
            return i;
        });

    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::io);
    EXPECT_EQ(taken, 5);
    EXPECT_FALSE(work.finish());
}

TEST(OrderedWork, EndsWithAnErrorOfTheTaker) {
    OrderedWork<int> work(2, {}, [](int) -> Status { return fail(ErrorCode::io, "no room"); });
    ASSERT_TRUE(work.add([](const std::stop_token&) -> Result<int> { return 1; }));

    EXPECT_EQ(work.finish().error().message, "no room");
}

TEST(OrderedWork, TellsItsThreadsToStop) {
    const auto until_stopped = [](const std::stop_token& stop) -> Result<int> {
        while (!stop.stop_requested()) std::this_thread::yield();
        return fail(ErrorCode::canceled, "canceled");
    };
    std::stop_source stop;
    OrderedWork<int> work(1, stop.get_token(), [](int) { return Status{}; });
    ASSERT_TRUE(work.add(until_stopped));
    stop.request_stop();
    EXPECT_EQ(work.finish().error().code, ErrorCode::canceled);

    OrderedWork<int> abandoned(1, {}, [](int) { return Status{}; });
    EXPECT_TRUE(abandoned.add(until_stopped));  // and its destructor returns
}

}  // namespace
}  // namespace dubplate
