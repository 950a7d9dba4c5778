#include "audio/stream.h"
#include "support/signals.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

namespace dubplate {
namespace {

using namespace test;

class Refusing final : public Sink<float> {
  public:
    Status start(const StreamFormat&) override { return {}; }
    Status process(BlockView<const float>) override { return fail(ErrorCode::io, "no room"); }
    Status finish() override { return fail(ErrorCode::io, "no room for the end"); }
};

TEST(BlockBuffer, HoldsItsChannelsOneBehindTheOther) {
    BlockBuffer<float> buffer(3, 10);
    buffer.channel(2)[9] = 0.5f;

    EXPECT_EQ(buffer.channels(), 3);
    EXPECT_EQ(buffer.capacity(), 10);
    EXPECT_EQ(buffer.const_view(10).channel(2)[9], 0.5f);
    EXPECT_EQ(buffer.channel(2).data() - buffer.channel(1).data(), 10);
}

TEST(BlockBuffer, KeepsItsContentWhenItMoves) {
    BlockBuffer<std::int32_t> first(2, 4);
    first.channel(1)[3] = 77;

    const BlockBuffer<std::int32_t> second = std::move(first);

    EXPECT_EQ(second.const_view(4).channel(1)[3], 77);
}

TEST(SubBlock, ShowsThePartThatWasAskedFor) {
    Audio audio = noise(48'000, 8, 0.01, 1);
    std::vector<const float*> pointers;
    for (const auto& channel : audio.channels) pointers.push_back(channel.data());
    const SubBlock<const float> part(BlockView<const float>(pointers, audio.frames()), 100, 50);

    EXPECT_EQ(part.view().frames(), 50);
    EXPECT_EQ(part.view().channels(), 8);
    EXPECT_EQ(part.view().channel(7)[49], audio.at(7, 149));
}

TEST(Outputs, PassEachCallToAllInOrder) {
    CaptureSink<float> first;
    CaptureSink<float> second;
    Outputs<float> outputs;
    outputs.add(first);
    outputs.add(second);
    BlockBuffer<float> buffer(1, 2);
    buffer.channel(0)[1] = 0.25f;

    ASSERT_TRUE(outputs.start({48'000, 1}));
    ASSERT_TRUE(outputs.process(buffer.const_view(2)));
    ASSERT_TRUE(outputs.finish());

    EXPECT_TRUE(first.is_finished());
    EXPECT_TRUE(first.signal() == second.signal());
    EXPECT_EQ(first.signal().at(0, 1), 0.25f);
}

TEST(Outputs, SwallowEmptyBlocks) {
    CaptureSink<float> sink;
    Outputs<float> outputs;
    outputs.add(sink);
    BlockBuffer<float> buffer(1, 2);

    ASSERT_TRUE(outputs.start({48'000, 1}));
    ASSERT_TRUE(outputs.process(buffer.const_view(0)));

    EXPECT_EQ(sink.signal().frames(), 0);
}

TEST(Outputs, StopAtTheFirstFailure) {
    Refusing refusing;
    CaptureSink<float> behind;
    Outputs<float> outputs;
    outputs.add(refusing);
    outputs.add(behind);
    BlockBuffer<float> buffer(1, 2);
    ASSERT_TRUE(outputs.start({48'000, 1}));

    const Status status = outputs.process(buffer.const_view(2));

    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().message, "no room");
    EXPECT_EQ(behind.signal().frames(), 0);
    EXPECT_FALSE(outputs.finish());
    EXPECT_FALSE(behind.is_finished());
}

TEST(CheckedSink, SeesCallsOutOfOrder) {
    BlockBuffer<float> buffer(1, 2);
    static BlockBuffer<float>* block = &buffer;
    EXPECT_NONFATAL_FAILURE(
        {
            CheckedSink<float> sink;
            (void)sink.finish();
        },
        "before start()");
    EXPECT_NONFATAL_FAILURE(
        {
            CheckedSink<float> sink;
            (void)sink.start({48'000, 1});
            (void)sink.finish();
            (void)sink.finish();
        },
        "finish() came twice");
    EXPECT_NONFATAL_FAILURE(
        {
            CheckedSink<float> sink;
            (void)sink.start({48'000, 1});
            (void)sink.finish();
            (void)sink.process(block->const_view(2));
        },
        "after finish()");
}

}  // namespace
}  // namespace dubplate
