#include "core/channel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

namespace dubplate {
namespace {

TEST(Channel, HandsItemsOverInOrder) {
    Channel<int> channel(3);
    for (const int item : {1, 2, 3}) ASSERT_TRUE(channel.push(item, {}));

    EXPECT_EQ(channel.pop({}), 1);
    EXPECT_EQ(channel.pop({}), 2);
    EXPECT_EQ(channel.pop({}), 3);
}

TEST(Channel, DrainsAfterItWasClosedAndTakesNothingMore) {
    Channel<int> channel(3);
    ASSERT_TRUE(channel.push(1, {}));
    channel.close();

    EXPECT_FALSE(channel.push(2, {}));
    EXPECT_EQ(channel.pop({}), 1);
    EXPECT_EQ(channel.pop({}), std::nullopt);
}

TEST(Channel, MovesItemsThatCannotBeCopied) {
    Channel<std::unique_ptr<int>> channel(1);
    ASSERT_TRUE(channel.push(std::make_unique<int>(5), {}));

    EXPECT_EQ(**channel.pop({}), 5);
}

TEST(Channel, WakesAReaderThatWaitsWhenAStopIsRequested) {
    Channel<int> channel(1);
    std::optional<int> popped = 1;
    std::jthread reader([&](const std::stop_token& stop) { popped = channel.pop(stop); });

    reader.request_stop();
    reader.join();

    EXPECT_EQ(popped, std::nullopt);
}

TEST(Channel, WakesAWriterThatWaitsWhenAStopIsRequested) {
    Channel<int> channel(1);
    ASSERT_TRUE(channel.push(1, {}));
    bool is_pushed = true;
    std::jthread writer([&](const std::stop_token& stop) { is_pushed = channel.push(2, stop); });

    writer.request_stop();
    writer.join();

    EXPECT_FALSE(is_pushed);
    EXPECT_EQ(channel.pop({}), 1);
}

TEST(Channel, WakesWhoWaitsWhenItIsClosed) {
    Channel<int> full(1);
    Channel<int> empty(1);
    ASSERT_TRUE(full.push(1, {}));
    bool is_pushed = true;
    std::optional<int> popped = 1;
    {
        const std::jthread writer([&] { is_pushed = full.push(2, {}); });
        const std::jthread reader([&] { popped = empty.pop({}); });
        full.close();
        empty.close();
    }

    EXPECT_FALSE(is_pushed);
    EXPECT_EQ(popped, std::nullopt);
}

TEST(Channel, HoldsAWriterBackOnceItIsFull) {
    constexpr int items = 200;
    constexpr int capacity = 4;
    Channel<int> channel(capacity);
    std::atomic<int> pushed = 0;
    const std::jthread writer([&] {
        for (int i = 0; i < items; ++i) {
            EXPECT_TRUE(channel.push(i, {}));
            ++pushed;
        }
    });

    for (int i = 0; i < items; ++i) {
        ASSERT_EQ(channel.pop({}), i);
        // i + 1 are out, `capacity` fit in, so nobody can have pushed more.
        EXPECT_LE(pushed.load(), i + 1 + capacity);
    }
}

TEST(Channel, LosesAndDoublesNothingBetweenManyThreads) {
    constexpr int writers = 4;
    constexpr int readers = 4;
    constexpr std::int64_t items = 2000;
    Channel<std::int64_t> channel(8);
    std::atomic<std::int64_t> sum = 0;
    std::atomic<std::int64_t> count = 0;
    {
        std::vector<std::jthread> reading;
        for (int i = 0; i < readers; ++i)
            reading.emplace_back([&] {
                while (const auto item = channel.pop({})) {
                    sum += *item;
                    ++count;
                }
            });
        {
            std::vector<std::jthread> writing;
            for (int i = 0; i < writers; ++i)
                writing.emplace_back([&, i] {
                    for (std::int64_t item = i; item < items; item += writers)
                        EXPECT_TRUE(channel.push(item, {}));
                });
        }
        channel.close();
    }

    EXPECT_EQ(count, items);
    EXPECT_EQ(sum, items * (items - 1) / 2);
}

}  // namespace
}  // namespace dubplate
