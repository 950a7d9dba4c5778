#include "formats/audio/wav.h"

#include <gtest/gtest.h>

#include "unit/formats_audio/chunk_files.h"

namespace dubplate::test {

namespace {

const AudioFormat& wav() {
    return *find_audio_format("wav");
}

std::uint32_t u32_at(const Bytes& bytes, std::size_t offset) {
    return ByteReader(std::span(bytes).subspan(offset), ByteOrder::little).u32();
}
std::uint64_t u64_at(const Bytes& bytes, std::size_t offset) {
    return ByteReader(std::span(bytes).subspan(offset), ByteOrder::little).u64();
}

TEST(WavWriter, WritesIntegersThatLibsndfileReadsExactly) {
    for (const BitDepth depth : {BitDepth::pcm16, BitDepth::pcm24, BitDepth::pcm32}) {
        for (const int channels : {1, 2, 3, 4, 5, 6, 7, 8}) {
            const Integers signal = integer_noise(channels, 999, bits_of(depth));

            const SndFile judged = snd_read(written(wav(), signal, depth));

            ASSERT_EQ(judged.info.frames, 999);
            EXPECT_EQ(judged.info.channels, channels);
            EXPECT_EQ(judged.info.samplerate, 44100);
            EXPECT_EQ(judged.integers, interleaved_left_justified(signal, bits_of(depth)));
        }
    }
}

TEST(WavWriter, WritesFloatsThatLibsndfileReadsExactly) {
    for (const int channels : {1, 2, 6}) {
        const Audio signal = noise(96000, channels, 0.01, 1.5);

        const SndFile judged = snd_read(written(wav(), signal, BitDepth::float32));

        EXPECT_EQ(judged.floats, interleaved(signal));
    }
}

TEST(WavWriter, WritesTheSameBytesForEveryBlockSize) {
    const Integers signal = integer_noise(2, 20000, 24);
    const Bytes expected = written(wav(), signal, BitDepth::pcm24, {.tags = full_tags()});

    for (const std::int64_t block : block_sizes)
        EXPECT_EQ(written(wav(), signal, BitDepth::pcm24, {.tags = full_tags(), .block = block}), expected);
}

TEST(WavWriter, PutsTheChunksInTheOrderThatPlayersExpect) {
    TagSet tags = full_tags();
    tags.markers = {{10, 0, "verse"}, {20, 5, "fill"}};
    tags.loop = SampleLoop{5, 25, 48};

    const Bytes bytes = written(wav(), integer_noise(2, 30, 16), BitDepth::pcm16, {.tags = tags});

    EXPECT_EQ(ids_of(bytes), "[JUNK][fmt ][bext][iXML][LIST][cue ][LIST][smpl][acid][data][ID3 ]");
    EXPECT_EQ(u32_at(bytes, 4), bytes.size() - 8);
}

TEST(WavWriter, WritesThePlainFormatForMonoAndStereo) {
    const Bytes bytes = written(wav(), integer_noise(2, 10, 24), BitDepth::pcm24);

    EXPECT_EQ(payload_of(bytes, "fmt "),
              (to_bytes({"\x01\0\x02\0\x44\xac\0\0\x98\x09\x04\0\x06\0\x18\0", 16})));
}

TEST(WavWriter, WritesTheExtensibleFormatWithSpeakersForMoreThanTwoChannels) {
    const Bytes bytes = written(wav(), integer_noise(6, 10, 16), BitDepth::pcm16);

    const Bytes format = payload_of(bytes, "fmt ");
    ASSERT_EQ(format.size(), 40U);
    EXPECT_EQ(u32_at(format, 0), 0x0006FFFEU);
    EXPECT_EQ(u32_at(format, 20), 0x3FU);
}

TEST(WavWriter, TellsTheNumberOfFramesOfFloatsInAFactChunk) {
    const Bytes bytes = written(wav(), noise(44100, 2, 0.01, 1.0), BitDepth::float32);

    EXPECT_EQ(u32_at(payload_of(bytes, "fact"), 0), 441U);
}

TEST(WavWriter, PadsAudioOfOddLengthAndDoesNotCountThePad) {
    const Bytes bytes = written(wav(), integer_noise(1, 3, 24), BitDepth::pcm24);

    EXPECT_EQ(payload_of(bytes, "data").size(), 9U);
    EXPECT_EQ(chunks_of(bytes).back().id, "ID3 ");
    EXPECT_EQ(read_back(bytes).info.frames, 3);
}

TEST(WavWriter, TellsTheLoudnessThatIsKnownAtTheEndInBextAndId3) {
    const LoudnessFacts loudness{-16.02, 6.5, -1.23, -10.5, -12.25};

    const Bytes bytes = written(wav(), integer_noise(2, 30, 24), BitDepth::pcm24,
                                {.tags = full_tags(), .loudness = loudness});

    const Bytes bext = payload_of(bytes, "bext");
    ByteReader reader(std::span<const std::byte>(bext).subspan(346), ByteOrder::little);
    EXPECT_EQ(reader.u16(), 2);
    reader.skip(64);
    EXPECT_EQ(static_cast<std::int16_t>(reader.u16()), -1602);
    EXPECT_EQ(static_cast<std::int16_t>(reader.u16()), 650);
    EXPECT_EQ(static_cast<std::int16_t>(reader.u16()), -123);
    EXPECT_EQ(static_cast<std::int16_t>(reader.u16()), -1050);
    EXPECT_EQ(static_cast<std::int16_t>(reader.u16()), -1225);
    EXPECT_TRUE(contains(payload_of(bytes, "iXML"), "<BWF_LOUDNESS_VALUE>-1602<"));
    EXPECT_TRUE(contains(payload_of(bytes, "ID3 "), "-1.98 dB"));
    EXPECT_TRUE(contains(bext, "A=PCM,F=44100,W=24,M=stereo,T=Dubplate\r\n"));
}

TEST(WavWriter, ReadsBackEveryTag) {
    TagSet tags = full_tags();
    tags.markers = {{10, 0, "verse"}, {20, 5, "r\xc3\xa9gion"}, {30, 0, ""}};
    tags.loop = SampleLoop{5, 25, 48};

    const ReadBack back =
        read_back(written(wav(), integer_noise(2, 30, 16), BitDepth::pcm16, {.tags = tags}));

    EXPECT_EQ(back.info.metadata, tags.metadata);
    EXPECT_EQ(back.info.markers, tags.markers);
    EXPECT_EQ(back.info.loop, tags.loop);
    EXPECT_TRUE(back.info.losses.empty());
    EXPECT_TRUE(back.info.warnings.empty());
}

TEST(WavWriter, WritesMarkersAndLoopsThatLibsndfileReads) {
    TagSet tags;
    tags.markers = {{10, 0, "verse"}};
    tags.loop = SampleLoop{5, 25, 48};
    const Bytes bytes = written(wav(), integer_noise(2, 30, 16), BitDepth::pcm16, {.tags = tags});
    SndMemory memory{bytes, 0};
    SF_VIRTUAL_IO io = snd_memory_io();
    SF_INFO info{};
    const SndHandle file(sf_open_virtual(&io, SFM_READ, &info, &memory), sf_close);
    ASSERT_TRUE(file);

    SF_CUES cues{};
    SF_INSTRUMENT instrument{};
    ASSERT_EQ(sf_command(file.get(), SFC_GET_CUE, &cues, sizeof cues), SF_TRUE);
    ASSERT_EQ(sf_command(file.get(), SFC_GET_INSTRUMENT, &instrument, sizeof instrument), SF_TRUE);

    EXPECT_EQ(cues.cue_count, 1U);
    EXPECT_EQ(cues.cue_points[0].sample_offset, 10U);
    EXPECT_STREQ(cues.cue_points[0].name, "verse");
    EXPECT_EQ(instrument.loop_count, 1);
    EXPECT_EQ(instrument.loops[0].start, 5U);
    EXPECT_EQ(instrument.loops[0].end, 25U);
    EXPECT_EQ(static_cast<int>(instrument.basenote), 48);
}

TEST(WavWriter, BecomesRf64WhenTheFileOutgrowsTheLimit) {
    const Integers signal = integer_noise(2, 500, 16);
    MemoryFile file;
    auto writer = create_wav(file, settings_for(signal, BitDepth::pcm16), {}, 3000);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(write_signal(**writer, signal));
    ASSERT_TRUE((*writer)->finish({}));

    const Bytes& bytes = file.bytes();

    EXPECT_EQ(to_text(bytes).substr(0, 16), std::string("RF64\xff\xff\xff\xffWAVEds64", 16));
    EXPECT_EQ(u64_at(bytes, 20), bytes.size() - 8);
    EXPECT_EQ(u64_at(bytes, 28), 2000U);
    EXPECT_EQ(u64_at(bytes, 36), 500U);
    EXPECT_EQ(snd_read(bytes).integers, interleaved_left_justified(signal, 16));
    EXPECT_EQ(read_back(bytes).audio, as_floats(signal, 16));
}

// libsndfile 1.2 forgets the pad byte of odd chunks in RF64.
TEST(WavWriter, GivesEveryChunkBeforeTheAudioAnEvenSize) {
    TagSet tags;
    for (int length = 0; length < 4; ++length) {
        tags.metadata.album += "x";
        for (const Chunk& chunk :
             chunks_of(written(wav(), integer_noise(2, 10, 16), BitDepth::pcm16, {.tags = tags})))
            EXPECT_EQ(chunk.stated % 2, chunk.id == "ID3 " ? chunk.stated % 2 : 0) << chunk.id;
    }
}

TEST(WavWriter, WritesRf64HeaderWhenDataExceedsFourGiB) {
    WriterSettings settings;
    settings.stream = {192000, 1};
    settings.depth = BitDepth::float32;
    settings.frames = (std::int64_t{1} << 32) / 4 + 1;
    CountingFile file;
    auto writer = wav().create(file, settings, {});
    ASSERT_TRUE(writer);
    const BlockBuffer<float> block(1, 1 << 20);
    for (std::int64_t left = settings.frames; left > 0; left -= block.capacity())
        ASSERT_TRUE((*writer)->write(block.const_view(std::min(left, block.capacity()))));
    ASSERT_TRUE((*writer)->finish({}));

    const std::uint64_t data_bytes = static_cast<std::uint64_t>(settings.frames) * 4;
    EXPECT_EQ(to_text(file.head()).substr(0, 4), "RF64");
    EXPECT_EQ(u64_at(file.head(), 20), file.size() - 8);
    EXPECT_EQ(u64_at(file.head(), 28), data_bytes);
    EXPECT_GT(file.size(), data_bytes);
}

TEST(WavWriter, StaysRiffUpToTheLimit) {
    const Integers signal = integer_noise(2, 500, 16);
    const std::uint64_t riff_size = written(wav(), signal, BitDepth::pcm16).size() - 8;
    const auto form_at = [&](std::uint64_t limit) {
        MemoryFile file;
        auto writer = create_wav(file, settings_for(signal, BitDepth::pcm16), {}, limit);
        EXPECT_TRUE(writer && write_signal(**writer, signal) && (*writer)->finish({}));
        return to_text(file.bytes()).substr(0, 4);
    };

    EXPECT_EQ(form_at(riff_size), "RIFF");
    EXPECT_EQ(form_at(riff_size - 1), "RF64");
}

TEST(WavWriter, FailsWhenOtherFramesComeThanWerePromised) {
    const Integers signal = integer_noise(2, 10, 16);
    WriterSettings settings = settings_for(signal, BitDepth::pcm16);
    MemoryFile file;

    settings.frames = 11;
    auto fewer = wav().create(file, settings, {});
    ASSERT_TRUE(fewer);
    ASSERT_TRUE(write_signal(**fewer, signal));
    EXPECT_EQ((*fewer)->finish({}).error().message, "10 frames came where 11 were promised");
    settings.frames = 9;
    auto more = wav().create(file, settings, {});
    ASSERT_TRUE(more);
    EXPECT_EQ(write_signal(**more, signal).error().code, ErrorCode::internal);
}

TEST(WavWriter, WritesFilesOfNoFramesAndOfOne) {
    for (const std::int64_t frames : {0, 1}) {
        const Integers signal = integer_noise(2, frames, 24);

        const ReadBack back = read_back(written(wav(), signal, BitDepth::pcm24));

        EXPECT_EQ(back.info.frames, frames);
        EXPECT_EQ(back.audio, as_floats(signal, 24));
    }
}

TEST(WavWriter, RefusesWhatItCannotHoldAndSaysWhatIsAllowed) {
    MemoryFile file;
    WriterSettings settings;
    settings.stream = {44100, 9};
    EXPECT_EQ(wav().create(file, settings, {}).error().message,
              "WAV cannot hold 9 channels: 1 to 8 are allowed");
    settings.stream = {384000, 2};
    EXPECT_EQ(wav().create(file, settings, {}).error().code, ErrorCode::unsupported);
    EXPECT_EQ(file.size(), 0U);
}

TEST(WavWriter, EstimatesTheSizeOfAFile) {
    const Integers signal = integer_noise(2, 30000, 24);
    const auto estimate = static_cast<double>(wav().estimate_bytes(settings_for(signal, BitDepth::pcm24)));

    EXPECT_NEAR(estimate, static_cast<double>(written(wav(), signal, BitDepth::pcm24).size()), 4096.0);
}

}  // namespace

}  // namespace dubplate::test
