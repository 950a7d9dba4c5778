#include "formats/sampler/pad_info.h"

#include "support/bytes.h"
#include "tags/bytes.h"
#include "unit/formats_sampler/projects.h"

namespace dubplate::test {

namespace {

using testing::HasSubstr;

// A2, of one channel.
SamplerPad break_pad() {
    SamplerPad pad = plain_pad({0, 2}, 1, 44'100);
    pad.begin_frame = 100;
    pad.end_frame = 44'000;
    pad.loop_frame = 100;
    pad.settings.level = 90;
    pad.settings.gate = false;
    pad.settings.loop = true;
    pad.settings.reverse = true;
    pad.settings.bpm_sync = true;
    pad.settings.bpm = 93.5;
    return pad;
}

TEST(PadInfo, PutsEachSettingWhereTheUnitReadsIt) {
    const Bytes table = write_pad_info({.name = "", .bpm = 120, .pads = {break_pad()}});

    ASSERT_EQ(table.size(), 3840U);
    for (const std::size_t word : {0U, 4U, 8U, 12U}) EXPECT_EQ(be32(table, word), 512U);
    EXPECT_EQ(to_text(slice(table, 16, 8)), std::string("\x7F\0\0\1\0\1\2\0", 8));
    EXPECT_EQ(be32(table, 24), 1200U);
    EXPECT_EQ(be32(table, 32), 512U);
    EXPECT_EQ(be32(table, 36), 88'712U);
    EXPECT_EQ(be32(table, 40), 712U);
    EXPECT_EQ(be32(table, 44), 88'512U);
    EXPECT_EQ(to_text(slice(table, 48, 8)), std::string("\x5A\0\1\0\1\1\1\1", 8));
    EXPECT_EQ(be32(table, 56), 935U);
    EXPECT_EQ(be32(table, 60), 935U);
}

TEST(PadInfo, TellsWhatTheCardHasNoPlaceFor) {
    SamplerPad pad = break_pad();
    EXPECT_TRUE(device("sp404sx").losses(pad).empty());
    pad.name = "Break";
    pad.chop_frames = {200, 300};
    pad.loop_frame = 500;
    pad.settings.pan = 10;
    pad.settings.pitch = 1;
    pad.settings.mute_group = 1;
    pad.settings.bus = PadBus::dry;

    const std::vector<Loss> losses = device("sp404sx").losses(pad);

    ASSERT_EQ(losses.size(), 7U);
    EXPECT_EQ(losses[0].what, "pad A02: name 'Break'");
    EXPECT_EQ(losses[0].why, "on the Roland SP-404SX it is ''");
    EXPECT_EQ(losses[6].what, "pad A02: bus dry");
}

TEST(PadInfo, TellsWhichPadIsCorrupt) {
    const Bytes table = write_pad_info({.name = "", .bpm = 120, .pads = {break_pad()}});
    struct Fault {
        std::size_t byte;
        std::uint32_t value;  // of the four bytes from there
        const char* told;
    };
    for (const Fault& fault :
         {Fault{36, 511, "511 bytes"}, Fault{36, 88'711, "88711 bytes"}, Fault{40, 511, "begin is 511"},
          Fault{44, 600, "end is 600"}, Fault{44, 88'714, "end is 88714"},
          Fault{48, 0x80000000, "level is 128"}, Fault{52, 0x00010300, "channels is 3"},
          Fault{52, 0x00010103, "tempo_mode is 3"}, Fault{60, 10'001, "bpm is 10001"}}) {
        Bytes broken = table;
        for (std::size_t i = 0; i < 4; ++i)
            broken[fault.byte + i] = static_cast<std::byte>(fault.value >> (24 - 8 * i));

        const auto back = read_pad_info(broken, {});

        ASSERT_FALSE(back) << fault.told;
        EXPECT_EQ(back.error().code, ErrorCode::corrupt);
        EXPECT_THAT(back.error().to_string(), testing::AllOf(HasSubstr("pad A02: "), HasSubstr(fault.told)));
    }
    EXPECT_THAT(read_pad_info(table, std::vector{0, 2}).error().to_string(),
                HasSubstr("1 channels, its sample 2"));
}

}  // namespace

}  // namespace dubplate::test
