#include "formats/audio/wav.h"

#include <gtest/gtest.h>

#include "formats/audio/wav_chunks.h"
#include "unit/formats_audio/chunk_files.h"

namespace dubplate::test {

namespace {

struct Fmt {
    std::uint16_t tag = 1;
    std::uint16_t channels = 2;
    std::uint32_t rate_hz = 44100;
    std::uint16_t block_align = 4;
    std::uint16_t bits = 16;
};

Bytes fmt_chunk(const Fmt& fmt) {
    ByteBuilder payload(ByteOrder::little);
    payload.u16(fmt.tag).u16(fmt.channels).u32(fmt.rate_hz).u32(fmt.rate_hz * fmt.block_align);
    payload.u16(fmt.block_align).u16(fmt.bits);
    ByteBuilder chunk(ByteOrder::little);
    return chunk.chunk("fmt ", payload.result()).result();
}

Bytes riff(std::initializer_list<Bytes> chunks) {
    ByteBuilder file(ByteOrder::little);
    file.text("RIFF").u32(0).text("WAVE");
    for (const Bytes& chunk : chunks) file.bytes(chunk);
    return file.result();
}

Bytes chunk_of(std::string_view id, const Bytes& payload) {
    ByteBuilder chunk(ByteOrder::little);
    return chunk.chunk(id, payload).result();
}

Bytes header_of(std::string_view id, std::uint32_t size) {
    ByteBuilder header(ByteOrder::little);
    return header.text(id).u32(size).result();
}

Bytes joined(std::initializer_list<Bytes> parts) {
    ByteBuilder all(ByteOrder::little);
    for (const Bytes& part : parts) all.bytes(part);
    return all.result();
}

// 10 stereo frames of 16 bits.
Bytes ten_frames() {
    ByteBuilder data(ByteOrder::little);
    for (std::uint16_t i = 0; i < 20; ++i) data.u16(static_cast<std::uint16_t>(i * 100));
    return data.result();
}

TEST(WavReader, ReadsEverythingThatLibsndfileWritesExactly) {
    int read = 0;
    for (const int container : {SF_FORMAT_WAV, SF_FORMAT_WAVEX, SF_FORMAT_RF64}) {
        for (const int encoding : {SF_FORMAT_PCM_U8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32,
                                   SF_FORMAT_FLOAT, SF_FORMAT_DOUBLE, SF_FORMAT_ALAW, SF_FORMAT_ULAW}) {
            for (const int channels : {1, 2, 6}) {
                const Bytes bytes = snd_write(noise(48000, channels, 0.02, 1.0), container | encoding);
                if (bytes.empty()) continue;

                const ReadBack back = read_back(bytes);

                const SndFile judged = snd_read(bytes);
                EXPECT_EQ(interleaved(back.audio), judged.floats) << container << " " << encoding;
                EXPECT_EQ(back.info.frames, judged.info.frames);
                EXPECT_EQ(back.info.stream.sample_rate_hz, 48000);
                ++read;
            }
        }
    }
    EXPECT_GE(read, 60);
}

TEST(WavReader, TellsTheCodecAndTheBits) {
    struct Case {
        int encoding;
        std::string codec;
        int bits;
        bool is_float;
    };
    for (const Case& c : {Case{SF_FORMAT_PCM_U8, "PCM", 8, false}, Case{SF_FORMAT_PCM_24, "PCM", 24, false},
                          Case{SF_FORMAT_FLOAT, "PCM", 32, true}, Case{SF_FORMAT_DOUBLE, "PCM", 64, true},
                          Case{SF_FORMAT_ALAW, "A-law", 8, false}, Case{SF_FORMAT_ULAW, "u-law", 8, false}}) {
        const SourceInfo info =
            read_back(snd_write(noise(8000, 1, 0.01, 1.0), SF_FORMAT_WAV | c.encoding)).info;

        EXPECT_EQ(info.format, "wav");
        EXPECT_EQ(info.codec, c.codec);
        EXPECT_EQ(info.bits, c.bits);
        EXPECT_EQ(info.is_float, c.is_float);
        EXPECT_FALSE(info.lossy);
        EXPECT_TRUE(info.frames_exact);
    }
}

TEST(WavReader, GivesTheSameSamplesForEveryBlockSizeAndAfterRewinding) {
    const Bytes bytes = snd_write(noise(44100, 2, 1.0, 1.0), SF_FORMAT_WAV | SF_FORMAT_PCM_24);
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

TEST(WavReader, ReadsSamplesInContainersThatAreWiderThanTheyAre) {
    // 24 bits that stand in the upper part of 4 bytes.
    const Bytes data = to_bytes({"\0\0\0\x80\0\0\0\x40", 8});

    const ReadBack back = read_back(riff({fmt_chunk({1, 1, 48000, 4, 24}), chunk_of("data", data)}));

    EXPECT_EQ(back.info.bits, 24);
    EXPECT_EQ(back.audio.channels[0], (std::vector<float>{-1.0F, 0.5F}));
}

TEST(WavReader, TellsTheValidBitsOfTheExtensibleFormat) {
    ByteBuilder format(ByteOrder::little);
    format.u16(0xFFFE).u16(1).u32(48000).u32(48000 * 3).u16(3).u16(24).u16(22).u16(20).u32(4).u16(1);
    format.text({"\0\0\0\0\x10\0\x80\0\0\xAA\0\x38\x9B\x71", 14});

    const ReadBack back = read_back(
        riff({chunk_of("fmt ", format.result()), chunk_of("data", to_bytes({"\0\0\x40\0\0\xC0", 6}))}));

    EXPECT_EQ(back.info.bits, 20);
    EXPECT_EQ(back.audio.channels[0], (std::vector<float>{0.5F, -0.5F}));
}

TEST(WavReader, WarnsOfSpeakersThatAreNotTheUsualOnes) {
    ByteBuilder format(ByteOrder::little);
    format.u16(0xFFFE).u16(4).u32(48000).u32(48000 * 8).u16(8).u16(16).u16(22).u16(16).u32(0x107).u16(1);
    format.text({"\0\0\0\0\x10\0\x80\0\0\xAA\0\x38\x9B\x71", 14});

    const ReadBack back = read_back(riff({chunk_of("fmt ", format.result()), chunk_of("data", Bytes(16))}));

    ASSERT_EQ(back.info.warnings.size(), 1U);
    EXPECT_NE(back.info.warnings[0].find("mask 0x107"), std::string::npos);
    EXPECT_TRUE(are_usual_speakers(0x60F, 6));
    EXPECT_TRUE(are_usual_speakers(0x3F, 6));
    EXPECT_FALSE(are_usual_speakers(0x3F0, 6));
}

TEST(WavReader, ReadsChunksBeforeAndAfterTheAudioAndOddOnes) {
    const Bytes bytes = riff({chunk_of("odd ", Bytes(3)), fmt_chunk({}),
                              chunk_of("LIST", to_bytes({"INFOINAM\4\0\0\0Abc\0", 16})),
                              chunk_of("data", ten_frames()), chunk_of("zzzz", Bytes(5))});

    const ReadBack back = read_back(bytes);

    EXPECT_EQ(back.info.frames, 10);
    EXPECT_EQ(back.info.metadata.title, "Abc");
    EXPECT_TRUE(back.info.warnings.empty());
}

TEST(WavReader, FindsTheAudioBehindAnOddChunkWithoutItsPad) {
    const Bytes odd = joined({header_of("odd ", 3), Bytes(3)});

    EXPECT_EQ(read_back(riff({odd, fmt_chunk({}), chunk_of("data", ten_frames())})).info.frames, 10);
}

TEST(WavReader, TakesWhatIsThereOfAStreamOfUnknownLength) {
    for (const std::uint32_t size : {0U, 0xFFFFFFFFU}) {
        const ReadBack back = read_back(riff({fmt_chunk({}), header_of("data", size), ten_frames()}));

        EXPECT_EQ(back.info.frames, 10) << size;
        EXPECT_TRUE(back.info.warnings.empty());
    }
}

TEST(WavReader, LeavesAnEmptyDataChunkEmptyWhenAnotherChunkFollows) {
    const ReadBack back = read_back(riff({fmt_chunk({}), header_of("data", 0), chunk_of("zzzz", Bytes(40))}));

    EXPECT_EQ(back.info.frames, 0);
    EXPECT_EQ(back.audio.frames(), 0);
}

TEST(WavReader, WarnsWhereMuchMoreFollowsThanTheHeaderTells) {
    const Bytes audio = to_bytes(std::string(20'000, '\x11'));
    for (const Bytes& more :
         {audio, joined({to_bytes("abcd"), audio})}) {  // the second might be a chunk's name
        const ReadBack back = read_back(riff({fmt_chunk({}), header_of("data", 40), ten_frames(), more}));

        EXPECT_EQ(back.info.frames, 10);
        ASSERT_EQ(back.info.warnings.size(), 1U);
        EXPECT_NE(back.info.warnings[0].find("40 bytes of audio"), std::string::npos);
        EXPECT_NE(back.info.warnings[0].find(std::to_string(more.size()) + " more bytes"), std::string::npos);
    }
}

TEST(WavReader, FindsOrdinaryWhatFollowsTheAudioUsually) {
    const Bytes large = chunk_of("wxyz", Bytes(50'001));
    const Bytes unpadded(large.begin(), large.end() - 1);
    for (const Bytes& rest : {Bytes{}, large, unpadded, joined({large, large}), Bytes(4000),
                              to_bytes("TAG" + std::string(125, ' '))})
        EXPECT_TRUE(
            read_back(riff({fmt_chunk({}), chunk_of("data", ten_frames()), rest})).info.warnings.empty());
}

TEST(WavReader, TakesWhatIsThereOfTruncatedDataAndWarns) {
    const ReadBack back = read_back(riff({fmt_chunk({}), header_of("data", 441000), ten_frames()}));

    EXPECT_EQ(back.info.frames, 10);
    ASSERT_EQ(back.info.warnings.size(), 1U);
    EXPECT_EQ(back.info.warnings[0], "the header says 2.500 s, the file holds 0.000 s");
}

TEST(WavReader, LeavesOutAFrameThatIsNotWhole) {
    Bytes data = ten_frames();
    data.resize(data.size() - 1);

    const ReadBack back = read_back(riff({fmt_chunk({}), chunk_of("data", data)}));

    EXPECT_EQ(back.info.frames, 9);
    EXPECT_EQ(back.info.warnings.size(), 1U);
}

TEST(WavReader, ReadsRf64WhoseSizesStandInDs64) {
    for (const std::string_view form : {"RF64", "BW64"}) {
        ByteBuilder file(ByteOrder::little);
        file.text(form).u32(unknown_size).text("WAVE");
        ByteBuilder ds64(ByteOrder::little);
        ds64.u64(0).u64(40).u64(10).u32(1).text("zzzz").u64(6);
        file.chunk("ds64", ds64.result()).bytes(fmt_chunk({}));
        file.text("zzzz").u32(unknown_size).zeros(6);
        file.text("data").u32(unknown_size).bytes(ten_frames());
        file.chunk("LIST", to_bytes({"INFOINAM\4\0\0\0Abc\0", 16}));

        const ReadBack back = read_back(file.result());

        EXPECT_EQ(back.info.frames, 10);
        EXPECT_EQ(back.info.metadata.title, "Abc");
    }
}

TEST(WavReader, IsNotMisledByADs64ThatLies) {
    ByteBuilder file(ByteOrder::little);
    file.text("RF64").u32(unknown_size).text("WAVE");
    ByteBuilder ds64(ByteOrder::little);
    ds64.u64(~0ULL).u64(~0ULL).u64(~0ULL).u32(0xFFFFFFFF);
    file.chunk("ds64", ds64.result()).bytes(fmt_chunk({}));
    file.text("data").u32(unknown_size).bytes(ten_frames());

    const ReadBack back = read_back(file.result());

    EXPECT_EQ(back.info.frames, 10);
    EXPECT_EQ(back.info.warnings.size(), 1U);
}

TEST(WavReader, RefusesHeadersThatMakeNoSense) {
    struct Case {
        Fmt fmt;
        ErrorCode code;
        std::string_view message;
    };
    for (const Case& c : {
             Case{{1, 2, 0, 4, 16}, ErrorCode::corrupt, "the header says 0 Hz; 1000 to 768000 are sound"},
             Case{{1, 2, 999, 4, 16}, ErrorCode::corrupt, "the header says 999 Hz; 1000 to 768000 are sound"},
             Case{{1, 2, 800000, 4, 16},
                  ErrorCode::corrupt,
                  "the header says 800000 Hz; 1000 to 768000 are sound"},
             Case{{1, 0, 44100, 4, 16}, ErrorCode::corrupt, "the header says 0 channels"},
             Case{{1, 255, 44100, 510, 16}, ErrorCode::unsupported, "has 255 channels; 1 to 8 are read"},
             Case{{1, 2, 44100, 3, 16},
                  ErrorCode::corrupt,
                  "the header says 3 bytes for a frame of 2 channels of 16 bits"},
             Case{{1, 2, 44100, 2, 16},
                  ErrorCode::corrupt,
                  "the header says 2 bytes for a frame of 2 channels of 16 bits"},
             Case{{1, 2, 44100, 0, 16},
                  ErrorCode::corrupt,
                  "the header says 0 bytes for a frame of 2 channels of 16 bits"},
             Case{{1, 2, 44100, 4, 0}, ErrorCode::corrupt, "the header says 0 bits for a sample"},
             Case{{3, 2, 44100, 4, 16}, ErrorCode::unsupported, "holds float samples of 2 bytes"},
             Case{{0x11, 2, 44100, 4, 4},
                  ErrorCode::unsupported,
                  "holds IMA ADPCM (format tag 0x0011); PCM, float, A-law and u-law are read from WAV"},
             Case{{0x55, 2, 44100, 1, 0},
                  ErrorCode::unsupported,
                  "holds MP3 (format tag 0x0055); PCM, float, A-law and u-law are read from WAV"},
         }) {
        const Error error = error_of(riff({fmt_chunk(c.fmt), chunk_of("data", ten_frames())}));

        EXPECT_EQ(error.code, c.code) << c.message;
        EXPECT_EQ(error.message, c.message);
    }
}

TEST(WavReader, RefusesAHeaderThatIsCutOff) {
    const Bytes whole = riff({fmt_chunk({}), chunk_of("data", ten_frames())});
    for (std::size_t size = 12; size < 44; ++size) {
        const Error error = error_of({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});

        EXPECT_EQ(error.code, ErrorCode::corrupt) << size;
    }
}

TEST(WavReader, RefusesAFileOfTooManyChunks) {
    ByteBuilder file(ByteOrder::little);
    file.text("RIFF").u32(0).text("WAVE");
    for (int i = 0; i < 5000; ++i) file.chunk("zzzz", {});

    EXPECT_EQ(error_of(file.result()).code, ErrorCode::limit_exceeded);
}

TEST(WavReader, TakesTagsFromId3BeforeInfoBeforeBext) {
    TagSet first;
    first.metadata.title = "from ID3";
    TagSet second;
    second.metadata.title = "from INFO";
    second.metadata.genre = "from INFO";
    TagSet third;
    third.metadata.title = "from bext";
    third.metadata.artist = "from bext";
    const auto id3 = render_id3v2(first);
    ASSERT_TRUE(id3);

    const Metadata metadata = read_back(riff({fmt_chunk({}), chunk_of("bext", render_bext(third, {})),
                                              chunk_of("LIST", render_riff_info(second)),
                                              chunk_of("data", ten_frames()), chunk_of("id3 ", *id3)}))
                                  .info.metadata;

    EXPECT_EQ(metadata.title, "from ID3");
    EXPECT_EQ(metadata.genre, "from INFO");
    EXPECT_EQ(metadata.artist, "from bext");
}

TEST(WavReader, TakesTheTempoOfALoopButNotOfAOneShot) {
    const Bytes acid = render_acid(93.7, std::nullopt, 10, 44100);
    Bytes one_shot = acid;
    one_shot[8] = std::byte{1};

    const auto bpm_of = [](const Bytes& chunk) {
        return read_back(riff({fmt_chunk({}), chunk, chunk_of("data", ten_frames())})).info.metadata.bpm;
    };

    EXPECT_EQ(bpm_of(acid), 93.7);
    EXPECT_EQ(bpm_of(one_shot), std::nullopt);
}

TEST(WavReader, TellsWhatAnAcidChunkSays) {
    const Bytes loop = render_acid(120, std::nullopt, 44100 * 4, 44100);
    Bytes one_shot = loop;
    one_shot[8] = std::byte{1};

    const auto acid_of = [](const Bytes& chunk) {
        return read_back(riff({fmt_chunk({}), chunk, chunk_of("data", ten_frames())})).info.acid;
    };

    EXPECT_EQ(acid_of(loop), (AcidFacts{.one_shot = false, .bpm = 120.0, .beats = 8}));
    const Bytes no_loop = render_acid(92, std::nullopt, 44100 * 20, 44100);  // 30.67 beats
    EXPECT_EQ(acid_of(no_loop), (AcidFacts{.one_shot = false, .bpm = 92.0, .beats = std::nullopt}));
    EXPECT_EQ(acid_of(one_shot), AcidFacts{.one_shot = true});
    EXPECT_EQ(acid_of({}), std::nullopt);
}

TEST(WavReader, DropsMarkersAndLoopsOutsideTheAudioAndTellsSo) {
    const Bytes markers = render_wav_markers(std::vector<Marker>{{5, 100, "in"}, {11, 0, "out"}});
    const Bytes loop = render_smpl({4, 11, 60}, 44100);

    const SourceInfo info =
        read_back(riff({fmt_chunk({}), markers, loop, chunk_of("data", ten_frames())})).info;

    EXPECT_EQ(info.markers, (std::vector<Marker>{{5, 5, "in"}}));
    EXPECT_FALSE(info.loop);
    EXPECT_EQ(info.losses, (std::vector<Loss>{{"marker 'out'", "it lies behind the end"},
                                              {"loop", "frames 4 to 11 are not within the audio"}}));
}

TEST(WavReader, ReadsMarkersAndLoopsThatLibsndfileWrote) {
    SndMemory memory;
    SF_VIRTUAL_IO io = snd_memory_io();
    SF_INFO info{0, 44100, 1, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 0, 0};
    {
        const SndHandle file(sf_open_virtual(&io, SFM_WRITE, &info, &memory), sf_close);
        SF_INSTRUMENT instrument{};
        instrument.basenote = 48;
        instrument.loop_count = 1;
        instrument.loops[0].mode = SF_LOOP_FORWARD;
        instrument.loops[0].start = 10;
        instrument.loops[0].end = 90;
        ASSERT_EQ(sf_command(file.get(), SFC_SET_INSTRUMENT, &instrument, sizeof instrument), SF_TRUE);
        SF_CUES cues{};
        cues.cue_count = 1;
        cues.cue_points[0].indx = 1;
        cues.cue_points[0].sample_offset = 33;
        ASSERT_EQ(sf_command(file.get(), SFC_SET_CUE, &cues, sizeof cues), SF_TRUE);
        const std::vector<short> samples(100);
        ASSERT_EQ(sf_writef_short(file.get(), samples.data(), 100), 100);
    }

    const SourceInfo read = read_back(memory.bytes).info;

    EXPECT_EQ(read.loop, (SampleLoop{10, 90, 48}));
    EXPECT_EQ(read.markers, (std::vector<Marker>{{33, 0, ""}}));
}

}  // namespace

}  // namespace dubplate::test
