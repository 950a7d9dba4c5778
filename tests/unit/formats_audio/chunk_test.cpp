#include "formats/audio/chunks.h"

#include <gtest/gtest.h>

#include "unit/formats_audio/chunk_files.h"

namespace dubplate::test {

namespace {

TEST(ByteReader, GivesZerosPastTheEndAndSaysSo) {
    const Bytes bytes = to_bytes("\1\2\3");
    ByteReader reader(bytes, ByteOrder::little);

    EXPECT_EQ(reader.u16(), 0x0201);
    EXPECT_TRUE(reader.ok());
    EXPECT_EQ(reader.u16(), 0);
    EXPECT_FALSE(reader.ok());
    EXPECT_EQ(reader.take(5).size(), 0U);
}

TEST(ByteBuilder, WritesBothByteOrdersAndPadsChunks) {
    ByteBuilder little(ByteOrder::little);
    ByteBuilder big(ByteOrder::big);

    EXPECT_EQ(little.chunk("abcd", to_bytes("x")).u16(0x0102).result(),
              to_bytes({"abcd\1\0\0\0x\0\2\1", 12}));
    EXPECT_EQ(big.chunk("abcd", to_bytes("x")).u16(0x0102).result(), to_bytes({"abcd\0\0\0\1x\0\1\2", 12}));
}

TEST(ScanChunks, NeverGivesMoreThanTheFileHolds) {
    ByteBuilder file(ByteOrder::little);
    file.zeros(12).chunk("aaaa", to_bytes("12")).text("bbbb").u32(0x7FFFFFFF).text("345");

    const std::vector<Chunk> chunks = chunks_of(file.result());

    ASSERT_EQ(chunks.size(), 2U);
    EXPECT_EQ(chunks[1].stated, 0x7FFFFFFFU);
    EXPECT_EQ(chunks[1].size, 3U);
    EXPECT_TRUE(chunks[1].cut_off());
    EXPECT_FALSE(chunks[0].cut_off());
}

TEST(ScanChunks, EndsWhereNoChunkFollows) {
    ByteBuilder file(ByteOrder::little);
    file.zeros(12).chunk("aaaa", to_bytes("12")).zeros(100);

    EXPECT_EQ(chunks_of(file.result()).size(), 1U);
}

TEST(ReadRange, RefusesWhatLiesPastTheEnd) {
    const auto source = source_of(to_bytes("12345"));

    EXPECT_EQ(read_range(*source, 1, 4).value(), to_bytes("2345"));
    EXPECT_EQ(read_range(*source, 2, 4).error().code, ErrorCode::corrupt);
    EXPECT_EQ(read_range(*source, ~std::uint64_t{0}, 4).error().code, ErrorCode::corrupt);
}

TEST(CopyChunk, CopiesInBlocksAndPads) {
    Bytes payload(600'001, std::byte{7});
    ByteBuilder file(ByteOrder::big);
    file.zeros(12).chunk("aaaa", payload);
    const auto source = source_of(file.result());
    MemoryFile target;

    ASSERT_TRUE(copy_chunk(*source, chunks_of(file.result(), ByteOrder::big).at(0), ByteOrder::big, target));

    EXPECT_EQ(target.bytes(), Bytes(file.result().begin() + 12, file.result().end()));
}

TEST(ChunkText, IsAlwaysCleanUtf8) {
    EXPECT_EQ(chunk_text(to_bytes({"abc\0def", 7})), "abc");
    EXPECT_EQ(chunk_text(to_bytes("Bj\xf6rk")), "Bj\xc3\xb6rk");
    EXPECT_EQ(chunk_text(to_bytes("Bj\xc3\xb6rk  ")), "Bj\xc3\xb6rk");
    EXPECT_EQ(chunk_text(to_bytes(std::string(3000, 'x'))).size(), 1024U);
}

}  // namespace

}  // namespace dubplate::test
