// The decoder alone: what others encode with every option they have, frames made by hand, and what is no frame.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <limits>

#include "audio/kernels/bit_writer.h"
#include "formats/audio/chunks.h"
#include "formats/audio/flac_checksum.h"
#include "formats/audio/flac_frame_reader.h"
#include "formats/audio/flac_metadata.h"
#include "support/bytes.h"
#include "support/codec_files.h"
#include "support/temp_folder.h"

namespace dubplate {

extern const AudioFormat flac_format;

namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Samples = test::Signal<std::int32_t>;

// A tone with some hiss in each channel, a stretch of silence, and one of full scale.
Samples music(int channels, std::int64_t frames, int bits) {
    auto audio = test::sine(44'100, channels, static_cast<double>(frames) / 44'100.0, 440, -6);
    const auto hiss = test::noise(44'100, channels, static_cast<double>(frames) / 44'100.0, 0.05);
    for (int c = 0; c < channels; ++c)
        for (std::int64_t i = 0; i < audio.frames(); ++i) {
            float& sample = audio.at(c, i);
            sample += hiss.at(c, i);
            if (i % 9'000 > 7'000) sample = 0;
            if (i % 20'011 < 500) sample = i % 2 == 0 ? 2.0F : -2.0F;
        }
    return test::quantized(audio, bits);
}

// As raw bytes, or behind the header of a WAV file that tells how many bits of each sample count.
Bytes wav_of(const Samples& signal, int bits) {
    const int bytes = (bits + 7) / 8;
    const auto channels = static_cast<std::uint16_t>(signal.channels.size());
    ByteBuilder data(ByteOrder::little);
    for (std::int64_t i = 0; i < signal.frames(); ++i)
        for (int c = 0; c < channels; ++c) {
            auto sample = static_cast<std::uint32_t>(signal.at(c, i)) << (8 * bytes - bits);
            if (bytes == 1) sample += 128;
            for (int byte = 0; byte < bytes; ++byte) data.u8(static_cast<std::uint8_t>(sample >> (8 * byte)));
        }
    const auto size = static_cast<std::uint32_t>(data.size());
    const auto frame_bytes = static_cast<std::uint16_t>(bytes * channels);
    ByteBuilder file(ByteOrder::little);
    file.text("RIFF").u32(60 + size).text("WAVEfmt ").u32(40).u16(0xFFFE).u16(channels).u32(44'100);
    file.u32(44'100U * frame_bytes).u16(frame_bytes).u16(static_cast<std::uint16_t>(8 * bytes)).u16(22);
    file.u16(static_cast<std::uint16_t>(bits))
        .u32(channels == 6 ? 0x3F : 0)
        .u16(1)
        .u16(0)
        .u16(0)
        .u16(0x10)
        .u32(0xAA000080)
        .u32(0x719B3800);
    file.text("data").u32(size).bytes(data.result());
    return file.result();
}

void expect_read(const Bytes& flac, const Samples& signal, int bits) {
    SourceInfo info;
    const auto audio = test::decode(flac, flac_format.open, &info);
    ASSERT_TRUE(audio) << audio.error().to_string();
    EXPECT_EQ(*audio, test::as_float(signal, bits));
    EXPECT_EQ(info.bits, bits);
    EXPECT_EQ(info.frames, signal.frames());
    EXPECT_THAT(info.warnings, IsEmpty()) << "its MD5 sum is right too";
}

TEST(FlacDecoder, ReadsWhatItsMakersWriteWithEveryOption) {
    DUBPLATE_SKIP_WITHOUT("flac");
    const TempFolder folder;
    for (const int bits : {8, 12, 16, 20, 24, 32})
        for (const int channels : {1, 2, 6}) {
            const Samples signal = music(channels, 30'000, bits);
            test::write_file(folder / "a.wav", wav_of(signal, bits));
            for (const char* options : {"-0", "-5", "-8 -e -p", "-l 32 -b 8192", "-l 0 -b 16 -r 0",
                                        "-b 65535 -l 5", "-b 4608 -r 8,15 -m", "-M -q 5 -b 192",
                                        "--no-md5-sum -b 333", "--disable-fixed-subframes -l 7",
                                        "--disable-constant-subframes -1", "--no-seektable -2 -b 1152"}) {
                SCOPED_TRACE(fmt::format("{} bits, {} channels, {}", bits, channels, options));
                const auto ran =
                    test::run_shell(fmt::format("cd '{}' && flac -s -f --lax --no-padding {} a.wav -o a.flac",
                                                (folder / "").string(), options));
                ASSERT_EQ(ran.status, 0) << ran.output;
                expect_read(test::read_file(folder / "a.flac"), signal, bits);
            }
        }
}

TEST(FlacDecoder, ReadsWhatLibavWrites) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    const TempFolder folder;
    for (const int bits : {16, 24}) {
        const Samples signal = music(2, 60'000, bits);
        test::write_file(folder / "a.wav", wav_of(signal, bits));
        for (const char* options :
             {"-compression_level 12", "-compression_level 0", "-lpc_type cholesky -lpc_passes 2",
              "-ch_mode left_side", "-ch_mode right_side", "-ch_mode mid_side",
              "-prediction_order_method search -max_prediction_order 32 -strict -2"}) {
            SCOPED_TRACE(options);
            const auto ran = test::run_shell(fmt::format("cd '{}' && ffmpeg -v error -y -i a.wav {} a.flac",
                                                         (folder / "").string(), options));
            ASSERT_EQ(ran.status, 0) << ran.output;
            expect_read(test::read_file(folder / "a.flac"), signal, bits);
        }
    }
}

// ---- frames made by hand ----

// Bits of a file, which its stream info, a header and two checksums are put around.
class Maker {
  public:
    Maker(int channels, int bits) : channels_(channels), bits_(bits) {}

    // assignment: as the header has it. body: writes the subframes.
    template <class Body>
    Maker& frame(std::int64_t frames, unsigned assignment, Body body) {
        Bytes bytes(static_cast<std::size_t>(frames) * 40 + 100);
        BitWriter writer(bytes.data());
        writer.put(0b11111111111110'0'1, 16);  // numbered by samples, since blocks may be of any size
        writer.put(0b0111'0000, 8);            // the size follows in 16 bits; the rate is the stream's
        writer.put(assignment << 4, 8);        // and the depth is
        put_number(static_cast<std::uint64_t>(frames_), writer);
        writer.put(static_cast<std::uint64_t>(frames - 1), 16);
        writer.put(flac_crc8(std::span(bytes).first(writer.bytes())), 8);
        body(writer);
        writer.align();
        writer.put(flac_crc16(std::span(bytes).first(writer.bytes())), 16);
        frames_ += frames;
        audio_.insert(audio_.end(), bytes.begin(),
                      bytes.begin() + static_cast<std::ptrdiff_t>(writer.bytes()));
        return *this;
    }

    Bytes file(bool tells_length = true) const {
        ByteBuilder info(ByteOrder::big);
        info.u16(16).u16(65'535).u32(0).u16(0);
        info.u64(std::uint64_t{44'100} << 44 | static_cast<std::uint64_t>(channels_ - 1) << 41 |
                 static_cast<std::uint64_t>(bits_ - 1) << 36 |
                 (tells_length ? static_cast<std::uint64_t>(frames_) : 0));
        info.bytes(Bytes(16));
        ByteBuilder file(ByteOrder::big);
        file.text("fLaC").bytes(flac_block(FlacBlockType::stream_info, info.result(), true)).bytes(audio_);
        return file.result();
    }

  private:
    static void put_number(std::uint64_t number, BitWriter& writer) {
        if (number < 0x80) {
            writer.put(number, 8);
        } else if (number < 0x800) {
            writer.put(0xC080 | number >> 6 << 8 | (number & 0x3F), 16);
        } else {
            writer.put(0xE08080 | number >> 12 << 16 | (number >> 6 & 0x3F) << 8 | (number & 0x3F), 24);
        }
    }

    int channels_;
    int bits_;
    std::int64_t frames_ = 0;
    Bytes audio_;
};

void put_subframe_header(unsigned type, unsigned wasted, BitWriter& writer) {
    writer.put(type << 1 | (wasted > 0 ? 1U : 0U), 8);
    if (wasted > 0) writer.put(1, wasted);
}

void put_verbatim(const std::vector<std::int64_t>& samples, unsigned bits, BitWriter& writer) {
    put_subframe_header(1, 0, writer);
    for (const std::int64_t sample : samples) writer.put_signed(sample, bits);
}

std::vector<float> read_channel(const Bytes& file, int channel) {
    const auto ours = test::decode(file, flac_format.open);
    EXPECT_TRUE(ours) << ours.error().to_string();
    return ours ? ours->channels[static_cast<std::size_t>(channel)] : std::vector<float>{};
}

TEST(FlacDecoder, ReadsBlocksOfAnySizeAndALengthThatIsNotTold) {
    Maker maker(1, 16);
    std::vector<float> expected;
    std::int64_t next = 0;
    for (const std::int64_t frames : {1, 700, 2, 16, 4097, 3}) {
        std::vector<std::int64_t> samples;
        for (std::int64_t i = 0; i < frames; ++i) {
            samples.push_back(next++ % 30'000 - 15'000);
            expected.push_back(static_cast<float>(samples.back()) / 32'768.0F);
        }
        maker.frame(frames, 0, [&](BitWriter& writer) { put_verbatim(samples, 16, writer); });
    }
    for (const bool tells_length : {true, false}) {
        const Bytes file = maker.file(tells_length);
        SourceInfo info;
        const auto ours = test::decode(file, flac_format.open, &info);
        const auto libav = test::decode(file, &open_with_libav);
        ASSERT_TRUE(ours && libav);
        EXPECT_EQ(ours->channels[0], expected);
        EXPECT_EQ(libav->channels[0], expected) << "they are made as others read them";
        EXPECT_EQ(info.frames, std::ssize(expected));
        EXPECT_TRUE(info.frames_exact);
        EXPECT_THAT(info.warnings, IsEmpty());
    }
}

TEST(FlacDecoder, ReadsResidualsThatStandAsTheyAreAndWastedBits) {
    const Bytes file = Maker(1, 16)
                           .frame(16, 0,
                                  [](BitWriter& writer) {
                                      put_subframe_header(8 + 1, 3, writer);  // first order, 13 bits
                                      writer.put_signed(-7, 13);
                                      writer.put(0, 2);
                                      writer.put(1, 4);  // two partitions
                                      writer.put(15, 4);
                                      writer.put(6, 5);
                                      for (int i = 0; i < 7; ++i) writer.put_signed(i % 2 == 0 ? -32 : 31, 6);
                                      writer.put(15, 4);
                                      writer.put(0, 5);  // eight zeros that take no bits
                                  })
                           .file();
    std::vector<float> expected{-7};
    for (int i = 0; i < 7; ++i) expected.push_back(expected.back() + (i % 2 == 0 ? -32.0F : 31.0F));
    expected.resize(16, expected.back());
    for (float& sample : expected) sample *= 8.0F / 32'768.0F;

    EXPECT_EQ(read_channel(file, 0), expected);
    EXPECT_EQ(test::decode(file, &open_with_libav)->channels[0], expected);
}

TEST(FlacDecoder, ReadsTheDifferenceOf32BitChannelsIn33Bits) {
    constexpr std::int64_t lowest = std::numeric_limits<std::int32_t>::min();
    constexpr std::int64_t highest = std::numeric_limits<std::int32_t>::max();
    const std::vector<std::int64_t> left{lowest, highest, lowest, highest, 0, -1, 1, 12'345};
    const std::vector<std::int64_t> right{highest, lowest, lowest, highest, -1, 0, 1, -678};
    std::vector<std::int64_t> side, mid;
    for (std::size_t i = 0; i < left.size(); ++i) {
        side.push_back(left[i] - right[i]);
        mid.push_back((left[i] + right[i]) >> 1);
    }
    const Bytes file = Maker(2, 32)
                           .frame(8, 8,
                                  [&](BitWriter& writer) {
                                      put_verbatim(left, 32, writer);
                                      put_verbatim(side, 33, writer);
                                  })
                           .frame(8, 9,
                                  [&](BitWriter& writer) {
                                      put_verbatim(side, 33, writer);
                                      put_verbatim(right, 32, writer);
                                  })
                           .frame(8, 10,
                                  [&](BitWriter& writer) {
                                      put_verbatim(mid, 32, writer);
                                      put_verbatim(side, 33, writer);
                                  })
                           .file();
    for (const int channel : {0, 1}) {
        const auto found = read_channel(file, channel);
        ASSERT_EQ(found.size(), 24U);
        for (std::size_t i = 0; i < found.size(); ++i)
            EXPECT_EQ(found[i], std::ldexp(static_cast<float>((channel == 0 ? left : right)[i % 8]), -31))
                << i;
    }
}

TEST(FlacDecoder, TakesNothingThatTheFormatDoesNotAllowForAFrame) {
    const auto frames_of = [](auto body) {
        const auto audio = test::decode(Maker(1, 16).frame(16, 0, body).file(), flac_format.open);
        return audio ? audio->frames() : -1;
    };
    const auto header = [](unsigned type) {
        return [type](BitWriter& writer) {
            put_subframe_header(type, 0, writer);
            writer.put_zeros(400);
        };
    };
    for (unsigned type = 2; type < 32; ++type)
        if (type < 8 || type > 12) {
            EXPECT_EQ(frames_of(header(type)), 0) << "reserved type " << type;
        }
    EXPECT_EQ(frames_of([](BitWriter& writer) { put_subframe_header(0, 0, writer), writer.put_zeros(16); }),
              16)
        << "what is allowed";
    EXPECT_EQ(frames_of([](BitWriter& writer) { writer.put(0x80, 8), writer.put_zeros(400); }), 0)
        << "no zero in front";
    EXPECT_EQ(frames_of([](BitWriter& writer) { put_subframe_header(0, 16, writer), writer.put_zeros(400); }),
              0)
        << "all bits wasted";
    EXPECT_EQ(frames_of([](BitWriter& writer) {
                  put_subframe_header(8, 0, writer);
                  writer.put(2, 2);
                  writer.put_zeros(400);
              }),
              0)
        << "a reserved coding";
    EXPECT_EQ(frames_of([](BitWriter& writer) {
                  put_subframe_header(8, 0, writer);
                  writer.put(5, 6);  // 32 partitions of 16 frames
                  writer.put_zeros(400);
              }),
              0);
    EXPECT_EQ(frames_of([](BitWriter& writer) {
                  put_subframe_header(32 + 16, 0, writer);  // order 17 of 16 frames
                  writer.put_zeros(800);
              }),
              0);
    EXPECT_EQ(frames_of([](BitWriter& writer) {
                  put_subframe_header(32, 0, writer);
                  writer.put_zeros(16);
                  writer.put(0xF, 4);  // a precision that is none
                  writer.put_zeros(400);
              }),
              0);
    EXPECT_EQ(frames_of([](BitWriter& writer) {
                  put_subframe_header(32, 0, writer);
                  writer.put_zeros(16 + 4);
                  writer.put_signed(-1, 5);  // a shift to the other side
                  writer.put_zeros(400);
              }),
              0);
}

TEST(FlacDecoder, WarnsOfSamplesThatAreNotThoseOfTheMd5Sum) {
    test::EncodeOptions options;
    options.settings.depth = BitDepth::pcm16;
    auto bytes = test::encode(flac_format, music(2, 5000, 16), options);
    ASSERT_TRUE(bytes);
    (*bytes)[4 + 4 + 20] ^= std::byte{1};
    const auto source = test::bytes_source(*bytes);
    auto reader = flac_format.open(*source);
    ASSERT_TRUE(reader);
    for (int pass = 0; pass < 2; ++pass) {
        ASSERT_TRUE(test::read_to_end(**reader));
        ASSERT_TRUE((*reader)->rewind());
    }
    EXPECT_THAT((*reader)->info().warnings, ::testing::ElementsAre(HasSubstr("MD5"))) << "once";
}

TEST(FlacDecoder, FindsAStretchThatIsMissing) {
    test::EncodeOptions options;
    options.settings.depth = BitDepth::pcm16;
    const auto bytes = test::encode(flac_format, music(2, 100'000, 16), options);
    ASSERT_TRUE(bytes);
    Bytes cut = *bytes;
    const auto middle = cut.begin() + std::ssize(cut) / 2;
    cut.erase(middle, middle + 20'000);
    const auto audio = test::decode(cut, flac_format.open);
    ASSERT_FALSE(audio);
    EXPECT_THAT(audio.error().message, HasSubstr("the audio is damaged at"));
}

TEST(FlacDecoder, RefusesADepthThatIsNone) {
    Bytes file =
        Maker(1, 3)
            .frame(16, 0, [](BitWriter& writer) { put_verbatim(std::vector<std::int64_t>(16), 3, writer); })
            .file();
    const auto audio = test::decode(file, flac_format.open);
    ASSERT_FALSE(audio);
    EXPECT_THAT(audio.error().message, HasSubstr("3 bits; FLAC has 4 to 32"));
}

TEST(FlacDecoder, GivesUpOnMuchThatOnlyLooksLikeFrames) {
    Maker maker(1, 16);
    for (int i = 0; i < 3000; ++i)
        maker.frame(16, 0,
                    [](BitWriter& writer) { put_subframe_header(5, 0, writer), writer.put_zeros(64); });
    SourceInfo info;
    const auto audio = test::decode(maker.file(), flac_format.open, &info);
    ASSERT_TRUE(audio) << audio.error().to_string();
    EXPECT_EQ(audio->frames(), 0);
    EXPECT_THAT(info.warnings, ::testing::ElementsAre(HasSubstr("the file holds 0")));
}

}  // namespace
}  // namespace dubplate
