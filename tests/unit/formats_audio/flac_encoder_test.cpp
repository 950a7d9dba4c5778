// The encoder alone: frames that libFLAC and libav bring back to the bit, their size, and that they depend on nothing else.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "formats/audio/flac_frame.h"
#include "formats/audio/flac_metadata.h"
#include "formats/audio/libav_reader.h"
#include "support/codec_files.h"
#include "support/dispatch.h"
#include "support/songs.h"
#include "support/temp_folder.h"

namespace dubplate {

extern const AudioFormat flac_format;

namespace {

using Samples = test::Signal<std::int32_t>;

constexpr BitDepth depths[] = {BitDepth::pcm16, BitDepth::pcm24};

Bytes flac_of(const Samples& signal, BitDepth depth) {
    test::EncodeOptions options;
    options.settings.depth = depth;
    auto bytes = test::encode(flac_format, signal, options);
    EXPECT_TRUE(bytes) << bytes.error().to_string();
    return bytes ? *bytes : Bytes{};
}

// sample(channel, frame)
Samples made(int channels, std::int64_t frames, const std::function<double(int, std::int64_t)>& sample) {
    Samples signal(44'100, channels, frames);
    for (int c = 0; c < channels; ++c)
        for (std::int64_t i = 0; i < frames; ++i) signal.at(c, i) = static_cast<std::int32_t>(sample(c, i));
    return signal;
}

double random_of(int channel, std::int64_t frame) {
    return 2 * Random(1, static_cast<std::uint64_t>(channel)).uniform(static_cast<std::uint64_t>(frame)) - 1;
}

// Bytes of the frames alone, and both decoders' word that they are right.
std::size_t proven_bytes(const Samples& signal, BitDepth depth) {
    const Bytes bytes = flac_of(signal, depth);
    const auto expected = test::as_float(signal, bits_of(depth));
    for (const test::Opener open : {flac_format.open, &open_with_libav}) {
        const auto audio = test::decode(bytes, open);
        EXPECT_TRUE(audio) << audio.error().to_string();
        EXPECT_TRUE(audio && *audio == expected);
    }
    const auto source = test::bytes_source(bytes);
    return bytes.size() - scan_flac(*source)->audio_begin;
}

TEST(FlacEncoder, BringsBackBlocksOfAnyLength) {
    std::vector<std::int64_t> lengths{255,  256,  257,  511,       1023, 2048,
                                      4095, 4096, 4097, 4096 + 31, 8192, 10'000};
    for (std::int64_t length = 1; length < 70; ++length) lengths.push_back(length);
    for (const std::int64_t length : lengths)
        for (const int channels : {1, 2}) {
            SCOPED_TRACE(fmt::format("{} frames, {} channels", length, channels));
            proven_bytes(made(channels, length,
                              [](int c, std::int64_t i) {
                                  return 9000 * std::sin(static_cast<double>(i) * 0.03 + c) +
                                         90 * random_of(c, i);
                              }),
                         BitDepth::pcm16);
        }
}

TEST(FlacEncoder, BringsBackWhatIsFarFromMusic) {
    struct Case {
        const char* name;
        std::function<double(int, std::int64_t, double)> sample;  // channel, frame, full scale
    };
    const Case cases[] = {
        {"square", [](int, std::int64_t i, double full) { return i / 50 % 2 == 0 ? full - 1 : -full; }},
        {"opposite squares",
         [](int c, std::int64_t i, double full) { return (i + c) % 2 == 0 ? full - 1 : -full; }},
        {"clicks", [](int c, std::int64_t i, double full) { return i % (977 + c) == 5 ? -full : 0; }},
        {"ramp", [](int c, std::int64_t i, double) { return static_cast<double>(i * (c + 1) % 30'000); }},
        {"noise", [](int c, std::int64_t i, double full) { return std::floor(full * random_of(c, i)); }},
        {"a side of noise alone",
         [](int c, std::int64_t i, double full) { return (c == 0 ? 0.7 : -0.7) * full * random_of(0, i); }},
        {"one bit of noise", [](int c, std::int64_t i, double) { return random_of(c, i) > 0 ? 1 : 0; }},
        {"sine", [](int, std::int64_t i,
                    double full) { return full * 0.999 * std::sin(static_cast<double>(i) * 0.01); }},
        {"almost mono",
         [](int c, std::int64_t i, double full) {
             return full * 0.5 * std::sin(static_cast<double>(i) * 0.07) + (c == 1 ? 2 * random_of(0, i) : 0);
         }},
        {"loud behind silence",
         [](int c, std::int64_t i, double full) { return i < 6000 ? 0 : full * random_of(c, i); }},
        {"eight low bits unused",
         [](int c, std::int64_t i, double full) {
             return 256 * std::floor(full / 600 * std::sin(static_cast<double>(i) * 0.02 + c));
         }},
    };
    for (const Case& c : cases)
        for (const BitDepth depth : depths)
            for (const int channels : {1, 2}) {
                SCOPED_TRACE(fmt::format("{}, {} bits, {} channels", c.name, bits_of(depth), channels));
                const double full = std::ldexp(1.0, bits_of(depth) - 1);
                const auto signal = made(
                    channels, 9'000, [&](int channel, std::int64_t i) { return c.sample(channel, i, full); });
                const auto raw = static_cast<std::size_t>(9'000 * channels * bits_of(depth) / 8);
                EXPECT_LE(proven_bytes(signal, depth), raw + 3 * 32)
                    << "never more than the samples and their headers";
            }
}

TEST(FlacEncoder, BringsBackEveryNumberOfChannels) {
    for (int channels = 1; channels <= 8; ++channels)
        for (const BitDepth depth : depths)
            proven_bytes(made(channels, 5'000,
                              [](int c, std::int64_t i) {
                                  return 20'000 * std::sin(static_cast<double>(i) * 0.01 * (c + 1));
                              }),
                         depth);
}

TEST(FlacEncoder, StoresInFewBytesWhatTellsLittle) {
    const auto bytes_of = [](int channels, const std::function<double(int, std::int64_t)>& sample) {
        return proven_bytes(made(channels, 4'096, sample), BitDepth::pcm24);
    };
    const auto hiss = [](int, std::int64_t i) { return 3000 * random_of(0, i); };

    EXPECT_LT(bytes_of(2, [](int, std::int64_t) { return 0; }), 20U);
    EXPECT_LT(bytes_of(2, [](int c, std::int64_t) { return c == 0 ? -8'388'608 : 7; }), 20U);
    EXPECT_LT(bytes_of(1, [](int, std::int64_t i) { return 3.0 * static_cast<double>(i); }), 700U)
        << "a bit a sample";
    EXPECT_LT(bytes_of(2, hiss), bytes_of(1, hiss) + 20) << "the same twice";
    EXPECT_LT(bytes_of(1, [&](int, std::int64_t i) { return 64 * std::floor(hiss(0, i) / 64); }),
              bytes_of(1, hiss) - 4'096 / 8 * 5)
        << "six low bits are 0";
}

TEST(FlacEncoder, WritesEveryRateAndNumberThatAHeaderHolds) {
    const auto head_of = [](int rate, std::uint64_t number, std::int64_t frames) {
        FlacFrameEncoder encoder({rate, 1}, 16);
        BlockBuffer<std::int32_t> silence(1, frames);
        Bytes frame;
        encoder.append(std::as_const(silence).const_view(frames), number, frame);
        std::string text;
        for (std::size_t i = 2; i < frame.size() - 6; ++i)
            text += fmt::format("{:02x}", std::to_integer<int>(frame[i]));
        return text;  // without the mark in front; the checksums and the silence behind
    };
    EXPECT_EQ(head_of(44'100, 0, 4096), "c90800");
    EXPECT_EQ(head_of(192'000, 0x7F, 4096), "c3087f");
    EXPECT_EQ(head_of(48'000, 0x80, 256), "6a08c280ff");
    EXPECT_EQ(head_of(48'000, 0x7FF, 257), "7a08dfbf0100");
    EXPECT_EQ(head_of(12'000, 0x800, 4096), "cc08e0a0800c");
    EXPECT_EQ(head_of(44'056, 0x10000, 4096), "cd08f0908080ac18");
    EXPECT_EQ(head_of(128'010, 0x3FF'FFFF, 1), "6e08fbbfbfbfbf003201");
    EXPECT_EQ(head_of(128'011, 0x7FFF'FFFF, 4096), "c008fdbfbfbfbfbf");
    EXPECT_EQ(head_of(8'000, 0xF'FFFF'FFFF, 4096), "c408febfbfbfbfbfbf");
}

TEST(FlacEncoder, MakesTheSameBytesOnEveryTarget) {
    for (const BitDepth depth : depths) {
        const double full = std::ldexp(1.0, bits_of(depth) - 1);
        const auto signal = made(2, 30'000, [&](int c, std::int64_t i) {
            const double t = static_cast<double>(i);
            return full *
                   (0.4 * std::sin(t * 0.02) + 0.3 * std::sin(t * t * 1e-6 + c) + 0.01 * random_of(c, i));
        });
        test::expect_same_on_all_targets([&] { return flac_of(signal, depth); });
    }
}

TEST(FlacEncoder, TakesFewerBytesForSongsThanItsMakersProgram) {
    DUBPLATE_SKIP_WITHOUT("flac");
    const TempFolder folder;
    for (const std::string& name : test::song_names)
        for (const BitDepth depth : depths) {
            const auto song = test::load_song(name, 44'100, 2);
            if (song.frames() == 0) GTEST_SKIP() << "no song: install frozen-bubble-data and ffmpeg";
            const Bytes ours = flac_of(test::quantized(song, bits_of(depth)), depth);
            test::write_file(folder / "ours.flac", ours);
            const auto ran =
                test::run_shell(fmt::format("cd '{}' && flac -t -s -w ours.flac && flac -d -s -f -o a.wav "
                                            "ours.flac && flac -5 -s -f -o theirs.flac a.wav",
                                            (folder / "").string()));
            ASSERT_EQ(ran.status, 0) << ran.output;
            const auto theirs = static_cast<double>(std::filesystem::file_size(folder / "theirs.flac"));
            EXPECT_LT(static_cast<double>(ours.size()), theirs) << name << ", " << bits_of(depth);
        }
}

}  // namespace
}  // namespace dubplate
