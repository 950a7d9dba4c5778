// A pad as the unit would play it.
#include <algorithm>

#include "exports/pack/preview.h"
#include "packing.h"

namespace dubplate {
namespace {

using namespace test;

Audio preview_of(const PadSettings& settings, const Audio& audio, double start_seconds = 0) {
    MemoryStore store;
    PackSpec spec;
    spec.kit = "k";
    spec.preview = true;
    PackPad pad{.pad = "A1", .sample = "s.wav", .settings = settings};
    pad.start_seconds = start_seconds;
    spec.pads = {pad};
    const auto manifest = run_pack_of(spec, {wav_input(store, audio, "s.wav")}, store);
    EXPECT_TRUE(manifest) << manifest.error().to_string();
    return decode(store, "/pack/preview/A01_s.wav");
}

double level_of(const Audio& audio, int channel, double frequency_hz) {
    const std::span<const float> middle =
        std::span(audio.channels[static_cast<std::size_t>(channel)]).subspan(4800, 4800);
    return gain_to_db(amplitude_at(middle, frequency_hz, 48000));
}

TEST(PackPreview, PlaysTheSampleAsItIsInTheMiddleAtFullLevel) {
    const Audio played = preview_of({}, sine(48000, 1, 0.5, 1000, -12));
    EXPECT_EQ(played.frames(), 24000);
    EXPECT_NEAR(level_of(played, 0, 1000), -12, 0.01);
    EXPECT_NEAR(level_of(played, 1, 1000), -12, 0.01);
}

TEST(PackPreview, FollowsLevelAndPan) {
    const Audio right = preview_of({.level = 64, .pan = 51}, sine(48000, 1, 0.5, 1000, -12));
    EXPECT_LT(level_of(right, 0, 1000), -80);
    EXPECT_NEAR(level_of(right, 1, 1000), -12 + gain_to_db(64 / 127.0), 0.01);
}

TEST(PackPreview, PlaysAnOctaveUpInHalfTheTime) {
    const Audio up = preview_of({.pitch = 12}, sine(48000, 1, 0.5, 1000, -12));
    EXPECT_EQ(up.frames(), 12000);
    EXPECT_NEAR(level_of(up, 0, 2000), -12, 0.05);
}

TEST(PackPreview, PlaysBackwardsAndFromItsStart) {
    Audio audio = silence(48000, 1, 0.25);
    audio.append(sine(48000, 1, 0.25, 1000, -12));
    const Audio backwards = preview_of({.reverse = true}, audio);
    EXPECT_NEAR(level_of(backwards, 0, 1000), -12, 0.1);
    EXPECT_EQ(preview_of({}, audio, 0.25).frames(), 12000);
}

TEST(ContactSheet, DrawsAPadThatPlaysBackwardsAsItSounds) {
    const SamplerDevice& device = *find_sampler_device("sp404mk2");
    SheetPad forwards{.pad = {.place = {0, 1}, .name = "s"}};
    forwards.pad.frames = forwards.pad.end_frame = 48000;
    forwards.waveform = {{-0.1f, 0.2f}, {-0.3f, 0.4f}, {-0.5f, 0.9f}};
    SheetPad backwards = forwards;
    backwards.pad.settings.reverse = true;
    std::ranges::reverse(backwards.waveform);
    std::string sheet = contact_sheet(device, "k", 0, {backwards});
    const std::size_t word = sheet.find("  reverse");
    ASSERT_NE(word, std::string::npos);
    sheet.erase(word, std::string_view("  reverse").size());
    EXPECT_EQ(sheet, contact_sheet(device, "k", 0, {forwards}));
}

TEST(PackPreview, PlaysALoopThreeTimes) {
    EXPECT_EQ(preview_of({.loop = true}, sine(48000, 1, 0.2, 1000, -12)).frames(), 3 * 9600);
}

}  // namespace
}  // namespace dubplate
