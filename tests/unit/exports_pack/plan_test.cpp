// Names, folders and pads; and what is refused before any work.
#include <gmock/gmock.h>

#include "core/param_lists.h"
#include "exports/pack/loop_rates.h"
#include "exports/pack/names.h"
#include "packing.h"

namespace dubplate {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> planned_paths(const PackSpec& spec, const std::vector<ExpandedInput>& inputs,
                                       Store& store) {
    const auto plan = plan_pack(spec, inputs, {.store = &store, .output = "/pack"});
    EXPECT_TRUE(plan) << plan.error().to_string();
    std::vector<std::string> paths;
    if (!plan) return paths;
    for (const PlannedSample& sample : plan->samples)
        paths.push_back(sample.files.at(0).path.generic_string());
    return paths;
}

Audio blip() {
    return sine(48000, 1, 0.15, 440, -20);
}

TEST(PackNames, HaveLettersDigitsUnderscoresAndHyphensAloneAndStayApart) {
    MemoryStore store;
    const std::vector<ExpandedInput> inputs{
        wav_input(store, blip(), "Sick Beat (2024).wav"), wav_input(store, blip(), "sick_beat__2024.wav"),
        wav_input(store, blip(), "Caf\u00E9 #1.wav"), wav_input(store, blip(), "\U0001F941.wav")};
    EXPECT_THAT(planned_paths({}, inputs, store),
                ElementsAre("Sick_Beat_2024.wav", "sick_beat_2024_2.wav", "Cafe_1.wav", "sample.wav"));
    PackSpec spec;
    spec.sanitize = false;
    EXPECT_EQ(planned_paths(spec, inputs, store).at(0), "Sick Beat (2024).wav");
}

TEST(PackNames, ComeFromTheTitleWhereThereIsOne) {
    MemoryStore store;
    TagSet tags;
    tags.metadata.title = "Deep Kick";
    EXPECT_THAT(planned_paths({}, {wav_input(store, blip(), "a.wav", tags)}, store),
                ElementsAre("Deep_Kick.wav"));
    PackSpec spec;
    spec.name = "{index:02}_{input}";
    EXPECT_THAT(planned_paths(spec, {wav_input(store, blip(), "a.wav", tags)}, store),
                ElementsAre("01_a.wav"));
}

TEST(PackFolders, ByGenreTempoAndKeyNameWhatIsNotKnown) {
    MemoryStore store;
    TagSet tags;
    tags.metadata.genre = "Drum & Bass";
    tags.metadata.bpm = 174;
    tags.metadata.key = "F#m";
    const std::vector<ExpandedInput> inputs{wav_input(store, blip(), "a.wav", tags)};
    PackSpec spec;
    spec.organize = Organize::genre;
    EXPECT_THAT(planned_paths(spec, inputs, store), ElementsAre("Drum_Bass/a.wav"));
    EXPECT_THAT(planned_paths(spec, {wav_input(store, blip(), "b.wav")}, store),
                ElementsAre("unknown_genre/b.wav"));
    spec.organize = Organize::bpm;
    EXPECT_THAT(planned_paths(spec, inputs, store), ElementsAre("fast/a.wav"));
    spec.organize = Organize::key;
    EXPECT_THAT(planned_paths(spec, inputs, store), ElementsAre("Fsharp_minor/a.wav"));
}

TEST(PackFolders, OfTemposAreHalfOpen) {
    const std::vector<double> ranges = PackSpec{}.bpm_ranges;
    for (const auto& [bpm, folder] : std::vector<std::pair<double, std::string>>{{69.9, "slow"},
                                                                                 {70, "70-90"},
                                                                                 {89.99, "70-90"},
                                                                                 {90, "90-110"},
                                                                                 {149.9, "130-150"},
                                                                                 {150, "fast"},
                                                                                 {299.9, "fast"},
                                                                                 {300, "unknown_bpm"}})
        EXPECT_EQ(bpm_folder(ranges, bpm), folder) << bpm;
    EXPECT_EQ(bpm_folder(ranges, std::nullopt), "unknown_bpm");
    EXPECT_EQ(bpm_folder({60, 80.5, 100}, 80.2), "60-80_5");
}

TEST(PackPads, AreFilledBankByBank) {
    MemoryStore store;
    std::vector<ExpandedInput> inputs;
    for (int i = 0; i < 18; ++i) inputs.push_back(wav_input(store, blip(), fmt::format("s{}.wav", i)));
    PackSpec spec;
    spec.organize = Organize::kit;
    const auto paths = planned_paths(spec, inputs, store);
    EXPECT_EQ(paths.at(15), "kit/bank_A/pad_16_s15.wav");
    EXPECT_EQ(paths.at(16), "kit/bank_B/pad_01_s16.wav");
}

TEST(PackPads, AreTooFewIsSaidBeforeTheWork) {
    MemoryStore store;
    const ExpandedInput input = wav_input(store, blip(), "s.wav");
    PackSpec spec;
    spec.organize = Organize::kit;
    const std::vector<ExpandedInput> inputs(3000, input);
    const auto plan = plan_pack(spec, inputs, {.store = &store, .output = "/pack"});
    ASSERT_FALSE(plan);
    EXPECT_THAT(plan.error().to_string(), HasSubstr("3000 samples, and the Roland SP-404MKII has 160 pads"));
}

TEST(PackPlan, RefusesToOverwriteBeforeAnyWork) {
    MemoryStore store;
    const std::vector<ExpandedInput> inputs{wav_input(store, blip(), "s.wav")};
    store.put("/pack/s.wav", Bytes(3));
    const auto plan = plan_pack({}, inputs, {.store = &store, .output = "/pack"});
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().code, ErrorCode::already_exists);
    EXPECT_TRUE(plan_pack({}, inputs, {.store = &store, .output = "/pack", .overwrite = true}));
}

TEST(PackPlan, TellsWhatWillBePaddedAndWhatIsGivenTwice) {
    MemoryStore store;
    const ExpandedInput twice = wav_input(store, blip(), "twice.wav");
    const std::vector<ExpandedInput> inputs{wav_input(store, sine(48000, 1, 0.05, 440, -20), "short.wav"),
                                            twice, twice};
    PackSpec spec;
    spec.pad_short = true;
    const auto plan = plan_pack(spec, inputs, {.store = &store, .output = "/pack"});
    ASSERT_TRUE(plan) << plan.error().to_string();
    EXPECT_TRUE(plan->samples.at(0).is_padded);
    EXPECT_FALSE(plan->samples.at(1).is_padded);
    EXPECT_THAT(plan->warnings, ElementsAre("twice.wav is given more than once"));
}

TEST(PackPlan, EstimatesNothingWhereNothingWillBeMade) {
    MemoryStore store;
    const auto plan = plan_pack({}, {wav_input(store, sine(48000, 1, 0.05, 440, -20), "short.wav")},
                                {.store = &store, .output = "/pack"});
    ASSERT_TRUE(plan) << plan.error().to_string();
    EXPECT_EQ(plan->estimated_bytes, 0U);
}

TEST(PackPlan, HoldsTemposOfTagsAsDevicesDo) {
    MemoryStore store;
    TagSet tags;
    tags.metadata.bpm = 92.3076923;
    const auto plan =
        plan_pack({}, {wav_input(store, blip(), "s.wav", tags)}, {.store = &store, .output = "/pack"});
    ASSERT_TRUE(plan) << plan.error().to_string();
    EXPECT_EQ(plan->sources.at(0).bpm, 92.31);
}

TEST(PackPlan, WarnsOfTheProjectThatADeviceReplaces) {
    MemoryStore store;
    PackSpec spec;
    spec.organize = Organize::kit;
    const auto warning_for = [&](const char* device) {
        spec.device = device;
        const auto plan =
            plan_pack(spec, {wav_input(store, blip(), "s.wav")}, {.store = &store, .output = "/pack"});
        return plan && plan->warnings.size() == 1 ? plan->warnings.front() : std::string();
    };
    EXPECT_THAT(warning_for("sp404mk2"), HasSubstr("replaces project 1 of the unit"));
    EXPECT_THAT(warning_for("sp404sx"), HasSubstr("replaces the pads that lie there"));
}

TEST(PackPlan, RefusesMoreThanSixteenMinutesAndMoreThanTwoChannels) {
    MemoryStore store;
    const SamplerDevice& device = *find_sampler_device("sp404mk2");
    const auto silent = [&](std::int64_t frames, int channels, const char* name) {
        return ExpandedInput{name, memory_input({.data = nullptr,
                                                 .frames = frames,
                                                 .channels = channels,
                                                 .sample_rate_hz = 48000,
                                                 .frame_stride = 0,
                                                 .channel_stride = 0},
                                                name)};
    };
    const auto plan = plan_pack({},
                                {silent(device.max_frames, 1, "longest"),
                                 silent(device.max_frames + 1, 1, "longer"), silent(48000, 6, "surround")},
                                {.store = &store, .output = "/pack"});
    ASSERT_TRUE(plan);
    EXPECT_FALSE(plan->sources[0].error);
    ASSERT_TRUE(plan->sources[1].error);
    EXPECT_THAT(plan->sources[1].error->to_string(), HasSubstr("the Roland SP-404MKII holds"));
    ASSERT_TRUE(plan->sources[2].error);
    EXPECT_THAT(plan->sources[2].error->to_string(), HasSubstr("6 channels"));
}

Result<PackSpec> read(const char* text) {
    return read_pack_spec(Json::parse(text));
}

TEST(PackSpec, ComesBackFromItsJson) {
    const auto spec = read(R"({"kit": "k", "pads": [{"pad": "b7", "sample": "x.wav", "pan": -12, "loop": true,
        "loop_seconds": 0.5, "chop_seconds": [0.1, 0.2], "bus": "dry"}], "project": 3})");
    ASSERT_TRUE(spec) << spec.error().to_string();
    const auto again = read_pack_spec(write_pack_spec(*spec));
    ASSERT_TRUE(again) << again.error().to_string();
    EXPECT_EQ(*spec, *again);
}

TEST(PackSpec, NamesWhatIsWrongWithItsPath) {
    const std::pair<const char*, const char*> cases[] = {
        {R"({"pads": [{"pad": "A17", "sample": "x"}]})", "pads[0].pad: "},
        {R"({"pads": [{"pad": "K1", "sample": "x"}]})", "pads[0].pad: "},
        {R"({"pads": [{"pad": "A1", "sample": "x"}, {"pad": "a01", "sample": "y"}]})",
         "pads[1].pad: A01 is taken"},
        {R"({"pads": [{"pad": "A1"}]})", "pads[0].sample: is not given"},
        {R"({"pads": [{"pad": "A1", "sample": "x", "levle": 3}]})", "level"},
        {R"({"pads": [{"pad": "A1", "sample": "x", "level": 128}]})", "level: 128 is outside 0 to 127"},
        {R"({"pads": [{"pad": "A1", "sample": "x", "start_seconds": 2, "end_seconds": 1}]})", "end_seconds"},
        {R"({"pads": [{"pad": "A1", "sample": "x", "loop_seconds": 1}]})", "loop_seconds: has no effect"},
        {R"({"pads": [{"pad": "A1", "sample": "x", "chop_seconds": [2, 1]}]})", "chop_seconds: must ascend"},
        {R"({"inputs": ["a"], "pads": [{"pad": "A1", "sample": "x"}]})", "contradict"},
        {R"({"device": "sp303"})", "device"},
        {R"({"bpm_ranges": [90, 80]})", "bpm_ranges: must ascend"},
        {R"({"slice": "161"})", "slice"},
        {R"({"slice": "bars"})", "slice"},
        {R"({"slice": "16", "slices": "9-8"})", "slices"},
        {R"({"slice": "16", "slices": "0-8"})", "slices"},
        {R"({"slice": "16", "slices": "first"})", "slices"},
        {R"({"project": 17})", "project"},
        {R"({"name": "{lufs}"})", "name"},
        {R"({"startup": ["1", "2", "3"]})", "startup: 3 pictures"},
        {R"({"sp404_mode": true})", "sp404_mode"}};
    for (const auto& [text, message] : cases) {
        const auto spec = read(text);
        ASSERT_FALSE(spec) << text;
        EXPECT_THAT(spec.error().to_string(), HasSubstr(message)) << text;
    }
}

TEST(PackSpec, RefusesWhatItsSlicesWouldNotUse) {
    PackSpec sorted;
    sorted.slice = "8";
    sorted.organize = Organize::genre;
    EXPECT_FALSE(check_asked(Json{{"slice", "8"}, {"organize", "genre"}}, sorted));
    EXPECT_TRUE(check_asked(Json{{"slice", "8"}}, sorted));  // it comes from the preferences
    EXPECT_FALSE(check_asked(Json{{"slices", "1-4"}}, PackSpec()));
}

TEST(LoopRates, GiveAWholeNumberOfFramesToLoopsOfAnyLength) {
    for (const int rate : {8000, 22050, 44100, 88200, 96000, 192000})
        for (const std::int64_t frames : {1LL, 2LL, 100LL, 147LL, 22051LL, 1'000'003LL, 42'336'000LL}) {
            const RatePair nominal{rate, 48000};
            const RatePair pair = loop_rates(frames, nominal);
            const double made = static_cast<double>(frames) * pair.to / pair.from;
            EXPECT_NEAR(made, static_cast<double>(looped_frames(frames, nominal)), 1e-3)
                << rate << " " << frames;
        }
}

}  // namespace
}  // namespace dubplate
