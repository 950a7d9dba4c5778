#include "formats/audio/aiff.h"

#include <gtest/gtest.h>

#include "formats/audio/aiff_chunks.h"
#include "unit/formats_audio/chunk_files.h"

namespace dubplate::test {

namespace {

const AudioFormat& aiff() {
    return *find_audio_format("aiff");
}

std::string ids(const Bytes& bytes) {
    return ids_of(bytes, ByteOrder::big);
}
Bytes payload(const Bytes& bytes, std::string_view id) {
    return payload_of(bytes, id, ByteOrder::big);
}

struct Comm {
    std::uint16_t channels = 1;
    std::uint32_t frames = 4;
    std::uint16_t bits = 16;
    std::string rate = {"\x40\x0E\xAC\x44\0\0\0\0\0\0", 10};  // 44100 Hz
    std::string type = "";                                    // empty: AIFF, else AIFF-C
};

Bytes comm_chunk(const Comm& comm) {
    ByteBuilder payload(ByteOrder::big);
    payload.u16(comm.channels).u32(comm.frames).u16(comm.bits).text(comm.rate).text(comm.type);
    if (!comm.type.empty()) payload.u16(0);
    ByteBuilder chunk(ByteOrder::big);
    return chunk.chunk("COMM", payload.result()).result();
}

Bytes ssnd_chunk(const Bytes& data, std::uint32_t offset = 0) {
    ByteBuilder payload(ByteOrder::big);
    payload.u32(offset).u32(0).bytes(data);
    ByteBuilder chunk(ByteOrder::big);
    return chunk.chunk("SSND", payload.result()).result();
}

Bytes chunk_of(std::string_view id, std::string_view text) {
    ByteBuilder chunk(ByteOrder::big);
    return chunk.chunk(id, to_bytes(text)).result();
}

Bytes form(std::initializer_list<Bytes> chunks, std::string_view kind = "AIFF") {
    ByteBuilder file(ByteOrder::big);
    file.text("FORM").u32(0).text(kind);
    for (const Bytes& chunk : chunks) file.bytes(chunk);
    return file.result();
}

Bytes four_frames() {
    return to_bytes({"\0\0\x40\0\x80\0\xC0\0", 8});
}
const std::vector<float> four_samples{0.0F, 0.5F, -1.0F, -0.5F};

TEST(AiffWriter, WritesIntegersThatLibsndfileReadsExactly) {
    for (const BitDepth depth : {BitDepth::pcm16, BitDepth::pcm24, BitDepth::pcm32}) {
        for (const int channels : {1, 2}) {
            for (const int rate_hz : {8000, 22050, 44100, 48000, 192000}) {
                const Integers signal = integer_noise(channels, 333, bits_of(depth), rate_hz);

                const SndFile judged = snd_read(written(aiff(), signal, depth, {.tags = full_tags()}));

                ASSERT_EQ(judged.info.frames, 333);
                EXPECT_EQ(judged.info.samplerate, rate_hz);
                EXPECT_EQ(judged.integers, interleaved_left_justified(signal, bits_of(depth)));
            }
        }
    }
}

TEST(AiffWriter, WritesFloatsThatLibsndfileReadsExactly) {
    const Audio signal = noise(96000, 2, 0.01, 1.5);

    const Bytes bytes = written(aiff(), signal, BitDepth::float32);

    EXPECT_EQ(snd_read(bytes).floats, interleaved(signal));
    EXPECT_EQ(to_text(bytes).substr(8, 8), "AIFCFVER");
}

TEST(AiffWriter, WritesTheSameBytesForEveryBlockSize) {
    const Integers signal = integer_noise(2, 20000, 24);
    const Bytes expected = written(aiff(), signal, BitDepth::pcm24, {.tags = full_tags()});

    for (const std::int64_t block : block_sizes)
        EXPECT_EQ(written(aiff(), signal, BitDepth::pcm24, {.tags = full_tags(), .block = block}), expected);
}

TEST(AiffWriter, ReadsBackEveryTag) {
    TagSet tags = full_tags();
    tags.markers = {{10, 0, "verse"}, {20, 0, "r\xc3\xa9gion"}, {30, 0, ""}};
    tags.loop = SampleLoop{5, 25, 48};

    const Bytes bytes = written(aiff(), integer_noise(1, 31, 24), BitDepth::pcm24, {.tags = tags});

    const ReadBack back = read_back(bytes);
    EXPECT_EQ(back.info.metadata, tags.metadata);
    EXPECT_EQ(back.info.markers, tags.markers);
    EXPECT_EQ(back.info.loop, tags.loop);
    EXPECT_TRUE(back.info.losses.empty());
    EXPECT_EQ(ids(bytes), "[COMM][NAME][AUTH][(c) ][ANNO][MARK][INST][SSND][ID3 ]");
    EXPECT_EQ(ByteReader(std::span(bytes).subspan(4), ByteOrder::big).u32(), bytes.size() - 8);
}

TEST(AiffWriter, CutsLongMarkerLabelsBetweenCharacters) {
    TagSet tags;
    std::string label(254, 'x');
    label += "\xc3\xa9";  // its second byte would be the 256th
    tags.markers = {{1, 0, label}, {2, 0, "next"}};

    const SourceInfo info =
        read_back(written(aiff(), integer_noise(1, 9, 16), BitDepth::pcm16, {.tags = tags})).info;

    EXPECT_EQ(info.markers, (std::vector<Marker>{{1, 0, std::string(254, 'x')}, {2, 0, "next"}}));
}

TEST(AiffWriter, TellsTheLoudnessThatIsKnownAtTheEnd) {
    const LoudnessFacts loudness{-16.02, 6.5, -1.23, -10.5, -12.25};

    const Bytes bytes =
        written(aiff(), integer_noise(2, 30, 24), BitDepth::pcm24, {.tags = {}, .loudness = loudness});

    EXPECT_TRUE(contains(payload(bytes, "ID3 "), "-1.98 dB"));
}

TEST(AiffWriter, RefusesBeforeItWritesWhatWouldPassFourGiB) {
    MemoryFile file;
    WriterSettings settings;
    settings.stream = {192000, 2};
    settings.depth = BitDepth::pcm32;
    for (const std::int64_t frames : {(std::int64_t{1} << 32) / 8 - 8192, std::int64_t{1} << 62}) {
        settings.frames = frames;

        const auto writer = aiff().create(file, settings, {});

        ASSERT_FALSE(writer);
        EXPECT_EQ(writer.error().code, ErrorCode::limit_exceeded);
        EXPECT_EQ(file.size(), 0U);
    }
    settings.frames = (std::int64_t{1} << 32) / 8 - 16384;
    EXPECT_TRUE(aiff().create(file, settings, {}));
}

TEST(AiffWriter, RefusesMoreThanTwoChannelsAndNamesTheWayOut) {
    MemoryFile file;
    WriterSettings settings;
    settings.stream = {44100, 6};

    const auto writer = aiff().create(file, settings, {});

    ASSERT_FALSE(writer);
    EXPECT_EQ(writer.error().message, "AIFF cannot hold 6 channels: 1 to 2 are allowed");
    EXPECT_EQ(writer.error().hint, "use --channels 2");
}

TEST(AiffReader, ReadsEverythingThatLibsndfileWritesExactly) {
    int read = 0;
    for (const int endian : {SF_ENDIAN_FILE, SF_ENDIAN_LITTLE, SF_ENDIAN_BIG}) {
        for (const int encoding :
             {SF_FORMAT_PCM_S8, SF_FORMAT_PCM_U8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32,
              SF_FORMAT_FLOAT, SF_FORMAT_DOUBLE, SF_FORMAT_ALAW, SF_FORMAT_ULAW}) {
            for (const int channels : {1, 2, 6}) {
                const Bytes bytes =
                    snd_write(noise(48000, channels, 0.02, 1.0), SF_FORMAT_AIFF | encoding | endian);
                if (bytes.empty()) continue;

                const ReadBack back = read_back(bytes);

                const SndFile judged = snd_read(bytes);
                EXPECT_EQ(interleaved(back.audio), judged.floats) << encoding << " " << endian;
                EXPECT_EQ(back.info.stream.sample_rate_hz, 48000);
                EXPECT_EQ(back.info.format, "aiff");
                ++read;
            }
        }
    }
    EXPECT_GE(read, 27);
}

TEST(AiffReader, GivesTheSameSamplesForEveryBlockSizeAndAfterRewinding) {
    const Bytes bytes = snd_write(noise(44100, 2, 1.0, 1.0), SF_FORMAT_AIFF | SF_FORMAT_PCM_24);
    const Audio expected = read_back(bytes).audio;

    for (const std::int64_t block : {1, 7, 64, 4096, 100000})
        EXPECT_EQ(read_back(bytes, block).audio, expected);
    const auto source = source_of(bytes);
    const auto reader = open_audio(*source);
    ASSERT_TRUE(reader);
    EXPECT_EQ(read_back(**reader).audio, expected);
    ASSERT_TRUE((*reader)->rewind());
    EXPECT_EQ(read_back(**reader).audio, expected);
}

TEST(AiffReader, StartsBehindTheOffsetOfItsAudio) {
    ByteBuilder data(ByteOrder::big);
    data.zeros(6).bytes(four_frames());

    const ReadBack back = read_back(form({comm_chunk({}), ssnd_chunk(data.result(), 6)}));

    EXPECT_EQ(back.audio.channels[0], four_samples);
}

TEST(AiffReader, ReadsTheFormatBehindTheAudio) {
    EXPECT_EQ(read_back(form({ssnd_chunk(four_frames()), comm_chunk({})})).audio.channels[0], four_samples);
}

TEST(AiffReader, ReadsTheTextsOfOldProgramsWhereThereIsNoId3) {
    const Metadata metadata =
        read_back(form({chunk_of("NAME", "Title"), chunk_of("AUTH", "Bj\xf6rk"), chunk_of("(c) ", "me"),
                        chunk_of("ANNO", "said"), comm_chunk({}), ssnd_chunk(four_frames())}))
            .info.metadata;

    EXPECT_EQ(metadata.title, "Title");
    EXPECT_EQ(metadata.artist, "Bj\xc3\xb6rk");
    EXPECT_EQ(metadata.copyright, "me");
    EXPECT_EQ(metadata.comment, "said");
}

TEST(AiffReader, TakesTheCommentThatHangsOnNoMarker) {
    const std::string comt{"\0\2\0\0\0\0\0\1\0\3abc\0\0\0\0\0\0\0\0\2ok", 25};

    EXPECT_EQ(read_back(form({chunk_of("COMT", comt), comm_chunk({}), ssnd_chunk(four_frames())}))
                  .info.metadata.comment,
              "ok");
}

TEST(AiffReader, ReadsTheTextsWrittenByLibsndfile) {
    SndMemory memory;
    SF_VIRTUAL_IO io = snd_memory_io();
    SF_INFO info{0, 44100, 1, SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 0, 0};
    {
        const SndHandle file(sf_open_virtual(&io, SFM_WRITE, &info, &memory), sf_close);
        sf_set_string(file.get(), SF_STR_TITLE, "A title");
        sf_set_string(file.get(), SF_STR_ARTIST, "An artist");
        const std::vector<short> samples(10);
        ASSERT_EQ(sf_writef_short(file.get(), samples.data(), 10), 10);
    }

    const Metadata metadata = read_back(memory.bytes).info.metadata;

    EXPECT_EQ(metadata.title, "A title");
    EXPECT_EQ(metadata.artist, "An artist");
}

TEST(AiffReader, TakesWhatIsThereOfTruncatedDataAndWarns) {
    Comm comm;
    comm.frames = 441000;

    const ReadBack back = read_back(form({comm_chunk(comm), ssnd_chunk(four_frames())}));

    EXPECT_EQ(back.info.frames, 4);
    ASSERT_EQ(back.info.warnings.size(), 1U);
    EXPECT_EQ(back.info.warnings[0], "the header says 10.000 s, the file holds 0.000 s");
}

TEST(AiffReader, TakesWhatIsThereOfAStreamOfUnknownLength) {
    Comm comm;
    comm.frames = 0;

    const ReadBack back = read_back(form({comm_chunk(comm), ssnd_chunk(four_frames())}));

    EXPECT_EQ(back.info.frames, 4);
    EXPECT_TRUE(back.info.warnings.empty());
}

TEST(AiffReader, ReadsAFileOfNoFramesWithoutAudioChunk) {
    Comm comm;
    comm.frames = 0;

    EXPECT_EQ(read_back(form({comm_chunk(comm)})).info.frames, 0);
}

TEST(AiffReader, RefusesHeadersThatMakeNoSense) {
    struct Case {
        Comm comm;
        ErrorCode code;
        std::string_view message;
    };
    const std::string zero_hz(10, '\0');
    const std::string infinite_hz("\x7F\xFF\x80\0\0\0\0\0\0\0", 10);
    const std::string negative_hz("\xC0\x0E\xAC\x44\0\0\0\0\0\0", 10);
    for (const Case& c : {
             Case{{.channels = 0}, ErrorCode::corrupt, "the header says 0 channels"},
             Case{{.channels = 255}, ErrorCode::unsupported, "has 255 channels; 1 to 8 are read"},
             Case{{.bits = 0}, ErrorCode::corrupt, "the header says 0 bits for a sample; 1 to 32 are sound"},
             Case{
                 {.bits = 64}, ErrorCode::corrupt, "the header says 64 bits for a sample; 1 to 32 are sound"},
             Case{{.rate = zero_hz}, ErrorCode::corrupt, "the header says 0 Hz; 1000 to 768000 are sound"},
             Case{
                 {.rate = infinite_hz}, ErrorCode::corrupt, "the header says 0 Hz; 1000 to 768000 are sound"},
             Case{
                 {.rate = negative_hz}, ErrorCode::corrupt, "the header says 0 Hz; 1000 to 768000 are sound"},
             Case{{.type = "ima4"},
                  ErrorCode::unsupported,
                  "holds audio of the type 'ima4'; PCM, float, A-law and u-law are read from AIFF-C"},
         }) {
        const Error error = error_of(
            form({comm_chunk(c.comm), ssnd_chunk(four_frames())}, c.comm.type.empty() ? "AIFF" : "AIFC"));

        EXPECT_EQ(error.code, c.code) << c.message;
        EXPECT_EQ(error.message, c.message);
    }
    EXPECT_EQ(error_of(form({comm_chunk({}), ssnd_chunk(four_frames(), 9)})).code, ErrorCode::corrupt);
}

TEST(AiffReader, RefusesAHeaderThatIsCutOff) {
    const Bytes whole = form({comm_chunk({}), ssnd_chunk(four_frames())});
    for (std::size_t size = 12; size < 54; ++size) {
        const Error error = error_of({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});

        EXPECT_EQ(error.code, ErrorCode::corrupt) << size;
    }
}

TEST(AiffReader, TellsOfALoopWhoseMarkersAreMissing) {
    const Bytes places = render_aiff_places({}, SampleLoop{1, 3, 60});
    const Bytes inst(places.end() - 28, places.end());

    const SourceInfo info = read_back(form({inst, comm_chunk({}), ssnd_chunk(four_frames())})).info;

    EXPECT_FALSE(info.loop);
    EXPECT_EQ(info.losses, (std::vector<Loss>{{"loop", "its markers are missing"}}));
}

TEST(AiffRetag, ChangesTheTagsAndNotOneByteOfTheAudio) {
    TagSet before = full_tags();
    before.markers = {{10, 0, "old"}};
    ByteBuilder source_bytes(ByteOrder::big);
    source_bytes.bytes(written(aiff(), integer_noise(1, 31, 24), BitDepth::pcm24, {.tags = before}));
    source_bytes.chunk("APPL", to_bytes("odd"));
    const auto source = source_of(source_bytes.result());
    TagSet after = full_tags();
    after.metadata.title = "Another";
    after.markers = {{5, 0, "new"}};
    after.loop = SampleLoop{1, 30, 60};
    MemoryFile file;

    ASSERT_TRUE(aiff().retag(*source, file, after));

    EXPECT_EQ(payload(file.bytes(), "SSND"), payload(source_bytes.result(), "SSND"));
    EXPECT_EQ(payload(file.bytes(), "APPL"), to_bytes("odd"));
    const SourceInfo info = read_back(file.bytes()).info;
    EXPECT_EQ(info.metadata, after.metadata);
    EXPECT_EQ(info.markers, after.markers);
    EXPECT_EQ(info.loop, after.loop);
    EXPECT_EQ(ids(file.bytes()), "[COMM][NAME][AUTH][(c) ][ANNO][MARK][INST][SSND][APPL][ID3 ]");
}

TEST(AiffRetag, MakesTheHeaderOfATruncatedFileTrue) {
    Bytes bytes = snd_write(noise(44100, 2, 0.1, 1.0), SF_FORMAT_AIFF | SF_FORMAT_PCM_16);
    bytes.resize(bytes.size() - 1001);
    ASSERT_EQ(read_back(bytes).info.warnings.size(), 1U);
    const auto source = source_of(bytes);
    MemoryFile file;

    ASSERT_TRUE(aiff().retag(*source, file, full_tags()));

    const ReadBack back = read_back(file.bytes());
    EXPECT_EQ(back.audio, read_back(bytes).audio);
    EXPECT_TRUE(back.info.warnings.empty());
}

TEST(AiffRetag, RefusesToOutgrowTheLimit) {
    const auto source = source_of(written(aiff(), integer_noise(2, 500, 16), BitDepth::pcm16));
    MemoryFile file;

    EXPECT_EQ(retag_aiff(*source, file, full_tags(), 3000).error().code, ErrorCode::limit_exceeded);
}

}  // namespace

}  // namespace dubplate::test
