#include "exports/stems/placed_reader.h"

#include <gtest/gtest.h>

#include "support/exporting.h"

namespace dubplate {
namespace {

using test::Audio;

Audio read_placed(const Audio& audio, const Placement& placement, std::int64_t block = block_frames) {
    const ExpandedInput input = test::input_of(audio, "track");
    auto reader = place(*input.input->open(), placement);
    EXPECT_TRUE(reader);
    const StreamFormat format = (*reader)->info().stream;
    Audio read(format.sample_rate_hz, format.channels, 0);
    BlockBuffer<float> buffer(format.channels, block);
    while (true) {
        const auto frames = (*reader)->read(buffer.view(block));
        EXPECT_TRUE(frames);
        if (!frames || *frames == 0) return read;
        for (int c = 0; c < format.channels; ++c) {
            const auto part = buffer.channel(c).first(static_cast<std::size_t>(*frames));
            auto& channel = read.channels[static_cast<std::size_t>(c)];
            channel.insert(channel.end(), part.begin(), part.end());
        }
    }
}

std::int64_t place_of_peak(const Audio& audio) {
    const auto& samples = audio.channels[0];
    return std::ranges::max_element(samples) - samples.begin();
}

TEST(PlacedReader, PutsSilenceAroundATrackAndKeepsItsSamples) {
    const Audio track = test::noise(48'000, 2, 0.1, 0.5);

    const Audio placed =
        read_placed(track, {.sample_rate_hz = 48'000, .begin_frame = 1'000, .frames = 10'000});

    ASSERT_EQ(placed.frames(), 10'000);
    for (std::int64_t i = 0; i < placed.frames(); ++i) {
        const bool is_inside = i >= 1'000 && i < 1'000 + track.frames();
        ASSERT_EQ(placed.at(1, i), is_inside ? track.at(1, i - 1'000) : 0.0F) << i;
    }
}

TEST(PlacedReader, KeepsAnImpulseInItsPlaceFromEveryRate) {
    for (const int rate : {22'050, 44'100, 48'000, 88'200, 96'000}) {
        const Audio track = test::impulse(rate, 1, rate, rate / 2);

        const Audio placed =
            read_placed(track, {.sample_rate_hz = 48'000, .begin_frame = 777, .frames = 60'000});

        EXPECT_EQ(place_of_peak(placed), 777 + 24'000) << rate;
        EXPECT_EQ(placed.frames(), 60'000) << rate;
    }
}

TEST(PlacedReader, IsTheSameForEveryBlockSize) {
    const Audio track = test::noise(44'100, 2, 0.3, 0.5);
    const Placement placement{.sample_rate_hz = 48'000, .begin_frame = 333, .frames = 20'000, .gain_db = -3};

    const Audio whole = read_placed(track, placement);

    for (const std::int64_t block : {1, 7, 64, 4096})
        EXPECT_EQ(read_placed(track, placement, block), whole) << block;
}

TEST(PlacedReader, LeavesOutWhatIsPastTheEndOfTheSession) {
    const Audio track = test::noise(48'000, 1, 1, 0.5);

    EXPECT_EQ(read_placed(track, {.sample_rate_hz = 48'000, .begin_frame = 100, .frames = 5'000}).frames(),
              5'000);
}

TEST(PlacedReader, FoldsChannelsAndChangesTheLevel) {
    const Audio track = test::sine(48'000, 1, 0.1, 1000, -6.0);

    const Audio placed =
        read_placed(track, {.sample_rate_hz = 48'000, .frames = 4'800, .channels = 2, .gain_db = -6.0206});

    ASSERT_EQ(placed.format.channels, 2);
    EXPECT_NEAR(placed.at(0, 1'212), track.at(0, 1'212) / 2, 1e-5);
    EXPECT_EQ(placed.channels[0], placed.channels[1]);
}

TEST(PlacedReader, StartsAnewWhereItIsRewound) {
    const ExpandedInput input = test::input_of(test::noise(44'100, 1, 0.2, 0.5), "track");
    auto reader = place(*input.input->open(), {.sample_rate_hz = 48'000, .begin_frame = 5, .frames = 9'000});
    BlockBuffer<float> first(1, 9'000);
    BlockBuffer<float> again(1, 9'000);

    ASSERT_EQ(*(*reader)->read(first.view(9'000)), 9'000);
    ASSERT_TRUE((*reader)->rewind());
    ASSERT_EQ(*(*reader)->read(again.view(9'000)), 9'000);

    EXPECT_TRUE(std::ranges::equal(first.channel(0), again.channel(0)));
}

}  // namespace
}  // namespace dubplate
