#include "formats/audio/format.h"

#include <gtest/gtest.h>

#include <set>

#include "unit/formats_audio/chunk_files.h"

namespace dubplate::test {

namespace {

TEST(AudioCatalog, ListsTheFormatsInOrderEachUnderItsOwnName) {
    std::string names;
    for (const AudioFormat* format : audio_formats()) names += std::string(format->name) + " ";

    EXPECT_EQ(names, "wav aiff flac mp3 m4a ogg ");
}

TEST(AudioCatalog, DescribesEveryFormatCompletely) {
    std::set<std::string_view> extensions;
    for (const AudioFormat* format : audio_formats()) {
        EXPECT_FALSE(format->title.empty());
        EXPECT_NE(format->recognizes, nullptr);
        EXPECT_NE(format->open, nullptr);
        ASSERT_FALSE(format->extensions.empty());
        for (const std::string_view extension : format->extensions)
            EXPECT_TRUE(extensions.insert(extension).second) << extension << " belongs to two formats";
        if (!format->writable()) continue;
        EXPECT_NE(format->retag, nullptr);
        EXPECT_NE(format->estimate_bytes, nullptr);
        EXPECT_FALSE(format->writer_library.empty());
        EXPECT_GE(format->max_channels, 2);
        EXPECT_LE(format->min_rate_hz, 44100);
        EXPECT_GE(format->max_rate_hz, 48000);
        EXPECT_EQ(format->depths.empty(), !format->lossless);
    }
}

TEST(AudioCatalog, FindsFormatsByNameAndByExtensionInAnyCase) {
    ASSERT_NE(find_audio_format("wav"), nullptr);
    EXPECT_EQ(find_format_by_extension("WAV"), find_audio_format("wav"));
    EXPECT_EQ(find_format_by_extension("Aif"), find_audio_format("aiff"));
    EXPECT_EQ(find_format_by_extension("aiff"), find_audio_format("aiff"));
    EXPECT_EQ(find_format_by_extension("wa"), nullptr);
    EXPECT_EQ(find_format_by_extension(""), nullptr);
    EXPECT_EQ(find_audio_format("WAV"), nullptr);
    EXPECT_EQ(find_audio_format("png"), nullptr);
}

TEST(AudioCatalog, NamesTheDepthsAsTheCommandLineDoes) {
    EXPECT_EQ(name_of(BitDepth::pcm16), "16");
    EXPECT_EQ(name_of(BitDepth::float32), "float");
    EXPECT_EQ(bits_of(BitDepth::pcm24), 24);
    EXPECT_EQ(bits_of(BitDepth::float32), 32);
}

TEST(AudioCatalog, ChecksSettingsAgainstTheFormat) {
    const AudioFormat& mp3 = *find_audio_format("mp3");
    const AudioFormat& wav = *find_audio_format("wav");
    WriterSettings settings;
    settings.stream = {96000, 2};

    EXPECT_TRUE(check_writer_settings(wav, settings));
    const Status refused = check_writer_settings(mp3, settings);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
    EXPECT_NE(refused.error().message.find("96000 Hz"), std::string::npos);
    settings.frames = -1;
    EXPECT_EQ(check_writer_settings(wav, settings).error().code, ErrorCode::internal);
}

TEST(OpenAudio, SaysThatAnEmptyFileIsEmpty) {
    const Error error = error_of({});

    EXPECT_EQ(error.code, ErrorCode::corrupt);
    EXPECT_EQ(error.message, "is empty");
}

TEST(OpenAudio, SaysWhatAFileIsThatIsNotAudio) {
    struct Case {
        std::string_view content;
        std::string_view message;
    };
    using std::string_view_literals::operator""sv;
    for (const Case& c : {
             Case{"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"sv, "is a PNG picture, not audio"},
             Case{"\xff\xd8\xff\xe0\0\x10JFIF"sv, "is a JPEG picture, not audio"},
             Case{"GIF89a\1\0"sv, "is a GIF picture, not audio"},
             Case{"RIFF\0\0\0\0WEBPVP8 "sv, "is a WebP picture, not audio"},
             Case{"%PDF-1.7\n"sv, "is a PDF document, not audio"},
             Case{"PK\3\4\x14\0"sv, "is a ZIP archive, not audio"},
             Case{"MThd\0\0\0\6"sv, "is a MIDI file: notes, not audio"},
             Case{"Dear all,\nthis is no song.\n"sv, "is plain text, not audio"},
             Case{"Gr\xc3\xbc\xc3\x9f"
                  "e\n"sv,
                  "is plain text, not audio"},
             Case{"\xff\xfeH\0e\0l\0l\0o\0 \0a\0l\0l\0"sv, "is plain text, not audio"},
             Case{"<!DOCTYPE html>\n<html>"sv, "is a web page, not audio"},
             Case{"#EXTM3U\n#EXTINF:1,x\nsong.wav\n"sv,
                  "is an M3U playlist: a playlist that points to other files, not audio"},
             Case{"# mine\r\n/etc/song.MP3\r\n"sv,
                  "is an M3U playlist: a playlist that points to other files, not audio"},
             Case{"#EXTM3U\n#EXT-X-VERSION:3\nseg.ts\n"sv,
                  "is an HLS playlist: a playlist that points to other files, not audio"},
             Case{"[playlist]\nFile1=a.mp3\n"sv,
                  "is a PLS playlist: a playlist that points to other files, not audio"},
             Case{"<?xml version=\"1.0\"?>\n<playlist version=\"1\" xmlns=\"http://xspf.org/ns/0/\">"sv,
                  "is an XSPF playlist: a playlist that points to other files, not audio"},
             Case{"\xef\xbb\xbfREM x\r\nFILE \"a.wav\" WAVE\r\n  TRACK 01 AUDIO\r\n"sv,
                  "is a cue sheet that points to another file, not audio"},
         }) {
        const Error error = error_of(to_bytes(c.content));

        EXPECT_EQ(error.code, ErrorCode::unsupported) << c.message;
        EXPECT_EQ(error.message, c.message);
    }
}

TEST(OpenAudio, TellsWhatIsReadWhenTheFormatIsUnknown) {
    Bytes bytes = to_bytes("\1\2\3\4");
    bytes.resize(5000);

    const Error error = error_of(bytes);

    EXPECT_EQ(error.code, ErrorCode::unsupported);
    EXPECT_NE(error.hint.find("WAV, AIFF, FLAC"), std::string::npos);
}

// An ID3v2 tag of `size` bytes of zeros.
std::string id3_of(std::size_t size) {
    const auto byte = [&](int shift) { return static_cast<char>((size >> shift) & 0x7F); };
    return std::string("ID3\4\0\0", 6) + byte(21) + byte(14) + byte(7) + byte(0) + std::string(size, '\0');
}

TEST(OpenAudio, LooksBehindId3Tags) {
    const std::string behind_two_tags = id3_of(10) + id3_of(9000) + "\x89PNG\r\n\x1a\n";

    EXPECT_EQ(error_of(to_bytes(behind_two_tags)).message, "is a PNG picture, not audio");
}

TEST(OpenAudio, RefusesAnId3TagThatRunsPastTheEnd) {
    std::string tag = id3_of(5000);
    tag.resize(100);

    const Error error = error_of(to_bytes(tag));

    EXPECT_EQ(error.code, ErrorCode::corrupt);
    EXPECT_EQ(error.message, "ends within its ID3 tag");
}

TEST(OpenAudio, GoesByTheContentAndNeverByTheName) {
    const auto source =
        make_memory_source(std::make_shared<const Bytes>(
                               snd_write(noise(44100, 1, 0.01, 1.0), SF_FORMAT_AIFF | SF_FORMAT_PCM_16)),
                           "song.wav");

    const auto reader = open_audio(*source);

    ASSERT_TRUE(reader);
    EXPECT_EQ((*reader)->info().format, "aiff");
}

TEST(OpenAudio, TellsTrueAudioFromTextForEveryWritableFormat) {
    for (const AudioFormat* format : audio_formats()) {
        if (!format->writable()) continue;
        const Bytes bytes = format->takes_integers(format->default_depth)
                                ? written(*format, integer_noise(2, 9000, 16), BitDepth::pcm16)
                                : written(*format, noise(44100, 2, 0.2, 0.5), BitDepth::float32);

        const ReadBack back = read_back(bytes);

        EXPECT_EQ(back.info.format, format->name);
        EXPECT_GT(back.audio.frames(), 0);
    }
}

}  // namespace

}  // namespace dubplate::test
