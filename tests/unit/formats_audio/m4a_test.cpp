#include "formats/audio/m4a.h"

#include <gmock/gmock.h>

#include "formats/audio/m4a_boxes.h"
#include "support/bytes.h"
#include "support/codec_files.h"
#include "support/temp_folder.h"

namespace dubplate {

extern const AudioFormat m4a_format;

namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::int64_t source_frames = 40001;  // no whole number of milliseconds

// A sweep with a little noise, made and coded by ffmpeg; `options` name the codec and the container.
struct Made {
    Bytes bytes;
    test::Audio source;
};

Made made_by_ffmpeg(const std::string& options, const std::string& name) {
    const TempFolder folder;
    const std::string wav = "'" + (folder / "a.wav").string() + "'";
    const std::string coded = "'" + (folder / name).string() + "'";
    const auto shell = test::run_shell(
        "ffmpeg -v error -f lavfi -i "
        "\"aevalsrc='0.5*sin(9000*t*t)|0.4*sin(7000*t*t)':s=44100,atrim=end_sample=" +
        std::to_string(source_frames) + "\" -c:a pcm_s16le " + wav + " && ffmpeg -v error -i " + wav + " " +
        options + " " + coded);
    EXPECT_EQ(shell.status, 0) << shell.output;
    Made made{test::read_file(folder / name), {}};
    const auto source = test::decode(test::read_file(folder / "a.wav"), &open_with_libav);
    EXPECT_TRUE(source);
    if (source) made.source = *source;
    return made;
}

std::uint64_t u32_at(const Bytes& bytes, std::size_t place) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | std::to_integer<std::uint64_t>(bytes[place + i]);
    return value;
}

void put_u32(Bytes& bytes, std::size_t place, std::uint64_t value) {
    for (std::size_t i = 0; i < 4; ++i)
        bytes[place + i] = static_cast<std::byte>(value >> (24 - 8 * i) & 0xFF);
}

Bytes box(const std::string& type, const Bytes& payload) {
    Bytes result(4);
    put_u32(result, 0, payload.size() + 8);
    for (const Bytes& part : {to_bytes(type), payload}) result.insert(result.end(), part.begin(), part.end());
    return result;
}

Bytes joined(std::initializer_list<Bytes> parts) {
    Bytes result;
    for (const Bytes& part : parts) result.insert(result.end(), part.begin(), part.end());
    return result;
}

// Writes iTunes' comment into the moov box, which must be the last in the file, in place of ffmpeg's user data at its end.
Bytes with_itunes_gap(Bytes bytes, const std::string& text) {
    const std::string all = to_text(bytes);
    const std::size_t moov = all.rfind("moov") - 4;
    EXPECT_EQ(moov + u32_at(bytes, moov), bytes.size());
    if (const std::size_t old = all.rfind("udta"); old != std::string::npos && old > moov) {
        put_u32(bytes, moov, u32_at(bytes, moov) - u32_at(bytes, old - 4));
        bytes.resize(old - 4);
    }
    const Bytes zeros(4);
    const Bytes item =
        box("----",
            joined({box("mean", joined({zeros, to_bytes("com.apple.iTunes")})),
                    box("name", joined({zeros, to_bytes("iTunSMPB")})),
                    box("data", joined({to_bytes(std::string("\0\0\0\1\0\0\0\0", 8)), to_bytes(text)}))}));
    const Bytes handler = box("hdlr", joined({Bytes(8), to_bytes("mdirappl"), Bytes(9)}));
    const Bytes udta = box("udta", box("meta", joined({zeros, handler, box("ilst", item)})));
    put_u32(bytes, moov, u32_at(bytes, moov) + udta.size());
    return joined({bytes, udta});
}

// Without the user data that ffmpeg writes, so that ours is the first.
constexpr const char* no_edits =
    "-c:a aac -b:a 128k -use_editlist 0 -fflags +bitexact -map_metadata -1 -empty_hdlr_name 1";

TEST(M4a, AacIsReadToTheFrameAndInPlace) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    const Made made = made_by_ffmpeg("-c:a aac -b:a 192k", "a.m4a");
    SourceInfo info;
    const auto audio = test::decode(made.bytes, m4a_format.open, &info, 1000);
    ASSERT_TRUE(audio) << audio.error().to_string();
    EXPECT_EQ(audio->frames(), source_frames);
    EXPECT_EQ(test::best_lag(made.source, *audio), 0);
    EXPECT_EQ(info.codec, "AAC");
    EXPECT_TRUE(info.lossy);
    EXPECT_GT(info.bitrate_kbps, 20);
    EXPECT_THAT(info.warnings, IsEmpty());
}

TEST(M4a, KnowsTheExactLengthBeforeItDecodes) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    for (const std::string codec : {"aac", "alac"}) {
        const auto source =
            test::bytes_source(made_by_ffmpeg("-movflags +faststart -c:a " + codec, "a.m4a").bytes);
        const auto reader = m4a_format.open(*source);
        ASSERT_TRUE(reader) << reader.error().to_string();
        EXPECT_EQ((*reader)->info().frames, source_frames);
        EXPECT_TRUE((*reader)->info().frames_exact);
    }
}

TEST(M4a, AlacIsReadSampleForSample) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    const Made made = made_by_ffmpeg("-c:a alac", "a.m4a");
    SourceInfo info;
    const auto audio = test::decode(made.bytes, m4a_format.open, &info);
    ASSERT_TRUE(audio) << audio.error().to_string();
    EXPECT_EQ(*audio, made.source);
    EXPECT_EQ(info.codec, "ALAC");
    EXPECT_EQ(info.bits, 16);
    EXPECT_FALSE(info.lossy);
}

TEST(M4a, AlacOfTwentyFourBitsIsReadSampleForSample) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    const TempFolder folder;
    const std::string base = (folder / "a").string();
    ASSERT_EQ(test::run_shell("ffmpeg -v error -f lavfi -i 'sine=441:d=0.3' -c:a pcm_s24le '" + base +
                              ".wav' && ffmpeg -v error -i '" + base + ".wav' -c:a alac -sample_fmt s32p '" +
                              base + ".m4a'")
                  .status,
              0);
    SourceInfo info;
    const auto alac = test::decode(test::read_file(folder / "a.m4a"), m4a_format.open, &info);
    const auto wav = test::decode(test::read_file(folder / "a.wav"), &open_with_libav);
    ASSERT_TRUE(alac && wav);
    EXPECT_EQ(*alac, *wav);
    EXPECT_EQ(info.bits, 24);
}

TEST(M4a, ItunesGapStandsInForAMissingEditList) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    const Made made = made_by_ffmpeg(no_edits, "a.m4a");
    const Bytes bytes = with_itunes_gap(
        made.bytes, " 00000000 00000400 000002BF 0000000000009C41 00000000 00000000 00000000 00000000");
    SourceInfo info;
    const auto audio = test::decode(bytes, m4a_format.open, &info);
    ASSERT_TRUE(audio) << audio.error().to_string();
    EXPECT_EQ(audio->frames(), source_frames);
    EXPECT_EQ(test::best_lag(made.source, *audio), 0);
}

TEST(M4a, WithoutAnyTellingOfItTheDelayStays) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    for (const auto& [options, name] :
         {std::pair{std::string(no_edits), "a.m4a"}, {"-c:a aac -b:a 128k", "a.aac"}}) {
        const Made made = made_by_ffmpeg(options, name);
        const auto audio = test::decode(made.bytes, m4a_format.open);
        ASSERT_TRUE(audio) << audio.error().to_string();
        EXPECT_EQ(test::best_lag(made.source, *audio), 1024) << name;
        EXPECT_EQ(audio->frames() % 1024, 0) << name;
    }
}

TEST(M4a, ReadsFragmentedFiles) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    const Made made =
        made_by_ffmpeg("-c:a aac -movflags frag_keyframe+empty_moov -frag_duration 200000", "a.mp4");
    const auto audio = test::decode(made.bytes, m4a_format.open);
    ASSERT_TRUE(audio) << audio.error().to_string();
    EXPECT_GE(audio->frames(), source_frames);
}

TEST(M4a, ReadsATruncatedFileUpToItsEndAndSaysSo) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    Made made = made_by_ffmpeg("-c:a aac -b:a 192k -movflags +faststart", "a.m4a");
    made.bytes.resize(made.bytes.size() * 2 / 3);
    SourceInfo info;
    const auto audio = test::decode(made.bytes, m4a_format.open, &info);
    ASSERT_TRUE(audio) << audio.error().to_string();
    EXPECT_GT(audio->frames(), source_frames / 3);
    EXPECT_LT(audio->frames(), source_frames);
    EXPECT_THAT(info.warnings, Contains(HasSubstr("ends before its last box")));
}

TEST(M4a, RefusesAFileThatLostItsDescription) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    Made made = made_by_ffmpeg("-c:a aac", "a.m4a");  // its moov stands at the end
    made.bytes.resize(made.bytes.size() / 2);
    EXPECT_EQ(test::decode(made.bytes, m4a_format.open).error().code, ErrorCode::corrupt);
}

TEST(M4a, PicksTheSoundBesideACover) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    const Made made = made_by_ffmpeg(
        "-f lavfi -i color=red:s=64x64:d=0.04 -map 0:a -map 1:v -frames:v 1 -c:v png "
        "-disposition:v:0 attached_pic -c:a aac",
        "a.m4a");
    const auto audio = test::decode(made.bytes, m4a_format.open);
    ASSERT_TRUE(audio) << audio.error().to_string();
    EXPECT_EQ(audio->frames(), source_frames);
}

TEST(M4a, RewindsToTheSameSamples) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    const auto source = test::bytes_source(made_by_ffmpeg("-c:a aac", "a.m4a").bytes);
    auto reader = m4a_format.open(*source);
    ASSERT_TRUE(reader);
    const auto first = test::read_to_end(**reader);
    ASSERT_TRUE((*reader)->rewind());
    const auto second = test::read_to_end(**reader, 333);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(*first, *second);
}

TEST(M4a, SurvivesAHundredDamagedFiles) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    for (const char* options : {"-c:a aac -movflags +faststart", "-c:a alac -movflags +faststart"})
        test::expect_survives(made_by_ffmpeg(options, "a.m4a").bytes, m4a_format.open);
    test::expect_survives(made_by_ffmpeg("-c:a aac", "a.aac").bytes, m4a_format.open);
}

TEST(M4aBoxes, ItunesGapIsReadFromItsHexadecimalWords) {
    EXPECT_EQ(parse_itunes_gap(" 00000000 00000840 000001CA 00000000003F31F6 00000000"),
              (ItunesGap{0x840, 0x1CA, 0x3F31F6}));
    for (const char* text :
         {"", " 00000000 00000840", " x y z", " 0 840 1CA 0", " 0 840 1CA FFFFFFFFFFFFFFFF"})
        EXPECT_FALSE(parse_itunes_gap(text)) << text;
}

TEST(M4aBoxes, TheFinestTellingOfTheLengthWins) {
    M4aTiming timing{
        .movie_timescale = 1000, .media_timescale = 44100, .media_length = 41025, .edits = {{907, 1024}}};
    EXPECT_EQ(m4a_trim(timing)->length, 40001) << "the packets agree with the edit list";
    timing.media_length = 41984;
    EXPECT_EQ(m4a_trim(timing)->length, 39999) << "the edit list alone, in milliseconds";
    timing.gap = ItunesGap{1024, 959, 40001};
    EXPECT_EQ(m4a_trim(timing)->length, 40001) << "iTunes agrees with the edit list";
    timing.edits = {{500, 0}, {300, 20000}};
    EXPECT_FALSE(m4a_trim(timing)) << "a montage";
}

TEST(M4aBoxes, AFloodOfBoxesEnds) {
    Bytes bytes = box("free", {});
    for (int i = 0; i < 15; ++i) bytes = joined({bytes, bytes});
    const auto source = test::bytes_source(bytes);
    const auto timing = read_m4a_timing(*source);
    ASSERT_TRUE(timing);
    EXPECT_FALSE(m4a_trim(*timing));
}

}  // namespace
}  // namespace dubplate
