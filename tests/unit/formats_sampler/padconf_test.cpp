#include "formats/sampler/padconf.h"

#include "support/bytes.h"
#include "tags/bytes.h"
#include "unit/formats_sampler/projects.h"

namespace dubplate::test {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::size_t first_pad = 0xA0, pad_bytes = 172, names = 0x6C20, chops = 0x7B20;

// B1, as a loop of 90 bpm.
SamplerPad loop_pad() {
    return {.place = {1, 1},
            .name = "BASS",
            .channels = 2,
            .frames = 512'000,
            .begin_frame = 0,
            .end_frame = 500'000,
            .loop_frame = 1000,
            .chop_frames = {0, 96'000},
            .settings = {.level = 100,
                         .pan = -20,
                         .pitch = -1.25,
                         .gate = false,
                         .loop = true,
                         .reverse = true,
                         .mute_group = 3,
                         .bpm_sync = true,
                         .bpm = 93.5,
                         .bus = PadBus::bus_2}};
}

Bytes table_of(const SamplerPad& pad) {
    return write_padconf({.name = "PROJECT_06", .bpm = 100.4, .pads = {pad}});
}

std::uint32_t word(const Bytes& table, std::size_t pad, std::size_t number) {
    return be32(table, first_pad + pad * pad_bytes + 4 * number);
}

void set_word(Bytes& table, std::size_t pad, std::size_t number, std::uint32_t value) {
    const std::size_t at = first_pad + pad * pad_bytes + 4 * number;
    for (std::size_t i = 0; i < 4; ++i) table[at + i] = static_cast<std::byte>(value >> (24 - 8 * i));
}

TEST(Padconf, PutsEachSettingWhereTheUnitReadsIt) {
    const Bytes table = table_of(loop_pad());

    ASSERT_EQ(table.size(), 52'000U);
    EXPECT_TRUE(has_text(table, 0, "RFPD"));
    EXPECT_EQ(be32(table, 4), 0xA0U);
    EXPECT_EQ(be32(table, 8), 0x0300'0000U);
    EXPECT_EQ(be32(table, 12), 0x7A80U);
    EXPECT_EQ(be32(table, 0x10), 10'040U);
    for (std::size_t bank = 0; bank < 10; ++bank) EXPECT_EQ(be32(table, 0x40 + 4 * bank), 20'080U);
    EXPECT_EQ(to_text(slice(table, 0x80, 32)), "PROJECT_06" + std::string(21, ' ') + '\0');
    std::vector<std::uint32_t> words(25);
    for (std::size_t i = 0; i < words.size(); ++i) words[i] = word(table, 16, i);
    EXPECT_THAT(words, ElementsAre(2'048'512, 512, 2'000'512, 100, 0, 1, 1, 3, 1, 9350, 0, 4512, 0,
                                   0xFFFFFFFF, 0xFFFFFFE7, 1, 10'000, 0, 44, 0, 2, 2, 0, 100, 0));
    EXPECT_EQ(to_text(slice(table, names + 16 * 24, 24)), "BASS" + std::string(19, ' ') + '\0');
    EXPECT_EQ(be32(table, chops + 16 * 128), 0U);
    EXPECT_EQ(be32(table, chops + 16 * 128 + 4), 96'000U);
    EXPECT_EQ(be32(table, chops + 16 * 128 + 8), 0xFFFFFFFFU);
    EXPECT_EQ(be32(table, chops + 16 * 128 + 64), 0U);
}

TEST(Padconf, LeavesOtherPadsAsTheUnitMakesThem) {
    const Bytes table = table_of(loop_pad());

    std::vector<std::uint32_t> words(25);
    for (std::size_t i = 0; i < words.size(); ++i) words[i] = word(table, 0, i);
    EXPECT_THAT(words, ElementsAre(0, 0, 0, 127, 1, 0, 1, 0, 0, 9000, 0, 0, 0, 0, 0, 0, 10'000, 1, 64, 0, 1,
                                   2, 0, 100, 0));
    EXPECT_EQ(to_text(slice(table, names, 24)), std::string(23, ' ') + '\0');
    EXPECT_EQ(be32(table, chops), 0xFFFFFFFFU);
}

TEST(Padconf, CountsBytesByTheChannelsOfTheSample) {
    SamplerPad pad = plain_pad({0, 2}, 1, 144'000);
    pad.begin_frame = 1000;

    const Bytes table = table_of(pad);

    EXPECT_EQ(word(table, 1, 0), 288'512U);
    EXPECT_EQ(word(table, 1, 1), 2512U);
    const auto back = read_padconf(table, std::vector{0, 1});
    ASSERT_TRUE(back);
    EXPECT_EQ(back->pads.at(0).begin_frame, 1000);
}

TEST(Padconf, PlaysAPadWithoutGateAndLoopToItsEnd) {
    SamplerPad pad = plain_pad({0, 1});
    pad.settings.gate = false;
    const Bytes table = table_of(pad);

    EXPECT_EQ(word(table, 0, 4), 0U);
    EXPECT_EQ(word(table, 0, 10), 32U);
    EXPECT_FALSE(read_padconf(table, std::vector{2})->pads.at(0).settings.gate);
}

TEST(Padconf, GivesAPadWhoseSampleIsMissingWithoutItsLength) {
    const auto back = read_padconf(table_of(loop_pad()), {});

    ASSERT_TRUE(back);
    const SamplerPad& pad = back->pads.at(0);
    EXPECT_EQ(pad.place, (PadPlace{1, 1}));
    EXPECT_EQ(pad.name, "BASS");
    EXPECT_EQ(pad.channels, 0);
    EXPECT_EQ(pad.frames, 0);
    EXPECT_EQ(pad.settings, loop_pad().settings);
}

TEST(Padconf, ReadsWhatUnitsWriteDifferently) {
    Bytes table = table_of(loop_pad());
    set_word(table, 16, 5, 0x7FFFFFFF);
    set_word(table, 16, 9, 0);
    const std::string_view name("New Sample\0\0\0", 13);
    std::ranges::copy(as_bytes_view(name), table.begin() + names + 16 * 24);

    const auto back = read_padconf(table, std::vector<int>(160, 2));

    ASSERT_TRUE(back) << back.error().to_string();
    EXPECT_TRUE(back->pads.at(0).settings.loop);
    EXPECT_EQ(back->pads.at(0).settings.bpm, std::nullopt);
    EXPECT_EQ(back->pads.at(0).name, "New Sample");
}

TEST(Padconf, HoldsNamesPansAndPitchesAsTheUnitCan) {
    SamplerPad pad = loop_pad();
    pad.name = "a name of more than 23 letters";
    pad.settings.pan = 63;
    pad.settings.pitch = 13.004;
    pad.settings.bpm = 20;

    const SamplerPad held = padconf_held(pad);

    EXPECT_EQ(held.name, "a name of more than 23");
    EXPECT_EQ(held.settings.pan, 51);
    EXPECT_EQ(held.settings.pitch, 12);
    EXPECT_EQ(held.settings.bpm, 40);
    EXPECT_EQ(padconf_held(loop_pad()), loop_pad());
    const std::vector<Loss> losses = device("sp404mk2").losses(pad);
    ASSERT_EQ(losses.size(), 4U);
    EXPECT_EQ(losses[1].what, "pad B01: pan 63");
    EXPECT_EQ(losses[1].why, "on the Roland SP-404MKII it is 51");
}

TEST(Padconf, TellsWhichPadIsCorrupt) {
    const Bytes table = table_of(loop_pad());
    struct Fault {
        std::size_t number;
        std::uint32_t value;
        const char* told;
    };
    const std::vector<int> channels(160, 2);
    for (const Fault& fault :
         {Fault{0, 511, "511 bytes"}, Fault{0, 2'048'513, "2048513 bytes"},
          Fault{1, 511, "begin is at byte 511"}, Fault{2, 2'048'516, "end is at byte 2048516"},
          Fault{1, 2'000'516, "begins at frame 500001"}, Fault{3, 128, "level is 128"},
          Fault{7, 11, "mute_group is 11"}, Fault{9, 30'001, "bpm is 30001"}, Fault{13, 13, "pitch is 13"},
          Fault{14, 0x80000000, "fine is -2147483648"}, Fault{15, 4, "play_mode is 4"},
          Fault{18, 128, "pan is 128"}, Fault{20, 3, "bus is 3"}}) {
        Bytes broken = table;
        set_word(broken, 16, fault.number, fault.value);

        const auto back = read_padconf(broken, channels);

        ASSERT_FALSE(back) << fault.told;
        EXPECT_EQ(back.error().code, ErrorCode::corrupt);
        EXPECT_THAT(back.error().to_string(), testing::AllOf(HasSubstr("pad B01: "), HasSubstr(fault.told)));
    }
    Bytes broken = table;
    broken[chops + 16 * 128 + 1] = std::byte{0x7F};
    EXPECT_THAT(read_padconf(broken, channels).error().to_string(), HasSubstr("a chop is at frame 8323072"));
}

TEST(Padconf, NamesTheOlderVersionThatItDoesNotRead) {
    Bytes table = table_of(loop_pad());
    table[8] = std::byte{2};
    table.resize(31'488);

    const auto back = read_padconf(table, {});

    ASSERT_FALSE(back);
    EXPECT_EQ(back.error().code, ErrorCode::unsupported);
    EXPECT_THAT(back.error().to_string(),
                testing::AllOf(HasSubstr("version 2"), HasSubstr("older firmware")));
}

}  // namespace

}  // namespace dubplate::test
