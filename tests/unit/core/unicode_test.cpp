#include "core/unicode.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dubplate {
namespace {

TEST(Unicode, DecodesCodePointsOfEveryLength) {
    const std::string text = "aé€𝄞";
    const std::vector<char32_t> expected{U'a', U'é', U'€', U'𝄞'};
    std::size_t place = 0;
    for (const char32_t c : expected) {
        const CodePoint point = decode_utf8(text, place);
        EXPECT_TRUE(point.valid);
        EXPECT_EQ(point.value, c);
        place += point.bytes;
    }
    EXPECT_EQ(place, text.size());
}

TEST(Unicode, RefusesOverlongFormsSurrogatesAndTornSequences) {
    for (const char* text : {"\xC0\x80", "\xE0\x80\x80", "\xF0\x80\x80\x80", "\xED\xA0\x80",
                             "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\x80", "\xFF"}) {
        const CodePoint point = decode_utf8(text, 0);
        EXPECT_FALSE(point.valid);
        EXPECT_EQ(point.bytes, 1U);
    }
    EXPECT_EQ(to_valid_utf8("a\xFFz"), "a\uFFFDz");
}

TEST(Unicode, FoldsTheCaseOfItsAlphabets) {
    EXPECT_EQ(fold_case("ABC xyz 123"), "abc xyz 123");
    EXPECT_EQ(fold_case("ÀÖØÞ×ÿŸ"), "àöøþ×ÿÿ");
    EXPECT_EQ(fold_case("ĀĹŽǍȞ"), "āĺžǎȟ");
    EXPECT_EQ(fold_case("ΆΔΣς"), "άδσσ");
    EXPECT_EQ(fold_case("ЀЯҊӐ"), "ѐяҋӑ");
    EXPECT_EQ(fold_case("ԱẠẞＡ"), "աạßａ");
    EXPECT_EQ(fold_case("\xFF"), "\xFF");
}

}  // namespace
}  // namespace dubplate
