// Whole packs: kits, projects, archives, and what happens when something goes wrong.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "exports/pack/project.h"
#include "exports/pack/verify.h"
#include "packing.h"
#include "support/failing_store.h"
#include "zip/read_zip.h"

namespace dubplate {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;

PackSpec kit_spec() {
    PackSpec spec;
    spec.organize = Organize::kit;
    spec.kit = "Night Kit";
    spec.metadata = true;
    spec.preview = true;
    return spec;
}

std::vector<ExpandedInput> three_inputs(MemoryStore& store) {
    return {wav_input(store, sine(44100, 1, 0.3, 80, -6), "kick.wav"),
            wav_input(store, noise(48000, 2, 0.4, 0.5), "snare.wav"),
            wav_input(store, sine(96000, 2, 0.5, 4000, -12), "hat.wav")};
}

std::map<std::string, Bytes> pack_in(MemoryStore& store) {
    std::map<std::string, Bytes> files;
    for (const std::filesystem::path& path : store.list()) {
        if (path.string().starts_with("/in/")) continue;
        const auto source = store.open(path);
        files[path.string()] = *read_all(**source, 1U << 30U);
    }
    return files;
}

TEST(Pack, OfAKitHasBanksPadsAndAProject) {
    MemoryStore store;
    const auto manifest = run_pack_of(kit_spec(), three_inputs(store), store);
    ASSERT_TRUE(manifest) << manifest.error().to_string();
    EXPECT_EQ(manifest->failed_count(), 0U);
    std::vector<std::string> paths;
    for (const auto& [path, content] : pack_in(store)) paths.push_back(path);
    EXPECT_THAT(
        paths,
        ElementsAre(
            "/pack/Night_Kit/bank_A/pad_01_kick.wav", "/pack/Night_Kit/bank_A/pad_01_kick_metadata.txt",
            "/pack/Night_Kit/bank_A/pad_02_snare.wav", "/pack/Night_Kit/bank_A/pad_02_snare_metadata.txt",
            "/pack/Night_Kit/bank_A/pad_03_hat.wav", "/pack/Night_Kit/bank_A/pad_03_hat_metadata.txt",
            "/pack/PROJECT_01/PADCONF.BIN", "/pack/PROJECT_01/SMPL/BANK1-01.SMP",
            "/pack/PROJECT_01/SMPL/BANK1-02.SMP", "/pack/PROJECT_01/SMPL/BANK1-03.SMP", "/pack/manifest.json",
            "/pack/preview/A01_kick.wav", "/pack/preview/A02_snare.wav", "/pack/preview/A03_hat.wav",
            "/pack/preview/bank_A.svg"));
    EXPECT_TRUE(std::ranges::all_of(manifest->project, &ProofCheck::passed));
}

TEST(Pack, HasTheSameSamplesInTheProjectAsInTheFolders) {
    MemoryStore store;
    ASSERT_TRUE(run_pack_of(kit_spec(), three_inputs(store), store));
    const auto files = pack_in(store);
    const Bytes& plain = files.at("/pack/Night_Kit/bank_A/pad_02_snare.wav");
    const Bytes& loaded = files.at("/pack/PROJECT_01/SMPL/BANK1-02.SMP");
    ASSERT_EQ(plain.size() - 44, loaded.size() - 512);
    for (std::size_t i = 0; i < plain.size() - 44; ++i) ASSERT_EQ(plain[44 + i], loaded[512 + (i ^ 1U)]) << i;
}

TEST(Pack, IsTheSameBytesForAnyNumberOfJobs) {
    MemoryStore one;
    MemoryStore four;
    ASSERT_TRUE(run_pack_of(kit_spec(), three_inputs(one), one, 1));
    ASSERT_TRUE(run_pack_of(kit_spec(), three_inputs(four), four, 4));
    EXPECT_TRUE(pack_in(one) == pack_in(four));
}

TEST(Pack, AsAnArchiveIsTheSameBytesEachTimeAndSorted) {
    MemoryStore one;
    MemoryStore four;
    ASSERT_TRUE(run_pack_of(kit_spec(), three_inputs(one), one, 1, {}, "/pack.zip"));
    ASSERT_TRUE(run_pack_of(kit_spec(), three_inputs(four), four, 4, {}, "/pack.zip"));
    EXPECT_TRUE(pack_in(one) == pack_in(four));
    EXPECT_EQ(pack_in(one).size(), 1U) << "parts were left beside it";
    const auto archive = one.open("/pack.zip");
    const auto entries = read_zip(**archive);
    ASSERT_TRUE(entries);
    EXPECT_EQ(entries->size(), 15U);
    EXPECT_TRUE(std::ranges::is_sorted(*entries, {}, &ZipEntry::name));
}

TEST(Pack, LeavesOutWhatFailsAndDeliversTheRest) {
    MemoryStore store;
    auto inputs = three_inputs(store);
    inputs[1] = wav_input(store, noise(48000, 2, 0.01, 0.5), "click.wav");
    store.put("/in/hat.wav", Bytes(1000));
    const auto manifest = run_pack_of(kit_spec(), inputs, store);
    ASSERT_TRUE(manifest);
    EXPECT_EQ(manifest->failed_count(), 2U);
    EXPECT_EQ(manifest->sample_count(), 1U);
    EXPECT_EQ(manifest->items[1].status, "failed");
    EXPECT_FALSE(manifest->items[2].validation.file_readable);
}

TEST(Pack, WithoutASingleGoodSampleWritesNothing) {
    MemoryStore store;
    const auto manifest = run_pack_of({}, {wav_input(store, noise(48000, 2, 0.01, 0.5), "click.wav")}, store,
                                      1, {}, "/pack.zip");
    ASSERT_TRUE(manifest);
    EXPECT_EQ(manifest->sample_count(), 0U);
    EXPECT_TRUE(pack_in(store).empty());
}

TEST(Pack, OnADiskThatFailsAtAnyMomentLeavesNothingHalfWritten) {
    MemoryStore inputs_store;
    PackSpec spec;
    const auto inputs = three_inputs(inputs_store);
    MemoryStore whole;
    ASSERT_TRUE(run_pack_of(spec, inputs, whole));
    const auto expected = pack_in(whole);
    std::int64_t operations = 0;
    for (std::int64_t n = 0; n <= operations; ++n) {
        MemoryStore store;
        FailingStore failing(store);
        failing.fail_at(n);
        const auto manifest = run_pack_of(spec, inputs, failing);
        if (n == 0) operations = failing.operations();
        for (const auto& [path, content] : pack_in(store)) {
            if (path == "/pack/manifest.json") continue;
            ASSERT_EQ(content, expected.at(path)) << path << ", failed at " << n;
        }
        EXPECT_EQ(n > 0, !manifest || manifest->failed_count() > 0) << n;
    }
    EXPECT_GT(operations, 12);
}

TEST(Pack, ThatWasCanceledSaysSo) {
    MemoryStore store;
    const auto inputs = three_inputs(store);
    const auto plan = plan_pack({}, inputs, {.store = &store, .output = "/pack.zip"});
    ASSERT_TRUE(plan);
    std::stop_source stop;
    stop.request_stop();
    Progress progress;
    const auto manifest = run_pack(*plan, 2, progress, stop.get_token());
    ASSERT_FALSE(manifest);
    EXPECT_EQ(manifest.error().code, ErrorCode::canceled);
    EXPECT_TRUE(pack_in(store).empty());
}

TEST(Pack, PutsOneSampleOnSeveralPadsAndMakesItOnce) {
    MemoryStore store;
    PackSpec spec;
    spec.kit = "twice";
    for (const char* place : {"A1", "C16", "J16"}) spec.pads.push_back({.pad = place, .sample = "kick.wav"});
    spec.pads[1].settings = {
        .level = 100, .pan = -64, .pitch = 3.5, .gate = false, .reverse = true, .mute_group = 10};
    spec.pads[2].start_seconds = 0.1;
    spec.pads[2].end_seconds = 0.2;
    spec.pads[2].chop_seconds = {0.12, 0.15};
    const auto manifest = run_pack_of(spec, {three_inputs(store)[0]}, store);
    ASSERT_TRUE(manifest) << manifest.error().to_string();
    ASSERT_EQ(manifest->sample_count(), 1U);
    EXPECT_THAT(manifest->items[0].samples[0].pads, ElementsAre("A01", "C16", "J16"));
    EXPECT_EQ(manifest->items[0].samples[0].files.size(), 6U);
    for (const ProofCheck& check : manifest->project)
        EXPECT_TRUE(check.passed) << check.name << ": " << check.found << ", wanted " << check.wanted;
}

TEST(Pack, ForTheSP404SXHasItsRateItsBanksAndItsTable) {
    MemoryStore store;
    PackSpec spec = kit_spec();
    spec.device = "sp404sx";
    const auto manifest = run_pack_of(spec, three_inputs(store), store);
    ASSERT_TRUE(manifest) << manifest.error().to_string();
    EXPECT_EQ(manifest->failed_count(), 0U);
    EXPECT_EQ(manifest->items[0].samples[0].layout.sample_rate_hz, 44100);
    EXPECT_TRUE(store.exists("/pack/ROLAND/SP-404SX/SMPL/A0000001.WAV"));
    EXPECT_TRUE(store.exists("/pack/ROLAND/SP-404SX/SMPL/PAD_INFO.BIN"));
    EXPECT_TRUE(std::ranges::all_of(manifest->project, &ProofCheck::passed));
}

TEST(PackSlices, CoverTheirSourceWithoutAGap) {
    MemoryStore store;
    const Audio audio = in_16_bits(noise(48000, 2, 2.0, 0.5));
    PackSpec spec;
    spec.slice = "7";
    const auto manifest = run_pack_of(spec, {wav_input(store, audio, "break.wav")}, store);
    ASSERT_TRUE(manifest) << manifest.error().to_string();
    ASSERT_EQ(manifest->sample_count(), 7U);
    Audio joined(48000, 2, 0);
    for (const PackSample& sample : manifest->items[0].samples)
        joined.append(decode(store, "/pack/" + sample.files.at(0).path));
    EXPECT_EQ(joined, audio);
}

TEST(PackSlices, AreThoseThatWereChosen) {
    MemoryStore store;
    const std::vector<ExpandedInput> inputs{wav_input(store, noise(48000, 1, 2.0, 0.5), "break.wav")};
    PackSpec spec;
    spec.slice = "8";
    spec.slices = "3-4";
    const auto manifest = run_pack_of(spec, inputs, store);
    ASSERT_TRUE(manifest) << manifest.error().to_string();
    ASSERT_EQ(manifest->sample_count(), 2U);
    EXPECT_EQ(manifest->items[0].samples[0].files.at(0).path, "kit/bank_A/pad_01_break_03.wav");

    spec.slices = "9-12";
    const auto none = run_pack_of(spec, inputs, store, 1, {}, "/none");
    ASSERT_TRUE(none) << none.error().to_string();
    ASSERT_TRUE(none->items[0].error);
    EXPECT_THAT(none->items[0].error->message, HasSubstr("there are 8 slices"));
}

TEST(Pack, AddedToAFolderNamesTheFilesOfTheOneBeforeToo) {
    MemoryStore store;
    const auto inputs = three_inputs(store);
    ASSERT_TRUE(run_pack_of({}, {inputs[0], inputs[1]}, store));
    const auto added = run_pack_of({}, {inputs[2]}, store);
    ASSERT_TRUE(added) << added.error().to_string();
    const Bytes text = pack_in(store).at("/pack/manifest.json");
    const auto manifest = parse_json({reinterpret_cast<const char*>(text.data()), text.size()});
    ASSERT_TRUE(manifest);
    std::vector<std::string> paths;
    for (const Json& file : (*manifest)["files"]) paths.push_back(file["path"]);
    EXPECT_THAT(paths, ElementsAre("hat.wav", "kick.wav", "snare.wav"));

    const auto again = run_pack_of({}, {inputs[2]}, store);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::already_exists);
}

TEST(Pack, IsNotAddedToOneForAnotherDeviceNorBesideAForeignManifest) {
    MemoryStore store;
    const auto inputs = three_inputs(store);
    PackSpec older;
    older.device = "sp404sx";
    ASSERT_TRUE(run_pack_of({}, {inputs[0]}, store));
    const auto other = run_pack_of(older, {inputs[1]}, store);
    ASSERT_FALSE(other);
    EXPECT_THAT(other.error().message, HasSubstr("another device"));

    store.put("/mine/manifest.json", Bytes(20));
    const auto foreign = run_pack_of({}, {inputs[1]}, store, 1, {}, "/mine");
    ASSERT_FALSE(foreign);
    EXPECT_THAT(foreign.error().message, HasSubstr("is no manifest of a pack"));
}

TEST(Pack, FindsAProjectInItsWayBeforeTheWork) {
    MemoryStore store;
    const auto inputs = three_inputs(store);
    PackSpec spec = kit_spec();
    ASSERT_TRUE(run_pack_of(spec, {inputs[0]}, store));
    spec.kit = "Other";
    const auto plan = plan_pack(spec, {inputs[1]}, {.store = &store, .output = "/pack"});
    ASSERT_FALSE(plan);
    EXPECT_THAT(plan.error().message, HasSubstr("PROJECT_01"));
}

TEST(Pack, CanceledInAFolderLeavesAManifestOfWhatWasDelivered) {
    MemoryStore store;
    std::vector<ExpandedInput> inputs;
    for (int i = 0; i < 12; ++i)
        inputs.push_back(wav_input(store, sine(44100, 1, 0.2, 200, -6), fmt::format("{:02}.wav", i)));
    std::stop_source stop;
    int opened = 0;  // by the plan, and then by the work
    inputs[8].input->open = [&, open = inputs[8].input->open] {
        if (++opened == 2) stop.request_stop();
        return open();
    };
    const auto plan = plan_pack({}, inputs, {.store = &store, .output = "/pack"});
    ASSERT_TRUE(plan);
    Progress progress;
    const auto manifest = run_pack(*plan, 1, progress, stop.get_token());
    ASSERT_FALSE(manifest);
    EXPECT_EQ(manifest.error().code, ErrorCode::canceled);
    auto files = pack_in(store);
    const Bytes text = files.at("/pack/manifest.json");
    const auto json = parse_json({reinterpret_cast<const char*>(text.data()), text.size()});
    ASSERT_TRUE(json);
    EXPECT_EQ((*json)["files"].size(), 8U);
    EXPECT_EQ(files.size(), 9U);
}

TEST(PackVerify, FindsWhatWasChangedIsMissingOrIsNew) {
    MemoryStore store;
    ASSERT_TRUE(run_pack_of({}, three_inputs(store), store, 1, {}, "/pack.zip"));
    const auto whole = verify_pack(store, "/pack.zip", {});
    ASSERT_TRUE(whole) << whole.error().to_string();
    EXPECT_EQ(whole->wrong_count(), 0U);
    EXPECT_EQ(whole->files.size(), 3U);
    Bytes bytes = pack_in(store).at("/pack.zip");
    bytes[1000] ^= std::byte{1};
    store.put("/pack.zip", bytes);
    const auto changed = verify_pack(store, "/pack.zip", {});
    ASSERT_TRUE(changed) << changed.error().to_string();
    EXPECT_EQ(changed->wrong_count(), 1U);
}

}  // namespace
}  // namespace dubplate
