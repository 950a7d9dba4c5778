#include <gmock/gmock.h>

#include <cmath>

#include "formats/audio/libav_reader.h"
#include "support/bytes.h"
#include "support/codec_files.h"
#include "support/failing_source.h"
#include "support/temp_folder.h"

namespace dubplate {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Little-endian PCM or float in a plain WAV file.
Bytes wav_of(int channels, int bits, bool is_float, const Bytes& data) {
    std::string text = "RIFF....WAVEfmt ";
    const auto number = [&](std::uint64_t value, int bytes) {
        for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFF);
    };
    const auto frame_bytes = static_cast<std::uint64_t>(channels * bits / 8);
    number(16, 4);
    number(is_float ? 3 : 1, 2);
    number(static_cast<std::uint64_t>(channels), 2);
    number(44100, 4);
    number(44100 * frame_bytes, 4);
    number(frame_bytes, 2);
    number(static_cast<std::uint64_t>(bits), 2);
    text += "data";
    number(data.size(), 4);
    Bytes bytes = to_bytes(text);
    bytes.insert(bytes.end(), data.begin(), data.end());
    return bytes;
}

TEST(Libav, NeverFollowsAPlaylist) {
    const TempFolder folder;
    const auto target = folder.write("a.wav", to_text(wav_of(1, 16, false, Bytes(2000))));
    for (const std::string& content :
         {"#EXTM3U\n" + target.string() + "\n",
          "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\n" + target.string() + "\n",
          "ffconcat version 1.0\nfile '" + target.string() + "'\n", std::string("[playlist]\nFile1=a.wav\n"),
          std::string("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), std::string()}) {
        const auto source = test::bytes_source(to_bytes(content));
        const auto reader = open_with_libav(*source);
        ASSERT_FALSE(reader) << content;
        EXPECT_EQ(reader.error().code, ErrorCode::unsupported) << content;
    }
}

TEST(Libav, ADemuxerThatIsForcedOnAPlaylistOpensNothing) {
    const auto source = test::bytes_source(to_bytes("#EXTM3U\n/etc/passwd\n"));
    for (const LibavDemuxer demuxer :
         {LibavDemuxer::wav, LibavDemuxer::mov, LibavDemuxer::ogg, LibavDemuxer::flac, LibavDemuxer::aiff,
          LibavDemuxer::mp3, LibavDemuxer::aac, LibavDemuxer::w64})
        EXPECT_FALSE(open_libav(*source, {.demuxer = demuxer}));
}

TEST(Libav, ScalesIntegersExactly) {
    struct Case {
        int bits;
        std::vector<std::int64_t> samples;
    };
    for (const Case& c : {Case{16, {-32768, -1, 0, 1, 32767}}, Case{24, {-8388608, -1, 0, 1, 8388607}},
                          Case{32, {-2147483648, -256, 0, 256, 2147483392}}}) {
        Bytes data;
        for (const std::int64_t sample : c.samples)
            for (int i = 0; i < c.bits / 8; ++i)
                data.push_back(static_cast<std::byte>(static_cast<std::uint64_t>(sample) >> (8 * i) & 0xFF));
        SourceInfo info;
        const auto audio = test::decode(wav_of(1, c.bits, false, data), &open_with_libav, &info);
        ASSERT_TRUE(audio) << audio.error().to_string();
        ASSERT_EQ(audio->frames(), 5);
        EXPECT_EQ(info.bits, c.bits);
        EXPECT_FALSE(info.is_float);
        for (std::size_t i = 0; i < 5; ++i)
            EXPECT_EQ(audio->channels[0][i],
                      static_cast<float>(std::ldexp(static_cast<double>(c.samples[i]), 1 - c.bits)));
    }
}

TEST(Libav, PassesNaNAndInfinityOn) {
    const std::array<float, 4> samples{std::nanf(""), HUGE_VALF, -HUGE_VALF, 1.5F};
    const auto data = std::as_bytes(std::span(samples));
    SourceInfo info;
    const auto audio = test::decode(wav_of(1, 32, true, {data.begin(), data.end()}), &open_with_libav, &info);
    ASSERT_TRUE(audio) << audio.error().to_string();
    ASSERT_EQ(audio->frames(), 4);
    EXPECT_TRUE(std::isnan(audio->at(0, 0)));
    EXPECT_EQ(audio->at(0, 1), HUGE_VALF);
    EXPECT_EQ(audio->at(0, 2), -HUGE_VALF);
    EXPECT_EQ(audio->at(0, 3), 1.5F);
    EXPECT_TRUE(info.is_float);
}

TEST(Libav, KeepsTheOrderOfEightChannels) {
    Bytes data;
    for (int i = 0; i < 80; ++i) {
        data.push_back(std::byte{0});
        data.push_back(static_cast<std::byte>(i % 8));
    }
    const auto audio = test::decode(wav_of(8, 16, false, data), &open_with_libav);
    ASSERT_TRUE(audio) << audio.error().to_string();
    ASSERT_EQ(audio->frames(), 10);
    for (int c = 0; c < 8; ++c) EXPECT_EQ(audio->at(c, 3), static_cast<float>(c) / 128);
}

TEST(Libav, RefusesMoreThanEightChannels) {
    const auto audio = test::decode(wav_of(9, 16, false, Bytes(180)), &open_with_libav);
    ASSERT_FALSE(audio);
    EXPECT_EQ(audio.error().code, ErrorCode::unsupported);
    EXPECT_THAT(audio.error().message, HasSubstr("9 channels"));
}

TEST(Libav, ReadsWhatOtherProgramsWrite) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    const TempFolder folder;
    const std::string source =
        "ffmpeg -v error -y -f lavfi -i \"aevalsrc='0.5*sin(3000*t)|0.4*sin(700*t)':s=48000:d=0.3\" ";
    for (const std::string options :
         {"-c:a pcm_s16le a.wav", "-c:a pcm_s24le a.wav", "-c:a pcm_s32le a.wav", "-c:a pcm_f32le a.wav",
          "-c:a pcm_f64le a.wav", "-c:a pcm_s24le -rf64 always a.wav", "-c:a pcm_s24le a.w64",
          "-c:a pcm_s16be a.aiff", "-c:a pcm_s24be a.aiff", "-c:a pcm_f32be a.aiff", "-c:a flac a.flac"}) {
        ASSERT_EQ(test::run_shell("cd '" + folder.path().string() + "' && " + source + options).status, 0)
            << options;
        SourceInfo info;
        const auto audio = test::decode(test::read_file(folder / options.substr(options.rfind(' ') + 1)),
                                        &open_with_libav, &info);
        ASSERT_TRUE(audio) << options << ": " << audio.error().to_string();
        EXPECT_EQ(audio->frames(), 14400) << options;
        EXPECT_EQ(info.frames, 14400) << options;
        EXPECT_TRUE(info.frames_exact) << options;
        EXPECT_THAT(info.warnings, IsEmpty()) << options;
        for (const std::int64_t i : {0, 1, 777, 14399}) {
            const double seconds = static_cast<double>(i) / 48000;
            EXPECT_NEAR(audio->at(0, i), 0.5 * std::sin(3000 * seconds), 4e-5) << options;
            EXPECT_NEAR(audio->at(1, i), 0.4 * std::sin(700 * seconds), 4e-5) << options;
        }
    }
}

TEST(Libav, TheBlockSizeChangesNothing) {
    const auto bytes = wav_of(2, 16, false, to_bytes(std::string(40000, 'x') + std::string(40000, 'Y')));
    const auto whole = test::decode(bytes, &open_with_libav);
    ASSERT_TRUE(whole);
    for (const std::int64_t block : {1, 7, 4096}) {
        const auto parts = test::decode(bytes, &open_with_libav, nullptr, block);
        ASSERT_TRUE(parts);
        EXPECT_EQ(*parts, *whole);
    }
}

TEST(Libav, TrimsInTheClockOfTheContainer) {
    Bytes data;
    for (int i = 0; i < 1000; ++i) {
        data.push_back(static_cast<std::byte>(i & 0xFF));
        data.push_back(static_cast<std::byte>(i >> 8));
    }
    const auto source = test::bytes_source(wav_of(1, 16, false, data));
    auto reader = open_libav(*source, {.demuxer = LibavDemuxer::wav, .trim = LibavTrim{50, 100, 22050}});
    ASSERT_TRUE(reader);
    EXPECT_EQ((*reader)->info().frames, 200);
    const auto audio = test::read_to_end(**reader, 33);
    ASSERT_TRUE(audio);
    EXPECT_EQ(audio->frames(), 200);
    EXPECT_EQ(audio->at(0, 0), 100.0F / 32768);
}

TEST(Libav, PassesOnTheErrorOfItsSource) {
    const FailingSource source(wav_of(2, 16, false, Bytes(4000000)), 3000000);
    auto reader = open_with_libav(source);
    ASSERT_TRUE(reader) << reader.error().to_string();
    const auto audio = test::read_to_end(**reader);
    ASSERT_FALSE(audio);
    EXPECT_EQ(audio.error().code, ErrorCode::io);
    EXPECT_THAT(audio.error().message, HasSubstr("the disk went away"));
}

TEST(Libav, SurvivesAHundredDamagedFiles) {
    test::expect_survives(wav_of(2, 24, false, to_bytes(std::string(6000, 'x'))), &open_with_libav);
}

TEST(Libav, TellsItsVersion) {
    EXPECT_THAT(libav_version(), ::testing::MatchesRegex("libavcodec [0-9.]+"));
}

}  // namespace
}  // namespace dubplate
