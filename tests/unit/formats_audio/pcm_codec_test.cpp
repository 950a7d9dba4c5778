#include "formats/audio/pcm_codec.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "unit/formats_audio/chunk_files.h"

namespace dubplate::test {

namespace {

std::vector<float> decoded(const PcmEncoding& encoding, std::string_view bytes) {
    const auto frames = static_cast<std::int64_t>(bytes.size()) / encoding.bytes;
    BlockBuffer<float> buffer(1, frames);
    decode_pcm(encoding, to_bytes(bytes), buffer.view(frames));
    return {buffer.channel(0).begin(), buffer.channel(0).end()};
}

TEST(DecodePcm, ScalesIntegersToPlusMinusOne) {
    using std::string_view_literals::operator""sv;
    const auto big = ByteOrder::big;
    const std::vector<float> expected{-1.0F, 0.5F, 0.0F};

    EXPECT_EQ(decoded({PcmCode::unsigned_int, 1, big}, "\x00\xC0\x80"sv), expected);
    EXPECT_EQ(decoded({PcmCode::signed_int, 1, big}, "\x80\x40\x00"sv), expected);
    EXPECT_EQ(decoded({PcmCode::signed_int, 2, big}, "\x80\0\x40\0\0\0"sv), expected);
    EXPECT_EQ(decoded({PcmCode::signed_int, 2, ByteOrder::little}, "\0\x80\0\x40\0\0"sv), expected);
    EXPECT_EQ(decoded({PcmCode::signed_int, 3, big}, "\x80\0\0\x40\0\0\0\0\0"sv), expected);
    EXPECT_EQ(decoded({PcmCode::signed_int, 4, big}, "\x80\0\0\0\x40\0\0\0\0\0\0\0"sv), expected);
}

TEST(DecodePcm, KeepsTheLowestBitOfTwentyFourBits) {
    EXPECT_EQ(decoded({PcmCode::signed_int, 3, ByteOrder::little}, {"\x01\0\0\xff\xff\x7f", 6}),
              (std::vector<float>{std::ldexp(1.0F, -23), 1.0F - std::ldexp(1.0F, -23)}));
}

TEST(DecodePcm, PassesFloatsThroughAsTheyAreAlsoWhereTheyAreNoNumbers) {
    ByteBuilder bytes(ByteOrder::little);
    bytes.f32(1.5F).f32(std::numeric_limits<float>::infinity()).f32(std::numeric_limits<float>::quiet_NaN());

    const std::vector<float> samples =
        decoded({PcmCode::floating, 4, ByteOrder::little}, to_text(bytes.result()));

    EXPECT_EQ(samples[0], 1.5F);
    EXPECT_TRUE(std::isinf(samples[1]));
    EXPECT_TRUE(std::isnan(samples[2]));
}

TEST(DecodePcm, SplitsTheChannels) {
    BlockBuffer<float> buffer(2, 2);
    decode_pcm({PcmCode::signed_int, 2, ByteOrder::big}, to_bytes({"\x40\0\xC0\0\x20\0\xE0\0", 8}),
               buffer.view(2));

    EXPECT_EQ(buffer.channel(0)[1], 0.25F);
    EXPECT_EQ(buffer.channel(1)[0], -0.5F);
}

TEST(DecodePcm, DecodesTheEndsOfTheCompandingLaws) {
    // ITU-T G.711: the largest A-law number is 4032 of 4096, the largest u-law one 8031 of 8192 (8159 less the bias' half).
    EXPECT_EQ(decoded({PcmCode::a_law, 1, ByteOrder::big}, {"\xAA\x2A\xD5", 3}),
              (std::vector<float>{32256.0F / 32768, -32256.0F / 32768, 8.0F / 32768}));
    EXPECT_EQ(decoded({PcmCode::u_law, 1, ByteOrder::big}, {"\x80\x00\xFF", 3}),
              (std::vector<float>{32124.0F / 32768, -32124.0F / 32768, 0.0F}));
}

TEST(EncodePcm, IsUndoneByDecoding) {
    for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
        for (const BitDepth depth : {BitDepth::pcm16, BitDepth::pcm24}) {
            const Integers signal = integer_noise(2, 100, bits_of(depth));
            std::vector<const std::int32_t*> pointers{signal.channels[0].data(), signal.channels[1].data()};
            const PcmEncoding encoding = encoding_of(depth, order);
            Bytes bytes(static_cast<std::size_t>(200 * encoding.bytes));
            BlockBuffer<float> buffer(2, 100);

            encode_pcm(encoding, BlockView<const std::int32_t>(pointers, 100), bytes);
            decode_pcm(encoding, bytes, buffer.view(100));

            const Audio expected = as_floats(signal, bits_of(depth));
            for (int c = 0; c < 2; ++c)
                EXPECT_TRUE(
                    std::ranges::equal(buffer.channel(c), expected.channels[static_cast<std::size_t>(c)]));
        }
    }
}

}  // namespace

}  // namespace dubplate::test
