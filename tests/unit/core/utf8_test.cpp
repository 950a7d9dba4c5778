#include "core/text.h"
#include "core/unicode.h"

#include <gtest/gtest.h>

#include <string>

namespace dubplate {
namespace {

// RFC 3629: overlong forms, surrogates, values past U+10FFFF, stray and missing continuations.
const std::vector<std::string> broken{"\x80",
                                      "\xBF",
                                      "\xC0\x80",
                                      "\xC1\xBF",
                                      "\xC3",
                                      "\xE2\x82",
                                      "\xE0\x80\x80",
                                      "\xED\xA0\x80",
                                      "\xF0\x80\x80\x80",
                                      "\xF4\x90\x80\x80",
                                      "\xF5\x80\x80\x80",
                                      "\xFE",
                                      "\xFF",
                                      "\xF0\x9F\x8E",
                                      "a\xC3(b"};

TEST(Utf8, AcceptsEveryLengthAndItsBounds) {
    for (const char* text : {"", "plain", "\x7F", "\u0080", "\u07FF", "\u0800", "\uD7FF", "\uE000", "\uFFFF",
                             "\U00010000", "\U0010FFFF", "Bj\u00F6rk \U0001F3B5"})
        EXPECT_TRUE(is_valid_utf8(text)) << text;
    EXPECT_TRUE(is_valid_utf8(std::string("\0", 1)));
}

TEST(Utf8, RefusesWhatTheStandardForbids) {
    for (const std::string& text : broken) EXPECT_FALSE(is_valid_utf8(text)) << testing::PrintToString(text);
}

TEST(Utf8, IsValidOnceRepaired) {
    for (const std::string& text : broken) {
        const std::string repaired = to_valid_utf8(text);
        EXPECT_TRUE(is_valid_utf8(repaired)) << testing::PrintToString(text);
        EXPECT_NE(repaired.find("\uFFFD"), std::string::npos);
    }
    EXPECT_EQ(to_valid_utf8("a\xFF b"), "a\uFFFD b");
    EXPECT_EQ(to_valid_utf8("Bj\u00F6rk"), "Bj\u00F6rk");
}

TEST(Utf8, IsCutBetweenCharactersAlone) {
    EXPECT_EQ(truncate_utf8("a\u00F6\U0001F3B5", 7), "a\u00F6\U0001F3B5");
    EXPECT_EQ(truncate_utf8("a\u00F6\U0001F3B5", 6), "a\u00F6");
    EXPECT_EQ(truncate_utf8("a\u00F6\U0001F3B5", 2), "a");
    EXPECT_EQ(truncate_utf8("a\u00F6", 0), "");
}

TEST(DisplayWidth, CountsColumns) {
    EXPECT_EQ(display_width("Night"), 5);
    EXPECT_EQ(display_width("Bj\u00F6rk"), 5);
    EXPECT_EQ(display_width("Bjo\u0308rk"), 5);   // combining diaeresis
    EXPECT_EQ(display_width("\u5742\u672C"), 4);  // CJK
    EXPECT_EQ(display_width("\U0001F3B5"), 2);    // emoji
    EXPECT_EQ(display_width("\uD55C\uAE00"), 4);  // Hangul
    EXPECT_EQ(display_width("\uFF21"), 2);        // full width A
    EXPECT_EQ(display_width("a\u200Bb"), 2);      // zero width space
    EXPECT_EQ(display_width("\xFF"), 1);          // shown as U+FFFD
    EXPECT_EQ(display_width(""), 0);
}

TEST(TruncateToWidth, FitsAndShowsTheCut) {
    EXPECT_EQ(truncate_to_width("Night Drive", 11), "Night Drive");
    EXPECT_EQ(truncate_to_width("Night Drive", 6), "Night\u2026");
    EXPECT_EQ(truncate_to_width("\u5742\u672C\u9F8D", 5), "\u5742\u672C\u2026");
    EXPECT_EQ(truncate_to_width("\u5742\u672C\u9F8D", 4), "\u5742\u2026");
    EXPECT_EQ(truncate_to_width("abc", 1), "\u2026");
    EXPECT_EQ(truncate_to_width("abc", 0), "");
}

TEST(DisplayWidth, IsKeptToByShorteningTheMiddle) {
    EXPECT_EQ(shorten_to_width("Night Drive.wav", 15), "Night Drive.wav");
    EXPECT_EQ(shorten_to_width("Night Drive.wav", 9), "Nigh\u2026.wav");
    EXPECT_EQ(shorten_to_width("\u5742\u672C\u9F8D\u4E00", 7), "\u5742\u2026\u9F8D\u4E00");
    EXPECT_EQ(shorten_to_width("abc", 1), "\u2026");
    EXPECT_EQ(shorten_to_width("abc", -1), "");
}

TEST(EscapeControl, ShowsWhatWouldChangeTheTerminal) {
    EXPECT_EQ(escape_control("a\nb\tc\rd"), "a\\nb\\tc\\rd");
    EXPECT_EQ(escape_control("\x1b[2J\x7f"), "\\x1b[2J\\x7f");
    EXPECT_EQ(escape_control("\u009b31m"), "\\u{9b}31m");                    // C1 introducer
    EXPECT_EQ(escape_control("song\u202Evaw.exe"), "song\\u{202e}vaw.exe");  // right to left override
    EXPECT_EQ(escape_control("a\u2028b"), "a\\u{2028}b");
    EXPECT_EQ(escape_control("\xff"), "\uFFFD");
    EXPECT_EQ(escape_control(std::string_view("\0", 1)), "\\x00");
}

TEST(EscapeControl, LeavesTextAlone) {
    const std::string text = "Bj\u00F6rk - \u201CJ\u00F3ga\u201D \U0001F3B5 'x' \\";
    EXPECT_EQ(escape_control(text), text);
}

}  // namespace
}  // namespace dubplate
