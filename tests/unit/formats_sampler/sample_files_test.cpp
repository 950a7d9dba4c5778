#include "formats/sampler/rlnd.h"
#include "formats/sampler/smp.h"
#include "support/bytes.h"
#include "tags/bytes.h"
#include "unit/formats_sampler/projects.h"

#include "core/text.h"

namespace dubplate::test {

namespace {

using testing::HasSubstr;

std::string hex(std::span<const std::byte> bytes) {
    std::string text;
    for (const std::byte b : bytes) {
        constexpr std::string_view digits = "0123456789abcdef";
        text += digits[std::to_integer<std::size_t>(b) / 16];
        text += digits[std::to_integer<std::size_t>(b) % 16];
    }
    return text;
}

TEST(SmpFile, HasTheDigestThatTheUnitAsksFor) {
    const Bytes header = smp_file.write_header({48'000, 2, 144'000}, {});  // 576000 bytes of PCM

    ASSERT_EQ(header.size(), 512U);
    EXPECT_TRUE(has_text(header, 0, "RFWV"));
    EXPECT_EQ(be32(header, 0x04), 576'504U);
    EXPECT_EQ(be32(header, 0x08), 48'000U);
    EXPECT_EQ(be32(header, 0x0C), 2U);
    EXPECT_EQ(be32(header, 0x10), 16U);
    EXPECT_EQ(hex(slice(header, 0x20, 4)), "2974ff85");
}

TEST(SmpFile, TellsWhatIsWrongInItsHeader) {
    const Bytes header = smp_file.write_header({48'000, 2, 100}, {});
    Bytes wrong = header;
    wrong[0x20] ^= std::byte{1};
    EXPECT_THAT(smp_file.read_header(wrong, 912).error().to_string(), HasSubstr("byte 32 of its header"));
    wrong = header;
    wrong[0] = std::byte{'X'};
    EXPECT_THAT(smp_file.read_header(wrong, 912).error().to_string(),
                HasSubstr("'XFWV' stands where 'RFWV' must"));
    wrong = header;
    wrong[0x0F] = std::byte{6};
    EXPECT_EQ(smp_file.read_header(wrong, 912).error().code, ErrorCode::unsupported);
    wrong = header;
    wrong[0x13] = std::byte{24};
    EXPECT_THAT(smp_file.read_header(wrong, 912).error().to_string(),
                HasSubstr("bits is 24, and must be 16"));
    EXPECT_THAT(smp_file.read_header(header, 911).error().to_string(), HasSubstr("whole frames of 4"));
}

TEST(SmpFile, MayHaveAnyFiller) {
    Bytes header = smp_file.write_header({48'000, 1, 100}, {});
    for (std::size_t i = 0x30; i < header.size(); ++i) header[i] = static_cast<std::byte>(i * 7);

    EXPECT_TRUE(smp_file.read_header(header, 712));
}

TEST(RlndFile, BeginsItsAudioAtByte512) {
    const Bytes header = rlnd_file.write_header({44'100, 1, 1000}, {9, 12});

    ASSERT_EQ(header.size(), 512U);
    EXPECT_EQ(le32(header, 4), 2504U);
    EXPECT_EQ(le32(header, 16), 18U);
    EXPECT_TRUE(has_text(header, 38, "RLND"));
    EXPECT_EQ(le32(header, 42), 458U);
    EXPECT_TRUE(has_text(header, 46, "roifspsx"));
    EXPECT_EQ(le32(header, 54), 4U);
    EXPECT_EQ(u8(header, 58), 119U);
    EXPECT_TRUE(has_text(header, 504, "data"));
    EXPECT_EQ(le32(header, 508), 2000U);
}

TEST(RlndFile, BelongsToAPadThatThereIs) {
    Bytes header = rlnd_file.write_header({44'100, 1, 1000}, {9, 12});
    header[58] = std::byte{120};

    EXPECT_THAT(rlnd_file.read_header(header, 2512).error().to_string(), HasSubstr("pad number 121 of 120"));
}

TEST(PlainWav, IsTheShortestHeaderThereIs) {
    const Bytes header = plain_wav.write_header({48'000, 2, 3}, {});

    EXPECT_EQ(hex(header),
              "52494646"
              "30000000"
              "57415645"
              "666d7420"
              "10000000"
              "0100"
              "0200"
              "80bb0000"
              "00ee0200"
              "0400"
              "1000"
              "64617461"
              "0c000000");
}

TEST(PlainWav, RefusesChunksThatItDoesNotWrite) {
    Bytes header = plain_wav.write_header({48'000, 2, 3}, {});
    header[16] = std::byte{40};

    EXPECT_THAT(plain_wav.read_header(header, 56).error().to_string(),
                HasSubstr("fmt_bytes is 40, and must be 16"));
}

TEST(PlainAiff, HasItsRateAsANumberOf80Bits) {
    const Bytes header = plain_aiff.write_header({44'100, 2, 3}, {});

    EXPECT_EQ(hex(header),
              "464f524d"
              "0000003a"
              "41494646"
              "434f4d4d"
              "00000012"
              "0002"
              "00000003"
              "0010"
              "400eac44000000000000"
              "53534e44"
              "00000014"
              "00000000"
              "00000000");
}

}  // namespace

}  // namespace dubplate::test
