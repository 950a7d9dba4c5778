#include "organize/file_name.h"

#include "core/unicode.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace dubplate {
namespace {

TEST(SafeName, KeepsWhatDesktopsAllow) {
    const std::vector<std::string> names{"Night Drive",
                                         "Ætherfall – Größe (live) [128]",
                                         "夜のドライブ",
                                         "🎧 mix!",
                                         "a.b.c",
                                         "100% & more; 'quoted'",
                                         "x"};
    for (const std::string& name : names) EXPECT_EQ(safe_name(name), name);
}

TEST(SafeName, ReplacesWhatAFileSystemForbids) {
    EXPECT_EQ(safe_name("a<b>c:d\"e/f\\g|h?i*j"), "a_b_c_d_e_f_g_h_i_j");
    EXPECT_EQ(safe_name(std::string("tab\there\nand\0zero", 17)), "tab_here_and_zero");
    EXPECT_EQ(safe_name("bad \xFF\xC0 bytes"), "bad __ bytes");
    EXPECT_EQ(safe_name("exe\u202Egpj.song"), "exe_gpj.song");
}

TEST(SafeName, NeverEndsInADotOrASpaceNorHidesTheFile) {
    EXPECT_EQ(safe_name("Wait..."), "Wait");
    EXPECT_EQ(safe_name("  padded . . "), "padded");
    EXPECT_EQ(safe_name(".hidden"), "_hidden");
}

TEST(SafeName, TakesNoPathFromAName) {
    EXPECT_EQ(safe_name("../../etc/passwd"), "_._.._etc_passwd");
    EXPECT_EQ(safe_name(".."), "untitled");
    EXPECT_EQ(safe_name("."), "untitled");
    EXPECT_EQ(safe_name(""), "untitled");
    EXPECT_EQ(safe_name(" \u2028").find('/'), std::string::npos);
}

TEST(SafeName, AvoidsTheDeviceNamesOfWindows) {
    EXPECT_EQ(safe_name("CON"), "CON_");
    EXPECT_EQ(safe_name("nul.wav"), "nul_.wav");
    EXPECT_EQ(safe_name("Com1"), "Com1_");
    EXPECT_EQ(safe_name("lpt\u00B2"), "lpt\u00B2_");
    EXPECT_EQ(safe_name("aux .mix"), "aux _.mix");
    EXPECT_EQ(safe_name("console"), "console");
    EXPECT_EQ(safe_name("COM10"), "COM10");
}

TEST(SafeName, CutsBetweenCodePoints) {
    std::string name;
    for (int i = 0; i < 100; ++i) name += "€";  // three bytes each

    const std::string cut = safe_name(name);

    EXPECT_EQ(cut.size(), 255U);
    EXPECT_EQ(to_valid_utf8(cut), cut);
    EXPECT_EQ(safe_name(name, NameProfile::desktop, 254).size(), 252U);
}

TEST(SafeName, KeepsTheExtensionWhenItCuts) {
    const std::string name = safe_file_name(std::string(300, 'a'), "flac");

    EXPECT_EQ(name.size(), 255U);
    EXPECT_TRUE(name.ends_with("a.flac"));
    EXPECT_EQ(safe_file_name("Mr. Smith", "wav"), "Mr. Smith.wav");
    EXPECT_EQ(safe_file_name("no extension", ""), "no extension");
}

TEST(SafeName, LosesTheSequencesThatTerminalsObey) {
    EXPECT_EQ(safe_name("\x1b[31mRed\x1b[0m \x1b]0;title\x07kick"), "Red kick");
    EXPECT_EQ(safe_name("\x1b[1;31mRed", NameProfile::sampler), "Red");
    EXPECT_EQ(safe_name("a\x1b[31"), "a");
    EXPECT_EQ(safe_name("a [31m b"), "a [31m b");
}

TEST(SafeName, GivesSamplersPlainAscii) {
    const auto sampler = [](std::string_view name) { return safe_name(name, NameProfile::sampler); };

    EXPECT_EQ(sampler("Sick Beat #1 (90's)"), "Sick_Beat_1_90_s");
    EXPECT_EQ(sampler("Größe"), sampler("Gro\u0308ße"));
    EXPECT_EQ(sampler("snare-02"), "snare-02");
    EXPECT_EQ(sampler("__x--"), "x");
    EXPECT_EQ(sampler("夜"), "sample");
    EXPECT_EQ(sampler("NUL"), "NUL_");
    EXPECT_EQ(sampler("../../x"), "x");
}

TEST(SafeName, IsItsOwnResult) {
    const std::vector<std::string> names{"../../x",
                                         "CON",
                                         "a:b",
                                         std::string(400, '.') + "x",
                                         "x \xF0\x9F",
                                         ". . .",
                                         std::string(254, 'a') + " b",
                                         "nul .x"};
    for (const std::string& name : names)
        for (const NameProfile profile : {NameProfile::desktop, NameProfile::sampler}) {
            const std::string once = safe_name(name, profile);
            EXPECT_EQ(safe_name(once, profile), once) << name;
        }
}

TEST(UniqueNames, CountsTheSameWayEveryTime) {
    for (int round = 0; round < 2; ++round) {
        UniqueNames names;
        EXPECT_EQ(names.take("Name", "wav"), "Name.wav");
        EXPECT_EQ(names.take("Name", "wav"), "Name (2).wav");
        EXPECT_EQ(names.take("Name", "mp3"), "Name.mp3");
        EXPECT_EQ(names.take("Name", "wav"), "Name (3).wav");
    }
}

TEST(UniqueNames, TakesCaseForNoDifference) {
    UniqueNames names;
    EXPECT_EQ(names.take("Ärger", "wav"), "Ärger.wav");
    EXPECT_EQ(names.take("ärger", "wav"), "ärger (2).wav");
    EXPECT_EQ(names.take("ПЕСНЯ", "wav"), "ПЕСНЯ.wav");
    EXPECT_EQ(names.take("песня", "wav"), "песня (2).wav");
}

TEST(UniqueNames, StepsOverANameThatIsTakenAlready) {
    UniqueNames names;
    EXPECT_EQ(names.take("Name (2)", "wav"), "Name (2).wav");
    EXPECT_EQ(names.take("Name", "wav"), "Name.wav");
    EXPECT_EQ(names.take("Name", "wav"), "Name (3).wav");
}

TEST(UniqueNames, KeepsFoldersApart) {
    UniqueNames names;
    EXPECT_EQ(names.take("one/Name", "wav"), "one/Name.wav");
    EXPECT_EQ(names.take("two/Name", "wav"), "two/Name.wav");
    EXPECT_EQ(names.take("two/Name", "wav"), "two/Name (2).wav");
}

TEST(UniqueNames, StaysWithinTheLimitAndInTheProfile) {
    UniqueNames names;
    const std::string longest(300, 'x');
    EXPECT_EQ(names.take(longest, "wav").size(), 255U);
    const std::string second = names.take(longest, "wav");
    EXPECT_LE(second.size(), 255U);
    EXPECT_TRUE(second.ends_with(" (2).wav"));

    UniqueNames pads(NameProfile::sampler);
    EXPECT_EQ(pads.take("kick", "wav"), "kick.wav");
    EXPECT_EQ(pads.take("Kick", "wav"), "Kick_2.wav");
}

}  // namespace
}  // namespace dubplate
