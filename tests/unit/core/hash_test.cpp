#include "core/hash.h"
#include "support/bytes.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace dubplate {
namespace {

constexpr const char* empty_digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
// FIPS 180-4 examples: "abc", and a million times "a".
constexpr const char* abc_digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* million_digest = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST(Sha256, MatchesThePublishedExamples) {
    EXPECT_EQ(sha256_of(std::span<const std::byte>()), empty_digest);
    EXPECT_EQ(sha256_of(to_bytes("abc")), abc_digest);
    EXPECT_EQ(sha256_of(to_bytes(std::string(1'000'000, 'a'))), million_digest);
}

TEST(Sha256, DoesNotDependOnHowTheBytesCome) {
    const Bytes bytes = to_bytes("abc");
    Sha256 hash;
    for (const std::byte& byte : bytes) hash.update({&byte, 1});
    hash.update({});

    EXPECT_EQ(hash.finish(), abc_digest);
}

TEST(Sha256, ReadsASourceToItsEnd) {
    const auto source =
        make_memory_source(std::make_shared<const Bytes>(to_bytes(std::string(1'000'000, 'a'))), "a.bin");

    EXPECT_EQ(*sha256_of(*source), million_digest);
}

TEST(Md5, MatchesThePublishedExamples) {
    EXPECT_EQ(Md5().finish(), "d41d8cd98f00b204e9800998ecf8427e");
    Md5 hash;
    hash.update(to_bytes("abc"));
    EXPECT_EQ(hash.finish(), "900150983cd24fb0d6963f7d28e17f72");  // RFC 1321, A.5
}

TEST(Fingerprint, MatchesThePublishedExampleAndDoesNotDependOnHowTheBytesCome) {
    EXPECT_EQ(Fingerprint().finish(), "99aa06d3014798d86001c324468d497f");  // XXH3 of nothing, 128 bits

    const Bytes bytes = to_bytes(std::string(100'000, 'a'));
    Fingerprint whole;
    whole.update(bytes);
    Fingerprint parts;
    for (std::size_t i = 0; i < bytes.size(); i += 1000) parts.update(std::span(bytes).subspan(i, 1000));
    EXPECT_EQ(parts.finish(), whole.finish());
    parts.update(std::span(bytes).first(1));
    EXPECT_NE(parts.finish(), whole.finish());
}

TEST(Sha256, StopsWhenAsked) {
    const auto source = make_memory_source(std::make_shared<const Bytes>(to_bytes("abc")), "a.bin");
    std::stop_source stop;
    stop.request_stop();

    EXPECT_EQ(sha256_of(*source, stop.get_token()).error().code, ErrorCode::canceled);
}

class ShrinkingSource final : public ByteSource {
  public:
    std::uint64_t size() const override { return 10; }
    Result<std::size_t> read_at(std::uint64_t, std::span<std::byte>) const override { return std::size_t{0}; }
    std::string name() const override { return "shrinking.wav"; }
};

TEST(Sha256, RefusesASourceThatBecameShorter) {
    const auto hash = sha256_of(ShrinkingSource());

    ASSERT_FALSE(hash);
    EXPECT_EQ(hash.error().code, ErrorCode::io);
    EXPECT_NE(hash.error().message.find("shrinking.wav"), std::string::npos);
}

}  // namespace
}  // namespace dubplate
