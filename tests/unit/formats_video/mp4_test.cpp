#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "formats/audio/format.h"
#include "formats/video/aac_encoder.h"
#include "formats/video/mp4_writer.h"
#include "formats/video/video_encoder.h"
#include "formats/video/video_reader.h"
#include "support/failing_store.h"
#include "support/signals.h"

namespace dubplate {
namespace {

using test::Audio;

constexpr int width = 64;
constexpr int height = 48;
constexpr std::int64_t frames = 90;

VideoSettings settings_of(VideoPreset preset = VideoPreset::lossless) {
    return {.width = width, .height = height, .rate = {30, 1}, .preset = preset, .key_interval = 15};
}

// A slope that moves: each frame is another.
std::uint8_t luma_at(std::int64_t frame, int x, int y) {
    return static_cast<std::uint8_t>(16 + (frame * 3 + x * 2 + y) % 200);
}

void draw(std::int64_t frame, const YuvPlanes& target) {
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) target.luma.data[y * target.luma.stride + x] = luma_at(frame, x, y);
    for (int y = 0; y < height / 2; ++y) {
        std::memset(target.blue_difference.data + y * target.blue_difference.stride, 100, width / 2);
        std::memset(target.red_difference.data + y * target.red_difference.stride, 150, width / 2);
    }
}

EncodedVideo encoded(std::int64_t first, std::int64_t count, VideoPreset preset = VideoPreset::lossless) {
    auto video = encode_video(settings_of(preset), count, [&](std::int64_t i, const YuvPlanes& target) {
        draw(first + i, target);
        return Status();
    });
    EXPECT_TRUE(video) << video.error().to_string();
    return *std::move(video);
}

struct Sound {
    AacEncoder encoder{128};
    std::vector<AudioPacket> packets;
    Audio audio;

    explicit Sound(Audio given) : audio(std::move(given)) {
        test::drive<float>(encoder, audio);
        packets = encoder.take();
    }
    Mp4Sound description() const { return {audio.format, encoder.header(), 128, audio.frames()}; }
};

// Stretches of 30 frames, one behind the other, and the sound.
Status write_to(Store& store, const Sound* sound, VideoPreset preset = VideoPreset::lossless) {
    DUBPLATE_TRY(const auto file, store.create("v.mp4"));
    std::int64_t position = 0;
    std::optional<Mp4Writer> writer;
    while (position < frames) {
        EncodedVideo video = encoded(position, 30, preset);
        if (!writer) {
            Mp4Settings settings{
                .video = settings_of(preset), .video_header = video.header, .frames = frames};
            if (sound != nullptr) settings.sound = sound->description();
            settings.tags.title = "Night Drive";
            settings.chapters = {{0, 1, "Intro"}, {1, 3, "Drop"}};
            DUBPLATE_TRY(writer, Mp4Writer::make(*file, settings));
            if (sound != nullptr)
                for (const AudioPacket& packet : sound->packets) DUBPLATE_CHECK(writer->write(packet));
        }
        for (VideoPacket& packet : video.packets) {
            packet.pts += position;
            packet.dts += position;
            DUBPLATE_CHECK(writer->write(packet));
        }
        position += 30;
    }
    DUBPLATE_CHECK(writer->finish());
    return file->publish();
}

TEST(Mp4, BringsEveryFrameBackAtItsTime) {
    MemoryStore store;
    ASSERT_TRUE(write_to(store, nullptr));
    const auto source = *store.open("v.mp4");
    auto reader = VideoReader::open(*source, 2);
    ASSERT_TRUE(reader) << reader.error().to_string();
    const VideoFacts& facts = reader->facts();
    EXPECT_EQ(facts.codec, "h264");
    EXPECT_EQ(facts.width, width);
    EXPECT_EQ(facts.rate, (FrameRate{30, 1}));
    EXPECT_EQ(facts.color, "BT.709, limited range");
    EXPECT_TRUE(facts.index_comes_first);
    EXPECT_FALSE(facts.has_sound);
    EXPECT_EQ(facts.chapters, 2);

    std::int64_t count = 0;
    while (true) {
        const auto frame = reader->next();
        ASSERT_TRUE(frame) << frame.error().to_string();
        if (!*frame) break;
        EXPECT_NEAR((*frame)->seconds, static_cast<double>(count) / 30, 1e-6);
        const YuvPlane& luma = (*frame)->planes.luma;
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
                ASSERT_EQ(luma.data[y * luma.stride + x], luma_at(count, x, y)) << "frame " << count;
        ++count;
    }
    EXPECT_EQ(count, frames);
}

TEST(Mp4, HidesTheDelayOfTheSoundAndKeepsItsLength) {
    for (const int rate : {44'100, 48'000}) {
        const Sound sound(test::sine(rate, 2, 3, 997, -12));
        MemoryStore store;
        ASSERT_TRUE(write_to(store, &sound));
        const auto source = *store.open("v.mp4");
        const auto reader = open_with_libav(*source);
        ASSERT_TRUE(reader) << reader.error().to_string();
        BlockBuffer<float> buffer(2, 4 * rate);
        std::int64_t got = 0;
        Audio heard(rate, 2, 0);
        while ((got = *(*reader)->read(buffer.view(4 * rate))) > 0)
            for (int c = 0; c < 2; ++c) {
                auto& channel = heard.channels[static_cast<std::size_t>(c)];
                channel.insert(channel.end(), buffer.channel(c).begin(), buffer.channel(c).begin() + got);
            }
        ASSERT_EQ(heard.frames(), sound.audio.frames());
        double difference = 0;
        for (std::int64_t i = rate; i < 2 * rate; ++i)
            difference =
                std::max(difference, std::abs(static_cast<double>(heard.at(0, i) - sound.audio.at(0, i))));
        EXPECT_LT(difference, 0.03);  // moved by a frame, a sine of this level would differ by 0.035
    }
}

TEST(Mp4, HasTheSameBytesEachTime) {
    const Sound sound(test::sine(48'000, 1, 3, 440, -20));
    MemoryStore first;
    MemoryStore second;
    ASSERT_TRUE(write_to(first, &sound));
    ASSERT_TRUE(write_to(second, &sound));

    EXPECT_EQ(*first.take("v.mp4"), *second.take("v.mp4"));
}

TEST(Mp4, EncodesWithEveryPreset) {
    for (const VideoPreset preset : {VideoPreset::fast, VideoPreset::balanced, VideoPreset::small}) {
        MemoryStore store;
        ASSERT_TRUE(write_to(store, nullptr, preset));
        const auto source = *store.open("v.mp4");
        auto reader = VideoReader::open(*source, 1);
        ASSERT_TRUE(reader);
        std::int64_t count = 0;
        while ((*reader->next()).has_value()) ++count;
        EXPECT_EQ(count, frames);
    }
}

TEST(Mp4, FailsCleanlyWhereverTheDiskFails) {
    MemoryStore memory;
    FailingStore store(memory);
    ASSERT_TRUE(write_to(store, nullptr));
    const std::int64_t operations = store.operations();
    ASSERT_TRUE(memory.take("v.mp4"));
    for (std::int64_t n = 1; n <= operations; ++n) {
        store.fail_at(n);
        const Status written = write_to(store, nullptr);
        ASSERT_FALSE(written) << n;
        EXPECT_EQ(written.error().code, ErrorCode::io) << written.error().to_string();
        EXPECT_TRUE(memory.list().empty());
    }
}

TEST(VideoEncoder, StopsWhenAsked) {
    std::stop_source stop;
    const auto video = encode_video(
        settings_of(), 1000,
        [&](std::int64_t i, const YuvPlanes& target) {
            draw(i, target);
            if (i == 5) stop.request_stop();
            return Status();
        },
        stop.get_token());

    ASSERT_FALSE(video);
    EXPECT_EQ(video.error().code, ErrorCode::canceled);
}

TEST(VideoEncoder, FailsWithWhatAFrameFailsWith) {
    const auto video = encode_video(settings_of(), 10, [](std::int64_t i, const YuvPlanes&) -> Status {
        if (i == 3) return fail(ErrorCode::unavailable, "no picture");
        return {};
    });

    ASSERT_FALSE(video);
    EXPECT_EQ(video.error().message, "no picture");
}

TEST(VideoReader, TellsWhatIsNoVideo) {
    MemoryStore store;
    store.put("bad.mp4", Bytes(1000, std::byte{7}));
    const auto source = *store.open("bad.mp4");

    const auto reader = VideoReader::open(*source, 1);
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace dubplate
