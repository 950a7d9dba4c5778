#include "formats/audio/wav.h"

#include <gtest/gtest.h>

#include "unit/formats_audio/chunk_files.h"

namespace dubplate::test {

namespace {

const AudioFormat& wav() {
    return *find_audio_format("wav");
}

Bytes retagged(const Bytes& bytes, const TagSet& tags, std::uint64_t limit = riff_size_limit) {
    MemoryFile file;
    const auto source = source_of(bytes);
    const Status status = retag_wav(*source, file, tags, limit);
    EXPECT_TRUE(status) << status.error().to_string();
    return file.bytes();
}

// Puts a chunk in front of the audio and one behind it that nobody here knows.
Bytes with_foreign_chunks(const Bytes& bytes) {
    ByteBuilder file(ByteOrder::little);
    file.text("RIFF").u32(0).text("WAVE");
    for (const Chunk& chunk : chunks_of(bytes)) {
        if (chunk.id == "data") file.chunk("abcd", to_bytes("odd"));
        file.chunk(chunk.id, payload_of(bytes, chunk.id));
    }
    return file.chunk("wxyz", to_bytes("behind")).result();
}

TEST(WavRetag, ChangesTheTagsAndNotOneByteOfTheAudio) {
    TagSet before = full_tags();
    before.markers = {{10, 0, "old"}};
    const Bytes bytes = written(wav(), integer_noise(1, 31, 24), BitDepth::pcm24, {.tags = before});
    TagSet after = full_tags();
    after.metadata.title = "Another";
    after.markers = {{5, 0, "new"}};
    after.loop = SampleLoop{1, 30, 60};

    const Bytes changed = retagged(bytes, after);

    EXPECT_EQ(payload_of(changed, "data"), payload_of(bytes, "data"));
    const SourceInfo info = read_back(changed).info;
    EXPECT_EQ(info.metadata, after.metadata);
    EXPECT_EQ(info.markers, after.markers);
    EXPECT_EQ(info.loop, after.loop);
    EXPECT_EQ(ids_of(changed), "[JUNK][fmt ][bext][iXML][LIST][cue ][LIST][smpl][acid][data][ID3 ]");
}

TEST(WavRetag, KeepsChunksThatItDoesNotKnow) {
    const Bytes bytes =
        with_foreign_chunks(written(wav(), integer_noise(2, 30, 16), BitDepth::pcm16, {.tags = full_tags()}));

    const Bytes changed = retagged(bytes, {});

    EXPECT_EQ(payload_of(changed, "abcd"), to_bytes("odd"));
    EXPECT_EQ(payload_of(changed, "wxyz"), to_bytes("behind"));
    EXPECT_TRUE(read_back(changed).info.metadata.empty());
    EXPECT_EQ(ids_of(changed), "[JUNK][fmt ][abcd][bext][iXML][LIST][data][wxyz][ID3 ]");
}

TEST(WavRetag, KeepsWhatBextKnowsOfTheRecording) {
    TagSet tags;
    tags.metadata.title = "Take 1";
    const LoudnessFacts loudness{-20, 5, -3, -15, -16};
    Bytes bytes =
        written(wav(), integer_noise(2, 30, 16), BitDepth::pcm16, {.tags = tags, .loudness = loudness});
    const std::vector<Chunk> chunks = chunks_of(bytes);
    const Chunk* bext = find_chunk(chunks, "bext");
    ASSERT_NE(bext, nullptr);
    bytes[bext->offset + 338] = std::byte{0x55};  // the time reference
    bytes[bext->offset + 348] = std::byte{0x77};  // the UMID

    tags.metadata.title = "Take 2";
    const Bytes file = retagged(bytes, tags);
    const Bytes changed = payload_of(file, "bext");

    EXPECT_EQ(to_text(changed).substr(0, 7), std::string("Take 2\0", 7));
    EXPECT_EQ(changed[338], std::byte{0x55});
    EXPECT_TRUE(contains(file, "<BWF_TIME_REFERENCE_LOW>85<")) << "iXML agrees";
    EXPECT_EQ(changed[348], std::byte{0x77});
    EXPECT_EQ(static_cast<std::int16_t>(ByteReader(std::span(changed).subspan(412), ByteOrder::little).u16()),
              -2000);
    EXPECT_TRUE(contains(changed, "A=PCM,F=44100,W=16,M=stereo,T=Dubplate\r\n"));
}

TEST(WavRetag, LeavesTheChunksOfMarkersAndLoopAsTheyAreWhenTheyStay) {
    TagSet tags = full_tags();
    tags.markers = {{10, 0, "here"}};
    tags.loop = SampleLoop{1, 30, 60};
    Bytes bytes = written(wav(), integer_noise(2, 30, 16), BitDepth::pcm16, {.tags = tags});
    const std::vector<Chunk> chunks = chunks_of(bytes);
    const Chunk* smpl = find_chunk(chunks, "smpl");
    ASSERT_NE(smpl, nullptr);
    bytes[smpl->offset] = std::byte{0x42};  // the maker of a sampler, which the model does not know

    tags.metadata.title = "Another";
    const Bytes changed = retagged(bytes, tags);

    EXPECT_EQ(payload_of(changed, "smpl"), payload_of(bytes, "smpl"));
    EXPECT_EQ(payload_of(changed, "cue "), payload_of(bytes, "cue "));
    EXPECT_EQ(read_back(changed).info.metadata.title, "Another");
}

TEST(WavRetag, BecomesRf64WhenTheFileOutgrowsTheLimit) {
    const Integers signal = integer_noise(2, 500, 16);
    const Bytes bytes = written(wav(), signal, BitDepth::pcm16);

    const Bytes changed = retagged(bytes, full_tags(), 3000);

    EXPECT_EQ(to_text(changed).substr(0, 4), "RF64");
    EXPECT_EQ(read_back(changed).audio, as_floats(signal, 16));
    EXPECT_EQ(to_text(retagged(changed, {})).substr(0, 4), "RIFF");
}

TEST(WavRetag, MakesTheHeaderOfATruncatedFileTrue) {
    Bytes bytes = snd_write(noise(44100, 2, 0.1, 1.0), SF_FORMAT_WAV | SF_FORMAT_PCM_16);
    bytes.resize(bytes.size() - 1001);
    ASSERT_EQ(read_back(bytes).info.warnings.size(), 1U);

    const ReadBack back = read_back(retagged(bytes, full_tags()));

    EXPECT_EQ(back.audio, read_back(bytes).audio);
    EXPECT_EQ(back.info.metadata.title, "Nachtfahrt");
}

TEST(WavRetag, RefusesWhatIsNoWav) {
    MemoryFile file;
    const auto source = source_of(to_bytes("RIFF\1\1\1\1WAVEjunk"));

    EXPECT_EQ(wav().retag(*source, file, {}).error().code, ErrorCode::corrupt);
}

}  // namespace

}  // namespace dubplate::test
