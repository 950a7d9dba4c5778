#include "exports/audio/kept_audio.h"
#include "audio/nodes/resample.h"
#include "support/signals.h"

#include <gtest/gtest.h>

namespace dubplate {
namespace {

using namespace test;

TEST(KeptAudio, IsWhatTheSourceComesToAtItsRate) {
    const Audio audio = noise(44'100, 2, 2, 0.5);
    std::vector<float> interleaved;
    for (std::int64_t i = 0; i < audio.frames(); ++i)
        for (int c = 0; c < 2; ++c) interleaved.push_back(audio.at(c, i));
    const AudioView view = AudioView::interleaved(interleaved.data(), audio.frames(), 2, 44'100);
    const OpenedAudio source = memory_input(view, "noise").open().value();
    Resampler resampler(48'000);
    const Audio expected = run(resampler, audio);
    const Shape whole{.end_frame = audio.frames(),
                      .fold_channels = {},
                      .source_frames = audio.frames(),
                      .source_rate_hz = 44'100};

    const auto kept = keep_audio(*source.reader, whole, 48'000, 2, {}, {});

    ASSERT_TRUE(kept) << kept.error().to_string();
    EXPECT_EQ((*kept)->shape.frames(), expected.frames());
    EXPECT_FALSE((*kept)->shape.changes_audio());
    BlockBuffer<float> read(2, expected.frames() + 1);
    ASSERT_EQ((*kept)->audio.reader->read(read.view(expected.frames() + 1)), expected.frames());
    for (int c = 0; c < 2; ++c)
        for (std::int64_t i = 0; i < expected.frames(); ++i)
            ASSERT_EQ(read.channel(c)[static_cast<std::size_t>(i)], expected.at(c, i));
}

TEST(KeptAudio, IsOfShortSourcesAlone) {
    const auto can_keep = [](std::int64_t seconds, int channels) {
        const Shape shape{.end_frame = seconds * 48'000, .fold_channels = {}, .source_rate_hz = 48'000};
        return can_be_kept(shape, channels, 48'000);
    };
    EXPECT_TRUE(can_keep(16, 2));
    EXPECT_FALSE(can_keep(60, 2));
    EXPECT_FALSE(can_keep(16, 8));
}

}  // namespace
}  // namespace dubplate
