#include <gmock/gmock.h>

#include "support/bytes.h"
#include "support/codec_files.h"
#include "support/temp_folder.h"
#include "unit/formats_audio/chunk_files.h"

namespace dubplate {

extern const AudioFormat ogg_format;

namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Case {
    std::string name;
    std::string options;
    std::string codec;
    int rate;
    std::int64_t frames;
};

const std::array<Case, 3> cases{{
    {"vorbis.ogg", "-c:a libvorbis -q:a 5", "Vorbis", 44100, 200003},
    {"opus.opus", "-c:a libopus -b:a 128k -ar 48000", "Opus", 48000, 200017},
    {"flac.oga", "-c:a flac", "FLAC", 44100, 200003},
}};

struct Made {
    Bytes bytes;
    test::Audio source;
};

Made made_by_ffmpeg(const Case& c) {
    const TempFolder folder;
    const std::string wav = "'" + (folder / "a.wav").string() + "'";
    const std::string coded = "'" + (folder / c.name).string() + "'";
    const auto shell = test::run_shell(
        "ffmpeg -v error -f lavfi -i \"aevalsrc='0.5*sin(9000*t*t)|0.4*sin(7000*t*t)':s=" +
        std::to_string(c.rate) + ":d=5,atrim=end_sample=" + std::to_string(c.frames) + "\" -c:a pcm_s16le " +
        wav + " && ffmpeg -v error -i " + wav + " " + c.options + " -metadata title=Night " + coded);
    EXPECT_EQ(shell.status, 0) << shell.output;
    Made made{test::read_file(folder / c.name), {}};
    const auto source = test::decode(test::read_file(folder / "a.wav"), &open_with_libav);
    EXPECT_TRUE(source);
    if (source) made.source = *source;
    return made;
}

TEST(Ogg, IsReadToTheFrameAndInPlace) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    for (const Case& c : cases) {
        const Made made = made_by_ffmpeg(c);
        SourceInfo info;
        const auto audio = test::decode(made.bytes, ogg_format.open, &info, 1000);
        ASSERT_TRUE(audio) << audio.error().to_string();
        EXPECT_EQ(audio->frames(), c.frames) << c.name;
        EXPECT_EQ(test::best_lag(made.source, *audio), 0) << c.name;
        EXPECT_EQ(info.codec, c.codec);
        EXPECT_EQ(info.format, "ogg");
        EXPECT_EQ(info.lossy, c.codec != "FLAC");
        EXPECT_EQ(info.metadata.title, "Night");
        EXPECT_THAT(info.warnings, IsEmpty()) << c.name;
        if (!info.lossy) {
            EXPECT_EQ(*audio, made.source);
        }
    }
}

TEST(Ogg, AVorbisStreamOfChangingBlockSizesIsWhole) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    const TempFolder folder;
    const std::string wav = "'" + (folder / "a.wav").string() + "'";
    const std::string ogg = "'" + (folder / "a.ogg").string() + "'";
    // Clicks make the encoder change to short blocks and back.
    ASSERT_EQ(
        test::run_shell(
            "ffmpeg -v error -f lavfi -i \"aevalsrc='0.3*sin(3000*t)+0.6*lt(mod(t,0.21),0.001)':s=44100:"
            "d=4,atrim=end_sample=150001\" -c:a pcm_s16le " +
            wav + " && ffmpeg -v error -i " + wav + " -c:a libvorbis -q:a 6 " + ogg)
            .status,
        0);
    const auto source = test::decode(test::read_file(folder / "a.wav"), &open_with_libav);
    const auto audio = test::decode(test::read_file(folder / "a.ogg"), ogg_format.open);
    ASSERT_TRUE(source && audio);
    EXPECT_EQ(audio->frames(), 150001);
    EXPECT_EQ(test::best_lag(*source, *audio), 0) << "near the end, so nothing is lost before it";
}

// Real recordings against libvorbis, short ones among them whose block sizes change at once.
TEST(Ogg, VorbisIsWhatLibvorbisReads) {
    int files = 0;
    const std::filesystem::path songs = "/usr/share/games/frozen-bubble/snd";
    if (!std::filesystem::exists(songs)) GTEST_SKIP() << "no songs to read: install frozen-bubble-data";
    for (const auto& entry : std::filesystem::directory_iterator(songs)) {
        if (entry.path().extension() != ".ogg" || entry.file_size() > 200'000) continue;
        SCOPED_TRACE(entry.path().string());
        const Bytes bytes = test::read_file(entry.path());
        SourceInfo info;
        const auto ours = test::decode(bytes, ogg_format.open, &info);
        ASSERT_TRUE(ours) << ours.error().to_string();
        const test::SndFile theirs = test::snd_read(bytes);
        ASSERT_EQ(ours->frames(), theirs.info.frames);
        EXPECT_THAT(info.warnings, IsEmpty());
        for (std::size_t i = 0; i < theirs.floats.size(); ++i) {
            const auto channels = ours->channels.size();
            ASSERT_NEAR(ours->channels[i % channels][i / channels], theirs.floats[i], 1e-4) << "sample " << i;
        }
        ++files;
    }
    EXPECT_GE(files, 10);
}

TEST(Ogg, KnowsTheExactLengthBeforeItDecodes) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    for (const Case& c : cases) {
        const auto source = test::bytes_source(made_by_ffmpeg(c).bytes);
        const auto reader = ogg_format.open(*source);
        ASSERT_TRUE(reader);
        EXPECT_EQ((*reader)->info().frames, c.frames) << c.name;
        EXPECT_TRUE((*reader)->info().frames_exact) << c.name;
    }
}

TEST(Ogg, RewindsToTheSameSamples) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    for (const Case& c : cases) {
        const auto source = test::bytes_source(made_by_ffmpeg(c).bytes);
        auto reader = ogg_format.open(*source);
        ASSERT_TRUE(reader);
        const auto first = test::read_to_end(**reader);
        ASSERT_TRUE((*reader)->rewind());
        const auto second = test::read_to_end(**reader, 333);
        ASSERT_TRUE(first && second);
        EXPECT_EQ(*first, *second) << c.name;
    }
}

TEST(Ogg, ReadsChainedStreamsToTheEndOfTheLast) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    const Made made = made_by_ffmpeg(cases[0]);
    Bytes twice = made.bytes;
    twice.insert(twice.end(), made.bytes.begin(), made.bytes.end());
    SourceInfo info;
    const auto audio = test::decode(twice, ogg_format.open, &info);
    ASSERT_TRUE(audio) << audio.error().to_string();
    // The first one's end is not known any more: up to one block too much.
    EXPECT_GE(audio->frames(), 2 * cases[0].frames - 2048);
    EXPECT_LE(audio->frames(), 2 * cases[0].frames + 2048);
    EXPECT_EQ(info.frames, audio->frames());
    EXPECT_THAT(info.warnings, Contains(HasSubstr("the header says")));
}

TEST(Ogg, ReadsATruncatedFileUpToItsEnd) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    for (const Case& c : cases) {
        Made made = made_by_ffmpeg(c);
        made.bytes.resize(made.bytes.size() * 3 / 4);
        SourceInfo info;
        const auto audio = test::decode(made.bytes, ogg_format.open, &info);
        ASSERT_TRUE(audio) << c.name << ": " << audio.error().to_string();
        EXPECT_LT(audio->frames(), c.frames) << c.name;
        EXPECT_THAT(info.warnings, Contains(HasSubstr("ends before its last page"))) << c.name;
    }
}

TEST(Ogg, MissesTheLastPageWhereverTheFileIsCut) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    const Bytes whole = made_by_ffmpeg(cases[0]).bytes;
    const std::size_t last_page = to_text(whole).rfind("OggS");
    for (const std::size_t size : {last_page, last_page + 3, last_page + 20, whole.size() - 1}) {
        SourceInfo info;
        ASSERT_TRUE(test::decode({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)},
                                 ogg_format.open, &info));
        EXPECT_THAT(info.warnings, Contains(HasSubstr("ends before its last page"))) << size;
    }
}

TEST(Ogg, OfOtherEncodersAndWithATagBehindItIsWhole) {
    const TempFolder folder;
    const std::string wav = "'" + (folder / "a.wav").string() + "'";
    const std::string ogg = "'" + (folder / "a.ogg").string() + "'";
    for (const std::string& encoder :
         std::vector<std::string>{"sox -q " + wav + " " + ogg, "oggenc -Q -o " + ogg + " " + wav,
                                  "opusenc --quiet " + wav + " " + ogg}) {
        const std::string program = encoder.substr(0, encoder.find(' '));
        if (!test::has_program("sox") || !test::has_program(program)) continue;
        ASSERT_EQ(test::run_shell("sox -q -n -r 48000 -c 2 " + wav + " synth 3 pinknoise vol 0.5").status, 0);
        ASSERT_EQ(test::run_shell(encoder).status, 0) << program;
        Bytes bytes = test::read_file(folder / "a.ogg");
        for (const std::size_t tag_bytes : {0U, 128U}) {
            bytes.resize(bytes.size() + tag_bytes);
            SourceInfo info;
            ASSERT_TRUE(test::decode(bytes, ogg_format.open, &info)) << program;
            EXPECT_THAT(info.warnings, IsEmpty()) << program;
        }
    }
}

TEST(Ogg, SurvivesAHundredDamagedFiles) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    for (const Case& c : cases) test::expect_survives(made_by_ffmpeg(c).bytes, ogg_format.open);
}

}  // namespace
}  // namespace dubplate
