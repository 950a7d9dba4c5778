#include "analysis/name_tempo.h"

#include <gtest/gtest.h>

namespace dubplate {
namespace {

TEST(BpmInName, IsTheNumberBesideBpm) {
    EXPECT_EQ(bpm_in_name("loop_120bpm"), 120);
    EXPECT_EQ(bpm_in_name("Drums 92.5 BPM Am"), 92.5);
    EXPECT_EQ(bpm_in_name("bpm174-roller"), 174);
    EXPECT_EQ(bpm_in_name("140 Kit [93 bpm]"), 93);
    EXPECT_EQ(bpm_in_name("slow 45bpm"), 45);
}

TEST(BpmInName, IsTheOneNumberThatMayBeATempo) {
    EXPECT_EQ(bpm_in_name("Bass 92"), 92);
    EXPECT_EQ(bpm_in_name("01_kick-loop_128_Fm"), 128);
    EXPECT_EQ(bpm_in_name("120 drums 120"), 120);
}

TEST(BpmInName, IsNoneWhereNumbersMeanSomethingElse) {
    EXPECT_EQ(bpm_in_name(""), std::nullopt);
    EXPECT_EQ(bpm_in_name("Take 7"), std::nullopt);
    EXPECT_EQ(bpm_in_name("TR-808"), std::nullopt);
    EXPECT_EQ(bpm_in_name("song 2024"), std::nullopt);
    EXPECT_EQ(bpm_in_name("master 96 kHz"), std::nullopt);
    EXPECT_EQ(bpm_in_name("A120"), std::nullopt) << "part of a name";
    EXPECT_EQ(bpm_in_name("loop 090"), std::nullopt) << "a counter";
    EXPECT_EQ(bpm_in_name("pad 80 120"), std::nullopt) << "which of them?";
    EXPECT_EQ(bpm_in_name("bpm bpm 9999"), std::nullopt);
}

}  // namespace
}  // namespace dubplate
