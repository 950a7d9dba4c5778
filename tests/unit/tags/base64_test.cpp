#include "tags/base64.h"

#include <gtest/gtest.h>

#include "support/bytes.h"

namespace dubplate {
namespace {

// RFC 4648, section 10.
TEST(Base64, EncodesAndDecodesTheExamplesOfItsStandard) {
    const std::pair<std::string, std::string> examples[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    for (const auto& [plain, encoded] : examples) {
        EXPECT_EQ(encode_base64(to_bytes(plain)), encoded);
        EXPECT_EQ(decode_base64(encoded), to_bytes(plain));
    }
}

TEST(Base64, RefusesOtherCharacters) {
    EXPECT_FALSE(decode_base64("Zg*="));
}

}  // namespace
}  // namespace dubplate
