#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstring>

#include "core/version.h"
#include "formats/audio/flac_metadata.h"
#include "formats/audio/flac_parts.h"
#include "support/bytes.h"
#include "support/codec_files.h"
#include "support/temp_folder.h"

namespace dubplate {

extern const AudioFormat flac_format;

namespace {

using test::encode;
using test::EncodeOptions;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

test::Signal<std::int32_t> music(int rate, int channels, double seconds, int bits) {
    auto audio = test::sine(rate, channels, seconds, 440, -6);
    const auto hiss = test::noise(rate, channels, seconds, 0.1);
    for (int c = 0; c < channels; ++c)
        for (std::int64_t i = 0; i < audio.frames(); ++i) audio.at(c, i) += hiss.at(c, i);
    return test::quantized(audio, bits);
}

Bytes flac_of(const test::Signal<std::int32_t>& signal, BitDepth depth = BitDepth::pcm16,
              EncodeOptions options = {}) {
    options.settings.depth = depth;
    auto bytes = encode(flac_format, signal, std::move(options));
    EXPECT_TRUE(bytes) << bytes.error().to_string();
    return bytes ? *bytes : Bytes{};
}

Bytes a_png() {
    // One pixel, as small as a PNG can be.
    constexpr std::array<unsigned char, 67> png{
        0x89, 'P',  'N',  'G',  0x0D, 0x0A, 0x1A, 0x0A, 0,    0,    0,    13,  'I',  'H',  'D',  'R',  0,
        0,    0,    1,    0,    0,    0,    1,    8,    0,    0,    0,    0,   0x3A, 0x7E, 0x9B, 0x55, 0,
        0,    0,    10,   'I',  'D',  'A',  'T',  0x78, 0x9C, 0x63, 0x60, 0,   0,    0,    2,    0,    1,
        0x48, 0xAF, 0xA4, 0x71, 0,    0,    0,    0,    'I',  'E',  'N',  'D', 0xAE, 0x42, 0x60, 0x82};
    const auto bytes = std::as_bytes(std::span(png));
    return {bytes.begin(), bytes.end()};
}

TagSet some_tags() {
    TagSet tags;
    tags.metadata.title = "Nächte";
    tags.metadata.artist = "Dubplate";
    tags.metadata.track = {3, 12};
    tags.metadata.cover = Picture{"image/png", a_png()};
    tags.markers = {{0, 0, "Intro"}, {44100, 0, "Drop"}};
    return tags;
}

TEST(Flac, BringsBackEverySampleThroughBothDecoders) {
    struct Case {
        int rate;
        int channels;
        BitDepth depth;
    };
    for (const Case& c : {Case{44100, 2, BitDepth::pcm16}, Case{48000, 1, BitDepth::pcm24},
                          Case{96000, 8, BitDepth::pcm24}, Case{8000, 3, BitDepth::pcm16},
                          Case{192000, 2, BitDepth::pcm24}, Case{88211, 2, BitDepth::pcm16}}) {
        const int bits = bits_of(c.depth);
        const auto signal = music(c.rate, c.channels, 0.31, bits);
        const Bytes bytes = flac_of(signal, c.depth);
        SourceInfo info;
        const auto ours = test::decode(bytes, flac_format.open, &info, 1000);
        const auto libav = test::decode(bytes, &open_with_libav);

        ASSERT_TRUE(ours) << ours.error().to_string();
        ASSERT_TRUE(libav) << libav.error().to_string();
        EXPECT_EQ(*ours, test::as_float(signal, bits));
        EXPECT_EQ(*libav, test::as_float(signal, bits));
        EXPECT_EQ(info.frames, signal.frames());
        EXPECT_TRUE(info.frames_exact);
        EXPECT_EQ(info.bits, bits);
        EXPECT_THAT(info.warnings, IsEmpty());
    }
}

TEST(Flac, PassesTheJudgeOfItsMakers) {
    DUBPLATE_SKIP_WITHOUT("flac");
    const TempFolder folder;
    const auto signal = music(44100, 2, 21, 16);
    test::write_file(folder / "a.flac", flac_of(signal, BitDepth::pcm16, {.tags = some_tags()}));

    const std::string file = (folder / "a.flac").string();
    const auto verdict = test::run_shell("flac -t -w '" + file + "'");
    EXPECT_EQ(verdict.status, 0) << verdict.output;
    const auto listing = test::run_shell("metaflac --list '" + file + "'").output;
    EXPECT_THAT(listing, HasSubstr("total samples: " + std::to_string(signal.frames())));
    EXPECT_THAT(listing, HasSubstr("seek points: 5"));
    EXPECT_THAT(listing, HasSubstr("TITLE=Nächte"));
    EXPECT_THAT(listing, HasSubstr("CHAPTER002=00:00:01.000"));
    EXPECT_THAT(listing, Not(HasSubstr("minimum framesize: 0")));
    EXPECT_THAT(test::run_shell("metaflac --show-md5sum '" + file + "'").output,
                Not(HasSubstr("00000000000000000000000000000000")));
}

TEST(Flac, IsWhatItsMakersMakeOfTheSameSamplesButForTheFrames) {
    DUBPLATE_SKIP_WITHOUT("flac");
    const TempFolder folder;
    struct Case {
        int rate, channels, bits;
        double seconds;
    };
    // Up to numbers of two bytes; the rate and the last block's size are written out in the last case.
    for (const Case& c : {Case{44100, 2, 16, 15}, Case{8000, 1, 24, 1200}, Case{11110, 8, 16, 3}}) {
        const auto signal = music(c.rate, c.channels, c.seconds, c.bits);
        const Bytes ours = flac_of(signal, c.bits == 16 ? BitDepth::pcm16 : BitDepth::pcm24);
        test::write_file(folder / "ours.flac", ours);
        const auto ran =
            test::run_shell(fmt::format("cd '{}' && flac -t -w -s ours.flac && flac -d -s -f -o a.wav "
                                        "ours.flac && flac -5 -s -f --lax -o theirs.flac a.wav",
                                        (folder / "").string()));
        ASSERT_EQ(ran.status, 0) << ran.output;

        const auto info_of = [](const Bytes& file) { return scan_flac(*test::bytes_source(file))->info; };
        const Bytes theirs = test::read_file(folder / "theirs.flac");
        EXPECT_EQ(info_of(ours).md5, info_of(theirs).md5) << c.rate;
        EXPECT_EQ(info_of(ours).frames, info_of(theirs).frames) << c.rate;
        EXPECT_LT(static_cast<double>(ours.size()), 1.005 * static_cast<double>(theirs.size())) << c.rate;
    }
}

TEST(Flac, MakesTheSameFileOnAnyNumberOfThreads) {
    const auto signal = music(44100, 2, 12, 16);
    const Bytes alone = flac_of(signal);
    for (const int threads : {2, 5}) {
        EncodeOptions options;
        options.settings.threads = threads;
        EXPECT_EQ(flac_of(signal, BitDepth::pcm16, options), alone) << threads;
    }
}

TEST(Flac, StopsInTheMiddle) {
    std::stop_source stop;
    stop.request_stop();
    EncodeOptions options;
    options.settings.stop = stop.get_token();

    const auto bytes = encode(flac_format, music(44100, 2, 12, 16), options);

    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().code, ErrorCode::canceled);
}

TEST(Flac, SeekPointsNameTheFramesInWhichTheirMomentsLie) {
    const Bytes bytes = flac_of(music(8000, 1, 25, 16));
    const auto source = test::bytes_source(bytes);
    const auto layout = scan_flac(*source);
    ASSERT_TRUE(layout);
    const auto& blocks = layout->blocks;
    const auto table = std::ranges::find(blocks, FlacBlockType::seek_table, &FlacBlock::type);
    ASSERT_NE(table, blocks.end());
    ASSERT_EQ(table->size, 5U * 18U);

    const auto number = [&](std::uint64_t place, int size) {
        std::uint64_t value = 0;
        for (int i = 0; i < size; ++i) value = value << 8 | std::to_integer<std::uint64_t>(bytes[place++]);
        return value;
    };
    for (std::uint64_t i = 0; i < 5; ++i) {
        const std::uint64_t sample = number(table->offset + i * 18, 8);
        const std::uint64_t offset = number(table->offset + i * 18 + 8, 8);
        EXPECT_LE(sample, i * 40000);
        EXPECT_GT(sample + 4096, i * 40000);
        EXPECT_EQ(number(layout->audio_begin + offset, 2), 0xFFF8U) << "a frame begins there";
    }
}

Result<std::unique_ptr<AudioReader>> open_on_three_threads(const ByteSource& source) {
    return open_for_proof(source, 3);
}

// Where the payload of the seek table is.
FlacBlock seek_table_of(const Bytes& bytes) {
    const auto source = test::bytes_source(bytes);
    const auto layout = scan_flac(*source);
    return *std::ranges::find(layout->blocks, FlacBlockType::seek_table, &FlacBlock::type);
}

TEST(Flac, IsProvenInPartsAsInOne) {
    for (const BitDepth depth : {BitDepth::pcm16, BitDepth::pcm24}) {
        const Bytes bytes = flac_of(music(44'100, 2, 21.3, bits_of(depth)), depth);
        const auto source = test::bytes_source(bytes);
        auto parts = open_flac_parts(*source, {}, 2);
        ASSERT_TRUE(parts);
        ASSERT_NE(*parts, nullptr) << "there are parts";

        const auto in_one = test::decode(bytes, &open_with_libav);
        ASSERT_TRUE(in_one);
        for (const int block : {1'000, 8'192, 1 << 20}) {
            const auto in_parts = test::decode(bytes, &open_on_three_threads, nullptr, block);
            ASSERT_TRUE(in_parts) << in_parts.error().to_string();
            EXPECT_EQ(*in_parts, *in_one);
        }
    }
}

TEST(Flac, StartsAgainInTheMiddleOfItsParts) {
    const auto signal = music(44'100, 1, 16, 16);
    const Bytes bytes = flac_of(signal, BitDepth::pcm16);
    const auto source = test::bytes_source(bytes);
    auto reader = open_for_proof(*source, 2);
    ASSERT_TRUE(reader);
    BlockBuffer<float> first(1, 300'000);
    BlockBuffer<float> again(1, 300'000);

    ASSERT_EQ(*(*reader)->read(first.view(300'000)), 300'000);
    ASSERT_TRUE((*reader)->rewind());
    ASSERT_EQ(*(*reader)->read(again.view(300'000)), 300'000);

    EXPECT_TRUE(std::ranges::equal(first.channel(0), again.channel(0)));
}

TEST(Flac, WhoseSeekTableIsWrongFailsInPartsOrIsReadInOne) {
    const Bytes good = flac_of(music(8'000, 1, 25, 16));
    const FlacBlock table = seek_table_of(good);
    for (std::uint64_t byte = 0; byte < table.size; ++byte)
        for (const int bit : {0x01, 0x80}) {
            Bytes bytes = good;
            bytes[table.offset + byte] ^= static_cast<std::byte>(bit);
            const auto in_parts = test::decode(bytes, &open_on_three_threads);
            if (in_parts) {
                EXPECT_EQ(*in_parts, *test::decode(bytes, &open_with_libav)) << "byte " << byte;
            }
        }
}

TEST(Flac, MakesTheSameFileWhateverTheBlockSize) {
    const auto signal = music(44100, 2, 0.4, 24);
    const Bytes whole = flac_of(signal, BitDepth::pcm24, {.tags = some_tags(), .block = 100000});
    for (const std::int64_t block : {1, 7, 64, 4096})
        EXPECT_EQ(flac_of(signal, BitDepth::pcm24, {.tags = some_tags(), .block = block}), whole) << block;
}

TEST(Flac, ReadsItsTagsBackAndTakesTheLoudnessAtTheEnd) {
    const Bytes bytes = flac_of(music(44100, 2, 1.5, 16), BitDepth::pcm16,
                                {.tags = some_tags(), .loudness = LoudnessFacts{-16, 5, -1, -12, -14}});
    SourceInfo info;
    ASSERT_TRUE(test::decode(bytes, flac_format.open, &info));

    EXPECT_EQ(info.metadata.title, "Nächte");
    EXPECT_EQ(info.metadata.track, (NumberOf{3, 12}));
    EXPECT_EQ(info.metadata.cover, some_tags().metadata.cover);
    EXPECT_EQ(info.markers, some_tags().markers);
    EXPECT_THAT(to_text(bytes), HasSubstr("REPLAYGAIN_TRACK_GAIN=-2.00 dB"));
}

TEST(Flac, DropsMarkersBehindTheEndAndSaysSo) {
    TagSet tags = some_tags();
    tags.markers = {{10, 0, "in"}, {44100 * 100, 0, "out"}};
    SourceInfo info;
    ASSERT_TRUE(test::decode(flac_of(music(44100, 2, 1, 16), BitDepth::pcm16, {.tags = tags}),
                             flac_format.open, &info));
    EXPECT_EQ(info.markers.size(), 1U);
    EXPECT_THAT(info.losses, ::testing::Contains(Loss{"markers", "some stand behind the end"}));
}

TEST(Flac, HoldsNoFrames) {
    const Bytes bytes = flac_of(test::Signal<std::int32_t>(44100, 2, 0));
    const auto audio = test::decode(bytes, flac_format.open);
    ASSERT_TRUE(audio) << audio.error().to_string();
    EXPECT_EQ(audio->frames(), 0);
}

TEST(Flac, RefusesWhatItCannotHold) {
    const auto refused = [](test::Signal<std::int32_t> signal, BitDepth depth) {
        EncodeOptions options;
        options.settings.depth = depth;
        return encode(flac_format, signal, options).error().code;
    };
    EXPECT_EQ(refused({44100, 2, 10}, BitDepth::pcm32), ErrorCode::unsupported);
    EXPECT_EQ(refused({44100, 9, 10}, BitDepth::pcm16), ErrorCode::unsupported);
    EXPECT_EQ(refused({384000, 2, 10}, BitDepth::pcm16), ErrorCode::unsupported);
}

TEST(Flac, RefusesMoreFramesThanItWasToldOf) {
    MemoryStore store;
    auto file = store.create("a.flac", {});
    ASSERT_TRUE(file);
    auto writer = flac_format.create(
        **file, {.stream = {44100, 1}, .depth = BitDepth::pcm16, .mp3 = {}, .frames = 10}, {});
    ASSERT_TRUE(writer);
    BlockBuffer<std::int32_t> block(1, 11);
    EXPECT_EQ((*writer)->write(block.const_view(11)).error().code, ErrorCode::internal);
}

TEST(Flac, RewindsToTheSameSamples) {
    const auto source = test::bytes_source(flac_of(music(44100, 2, 0.5, 16)));
    auto reader = flac_format.open(*source);
    ASSERT_TRUE(reader);
    const auto first = test::read_to_end(**reader);
    ASSERT_TRUE((*reader)->rewind());
    const auto second = test::read_to_end(**reader, 333);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(*first, *second);
}

TEST(Flac, RetagsWithoutTouchingTheFrames) {
    const Bytes before = flac_of(music(44100, 2, 12, 16), BitDepth::pcm16, {.tags = some_tags()});
    TagSet tags;
    tags.metadata.title = "Other";
    MemoryStore store;
    auto file = store.create("b.flac", {});
    const auto source = test::bytes_source(before);
    ASSERT_TRUE(file);
    ASSERT_TRUE(flac_format.retag(*source, **file, tags));
    ASSERT_TRUE((*file)->publish());
    const Bytes after = *store.take("b.flac");

    const auto old_layout = scan_flac(*source);
    const auto new_source = test::bytes_source(after);
    const auto new_layout = scan_flac(*new_source);
    ASSERT_TRUE(old_layout && new_layout);
    EXPECT_TRUE(std::ranges::equal(std::span(before).subspan(old_layout->audio_begin),
                                   std::span(after).subspan(new_layout->audio_begin)));
    EXPECT_NE(std::ranges::find(new_layout->blocks, FlacBlockType::seek_table, &FlacBlock::type),
              new_layout->blocks.end());
    SourceInfo info;
    ASSERT_TRUE(test::decode(after, flac_format.open, &info));
    EXPECT_EQ(info.metadata.title, "Other");
    EXPECT_FALSE(info.metadata.cover);
    EXPECT_THAT(info.markers, IsEmpty());
}

TEST(Flac, TellsTheTimeOfADamagedFrame) {
    Bytes bytes = flac_of(music(44100, 2, 4, 16));
    bytes[bytes.size() / 2] ^= std::byte{0x10};
    for (const test::Opener open : {flac_format.open, &open_with_libav}) {
        const auto audio = test::decode(bytes, open);
        ASSERT_FALSE(audio);
        EXPECT_EQ(audio.error().code, ErrorCode::corrupt);
        EXPECT_THAT(audio.error().message, HasSubstr("damaged at 1.9"));
    }
}

TEST(Flac, ReadsATruncatedFileUpToItsEndAndSaysSo) {
    Bytes bytes = flac_of(music(44100, 2, 4, 16));
    bytes.resize(bytes.size() / 2);
    for (const test::Opener open : {flac_format.open, &open_with_libav}) {
        SourceInfo info;
        const auto audio = test::decode(bytes, open, &info);
        ASSERT_TRUE(audio) << audio.error().to_string();
        EXPECT_GT(audio->frames(), 44100);
        EXPECT_LT(audio->frames(), 44100 * 3);
        EXPECT_EQ(info.frames, audio->frames());
        EXPECT_THAT(info.warnings, Contains(HasSubstr("the header says 176400 frames")));
    }
}

TEST(Flac, RefusesMetadataThatRunsPastTheEnd) {
    Bytes bytes = flac_of(music(44100, 2, 0.1, 16));
    bytes.resize(60);
    EXPECT_EQ(test::decode(bytes, flac_format.open).error().code, ErrorCode::corrupt);
}

TEST(Flac, IgnoresAnId3TagAtTheEnd) {
    const auto signal = music(44100, 2, 0.5, 16);
    Bytes bytes = flac_of(signal);
    const Bytes id3v1 = to_bytes("TAG" + std::string(125, 'x'));
    bytes.insert(bytes.end(), id3v1.begin(), id3v1.end());
    SourceInfo info;
    const auto audio = test::decode(bytes, flac_format.open, &info);
    ASSERT_TRUE(audio) << audio.error().to_string();
    EXPECT_EQ(*audio, test::as_float(signal, 16));
    EXPECT_THAT(info.warnings, IsEmpty());
}

TEST(Flac, SurvivesAHundredDamagedFiles) {
    const Bytes bytes = flac_of(music(44100, 2, 0.5, 16), BitDepth::pcm16, {.tags = some_tags()});
    test::expect_survives(bytes, flac_format.open);
    test::expect_survives(bytes, &open_with_libav);
}

TEST(Flac, NamesItsEncoderAndItsVersion) {
    const Bytes bytes = flac_of(music(44100, 1, 0.1, 16));
    EXPECT_THAT(to_text(bytes), HasSubstr(fmt::format("{} {}", flac_format.writer_library, version())));
}

TEST(FlacMetadata, ChaptersSurviveToTheMillisecond) {
    const std::vector<Marker> markers{{0, 0, "a"}, {48000 * 3661, 0, ""}, {48000 * 3662 + 480, 0, "c=d"}};
    auto comments = chapter_comments(markers, 48000);
    comments.push_back("CHAPTER004NAME=no time");
    comments.push_back("TITLE=x");
    EXPECT_EQ(take_chapters(comments, 48000), markers);
    EXPECT_THAT(comments, ::testing::ElementsAre("TITLE=x"));
}

TEST(FlacMetadata, ACountOfCommentsThatLiesEndsWithTheBytes) {
    Bytes payload = render_flac_comments({"me", {"A=1", "B=2"}});
    payload[6] = payload[7] = payload[8] = payload[9] = std::byte{0xFF};
    EXPECT_THAT(parse_flac_comments(payload).comments, ::testing::ElementsAre("A=1", "B=2"));
}

TEST(FlacMetadata, APictureThatIsALinkIsNotTaken) {
    Bytes payload = render_flac_picture({"-->", to_bytes("http://example.com/a.png")});
    EXPECT_FALSE(parse_flac_picture(payload));
}

}  // namespace
}  // namespace dubplate
