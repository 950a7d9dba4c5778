// Which drum a file's name speaks of.
#include "exports/pack/drum_names.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace dubplate {
namespace {

TEST(DrumNames, TellTheDrumByItsWordsAndAbbreviations) {
    const std::vector<std::pair<const char*, SampleKind>> named{
        {"Kick 1", SampleKind::kick},
        {"PowR_BD_1", SampleKind::kick},
        {"bass drum soft", SampleKind::kick},
        {"HardHse_K_02", SampleKind::kick},
        {"PearlSnare-Hard", SampleKind::snare},
        {"sd_01", SampleKind::snare},
        {"PowR_SN_1", SampleKind::snare},
        {"HandClap", SampleKind::clap},
        {"stick-rim-9", SampleKind::rim},
        {"HH closed", SampleKind::closed_hat},
        {"closehihat3", SampleKind::closed_hat},
        {"EE_Hat_Cl_Bs", SampleKind::closed_hat},
        {"EE_Hat_Op_Dirty", SampleKind::open_hat},
        {"hhopen_00", SampleKind::open_hat},
        {"HiHatSemiopen-0", SampleKind::open_hat},
        {"OH25", SampleKind::open_hat},
        {"TM_01", SampleKind::tom},
        {"101450__menegass__tomh", SampleKind::tom},
        {"tom-hi-1", SampleKind::tom},
        {"LT50", SampleKind::tom},
        {"RD2", SampleKind::cymbal},
        {"CrashRide18Bell-0", SampleKind::cymbal},
        {"rc_03", SampleKind::cymbal},
        {"BongoHi-Soft", SampleKind::percussion},
        {"HC00", SampleKind::percussion},
        {"Drum Loop 120", SampleKind::loop},
    };
    for (const auto& [name, kind] : named) EXPECT_EQ(kind_by_name(name), kind) << name;
}

TEST(DrumNames, DoNotFindAbbreviationsInsideOfOtherWords) {
    for (const char* name : {"album", "custom", "bottom pad", "what", "chord", "bride", "", "01"})
        EXPECT_EQ(kind_by_name(name), std::nullopt) << name;
}

}  // namespace
}  // namespace dubplate
