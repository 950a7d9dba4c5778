#include "exports/analysis/run.h"

#include <gtest/gtest.h>

#include "exports/analysis/analyze.h"
#include "exports/analysis/file_stamp.h"
#include "pieces.h"
#include "support/temp_folder.h"

namespace dubplate {
namespace {

namespace fs = std::filesystem;
using test::Audio;

// Files in a folder, and what a run makes of them.
struct Batch {
    TempFolder folder;
    FileStore store;
    AnalysisSpec spec;
    bool overwrite = false;

    void add(const std::string& name, const Audio& audio, const TagSet& tags = {},
             const std::string& format = "wav") {
        test::write_audio(store, folder / name, audio, tags, format);
        spec.inputs.push_back((folder / name).string());
    }
    Result<AnalysisPlan> plan() { return plan_analysis(spec, {.store = &store, .overwrite = overwrite}); }
    AnalysisReport run(int jobs = 1, std::stop_token stop = {}) {
        const Result<AnalysisPlan> planned = plan();
        EXPECT_TRUE(planned) << planned.error().to_string();
        if (!planned) return {};
        Progress progress;
        return run_analysis(*planned, {.jobs = jobs}, progress, stop);
    }
};

TEST(AnalysisRun, GoesOnAfterAnInputThatFails) {
    Batch batch;
    batch.add("a.wav", test::clicks(120, 4));
    batch.spec.inputs.push_back(batch.folder.write("bad.wav", "no audio").string());
    batch.add("c.wav", test::sine(44100, 1, 1, 440, -6));

    const AnalysisReport report = batch.run();

    ASSERT_EQ(report.items.size(), 3U);
    EXPECT_EQ(report.items[0].status, "done");
    EXPECT_EQ(report.items[1].status, "failed");
    EXPECT_EQ(report.items[1].error->code, ErrorCode::unsupported);
    EXPECT_EQ(report.items[2].status, "done");
    EXPECT_EQ(report.summary.done, 2);
    EXPECT_EQ(report.summary.failed, 1);
}

TEST(AnalysisRun, HandsItemsOverInThePlansOrderOneAtATime) {
    Batch batch;
    batch.add("000.wav", test::clicks(120, 20));  // takes longest
    const fs::path bad = batch.folder.write("bad.wav", "no audio");
    for (int i = 0; i < 600; ++i) batch.spec.inputs.push_back(bad.string());  // more than may run ahead
    batch.add("001.wav", test::clicks(100, 2));
    const Result<AnalysisPlan> plan = batch.plan();
    ASSERT_TRUE(plan);
    std::vector<std::string> names;
    Progress progress;

    const AnalysisSummary summary = run_analysis(
        *plan, {.jobs = 4}, progress, {}, [&](const AnalyzedItem& item) { names.push_back(item.input); });

    EXPECT_EQ(names, batch.spec.inputs);
    EXPECT_EQ(summary.inputs, 602);
    EXPECT_EQ(summary.done, 2);
    EXPECT_EQ(summary.failed, 600);
}

TEST(AnalysisRun, HandsOverEveryItemWhereItIsStopped) {
    Batch batch;
    for (int i = 0; i < 5; ++i) batch.add(std::to_string(i) + ".wav", test::clicks(120, 2));
    const Result<AnalysisPlan> plan = batch.plan();
    ASSERT_TRUE(plan);
    std::stop_source source;
    std::vector<std::string> outcomes;
    Progress progress;

    const auto take = [&](const AnalyzedItem& item) {
        outcomes.push_back(item.status);
        source.request_stop();
    };
    const AnalysisSummary summary = run_analysis(*plan, {.jobs = 1}, progress, source.get_token(), take);

    EXPECT_EQ(outcomes, (std::vector<std::string>{"done", "canceled", "canceled", "canceled", "canceled"}));
    EXPECT_EQ(summary.done, 1);
}

TEST(AnalysisRun, TellsTheSameForAnyNumberOfJobsAndAnyOrder) {
    Batch batch;
    for (int i = 0; i < 6; ++i)
        batch.add("loop" + std::to_string(i) + ".wav", test::clicks(100 + 10 * i, 3 + i % 2));
    const AnalysisReport alone = batch.run();
    std::ranges::reverse(batch.spec.inputs);

    const AnalysisReport together = batch.run(4);

    for (std::size_t i = 0; i < 6; ++i)
        EXPECT_EQ(to_json(*alone.items[i].analysis), to_json(*together.items[5 - i].analysis)) << i;
}

TEST(AnalysisRun, NeverTouchesAFileUnlessTagsAreToBeWritten) {
    Batch batch;
    batch.add("loop.wav", test::clicks(120, 16));
    const std::string before = batch.folder.read("loop.wav");

    batch.spec.key = true;
    batch.run();

    EXPECT_EQ(batch.folder.read("loop.wav"), before);
    EXPECT_EQ(batch.folder.names(), std::vector<std::string>{"loop.wav"});
}

TEST(AnalysisRun, WritesTheTempoAndLeavesTheAudioBitForBit) {
    for (const std::string format : {"wav", "aiff", "flac"}) {
        Batch batch;
        TagSet tags;
        tags.metadata.title = "Kept";
        batch.add("loop." + format, test::clicks(120, 16), tags, format);
        fs::permissions(batch.folder / ("loop." + format), fs::perms::owner_read | fs::perms::owner_write);
        batch.spec.write_tags = true;
        batch.spec.min_confidence = 0.1;
        const Analysis before = *analyze_file(batch.store, batch.folder / ("loop." + format));

        const AnalysisReport report = batch.run();

        ASSERT_EQ(report.items[0].status, "done") << report.items[0].error->to_string();
        ASSERT_EQ(report.items[0].written.size(), 1U) << report.items[0].not_written;
        EXPECT_EQ(report.items[0].written[0].name, "bpm");
        const Analysis after = *analyze_file(batch.store, batch.folder / ("loop." + format));
        ASSERT_TRUE(after.source.metadata.bpm) << format;
        EXPECT_NEAR(*after.source.metadata.bpm, *before.tempo->bpm, 0.01);
        EXPECT_EQ(after.source.metadata.title, "Kept");
        EXPECT_EQ(after.statistics->rms, before.statistics->rms);
        EXPECT_EQ(fs::status(batch.folder / ("loop." + format)).permissions(),
                  fs::perms::owner_read | fs::perms::owner_write);
        EXPECT_EQ(batch.folder.names().size(), 1U) << "nothing is left beside it";

        EXPECT_TRUE(batch.run().items[0].written.empty()) << "it says so already";
    }
}

TEST(AnalysisRun, WritesNothingThatItIsNotSureOf) {
    Batch batch;
    batch.add("noise.wav", test::noise(44100, 1, 8, 0.3));
    batch.spec.write_tags = batch.spec.key = true;
    batch.spec.min_confidence = 1;
    const std::string before = batch.folder.read("noise.wav");

    const AnalysisReport report = batch.run();

    EXPECT_TRUE(report.items[0].written.empty());
    EXPECT_FALSE(report.items[0].not_written.empty());
    EXPECT_EQ(batch.folder.read("noise.wav"), before);
}

TEST(AnalysisRun, WritesThroughASymbolicLinkAndKeepsIt) {
    Batch batch;
    batch.add("loop.wav", test::clicks(120, 16));
    fs::create_symlink("loop.wav", batch.folder / "link.wav");
    batch.spec.inputs = {(batch.folder / "link.wav").string()};
    batch.spec.write_tags = true;
    batch.spec.min_confidence = 0.1;

    const AnalysisReport report = batch.run();

    EXPECT_EQ(report.items[0].written.size(), 1U);
    EXPECT_TRUE(fs::is_symlink(batch.folder / "link.wav"));
    EXPECT_TRUE(read_facts(batch.store, batch.folder / "loop.wav")->source.metadata.bpm);
}

TEST(AnalysisRun, DrawsFiguresThatAppearWhole) {
    Batch batch;
    batch.add("one.wav", test::clicks(120, 6));
    batch.add("silence.wav", Audio(44100, 2, 100));
    batch.spec.key = true;
    for (const std::string extension : {".svg", ".png"}) {
        batch.spec.picture = (batch.folder / ("{input}" + extension)).string();

        const AnalysisReport report = batch.run();

        for (const AnalyzedItem& item : report.items)
            ASSERT_EQ(item.status, "done") << item.error->to_string();
        EXPECT_EQ(report.items[0].picture, (batch.folder / ("one" + extension)).string());
        const std::string picture = batch.folder.read("silence" + extension);
        EXPECT_TRUE(picture.starts_with(extension == ".svg" ? "<svg" : "\x89PNG"));
    }
    ASSERT_TRUE(batch.plan());
    EXPECT_EQ(batch.plan()->items[0].error->code, ErrorCode::already_exists) << "without --overwrite";
}

TEST(FileStamp, TellsThatAFileWasChangedMeanwhile) {
    const TempFolder folder;
    const fs::path path = folder.write("take.wav", "the first half");
    const FileStamp stamp = stamp_of(path);

    EXPECT_TRUE(check_unchanged(path, stamp));
    folder.write("take.wav", "the first half, and the second");
    EXPECT_EQ(check_unchanged(path, stamp).error().code, ErrorCode::unavailable);
    fs::remove(path);
    EXPECT_FALSE(check_unchanged(path, stamp));
}

TEST(AnalysisPlan, RefusesOnePictureForManyInputs) {
    Batch batch;
    batch.add("a.wav", test::clicks(120, 1));
    batch.add("b.wav", test::clicks(120, 1));
    batch.spec.picture = "all.png";

    EXPECT_EQ(batch.plan().error().code, ErrorCode::invalid_argument);
}

TEST(AnalysisPlan, TellsFactsAndDecodesNothing) {
    Batch batch;
    batch.add("a.wav", test::clicks(120, 4));
    batch.spec.facts_only = true;

    const AnalysisReport report = batch.run();

    EXPECT_EQ(report.items[0].analysis->source.frames, 4 * 44100);
    EXPECT_FALSE(report.items[0].analysis->statistics);
}

TEST(AnalysisRun, StopsAndSaysSo) {
    Batch batch;
    batch.add("a.wav", test::clicks(120, 4));
    std::stop_source stop;
    const AnalysisPlan plan = *batch.plan();
    stop.request_stop();
    Progress progress;

    const AnalysisReport report = run_analysis(plan, {}, progress, stop.get_token());

    EXPECT_EQ(report.items[0].status, "canceled");
}

TEST(AnalysisSpec, ComesBackFromItsJson) {
    const AnalysisSpec spec{.inputs = {"a.wav"},
                            .tempo = false,
                            .min_bpm = 70,
                            .max_bpm = 140,
                            .key = true,
                            .structure = false,
                            .write_tags = true,
                            .min_confidence = 0.5,
                            .picture = "a.png"};

    const Result<AnalysisSpec> back = read_analysis_spec(write_analysis_spec(spec));

    ASSERT_TRUE(back) << back.error().to_string();
    EXPECT_EQ(*back, spec);
}

TEST(AnalysisSpec, RefusesWhatContradictsItself) {
    for (const Json& json : std::vector<Json>{{{"facts_only", true}, {"write_tags", true}},
                                              {{"facts_only", true}, {"picture", "a.png"}},
                                              {{"write_tags", true}, {"tempo", false}},
                                              {{"min_bpm", 70}},
                                              {{"min_bpm", 70}, {"max_bpm", 139}},
                                              {{"picture", "a.jpg"}},
                                              {{"min_confidence", 2}},
                                              {{"unknown", 1}}})
        EXPECT_EQ(read_analysis_spec(json).error().code, ErrorCode::invalid_argument) << json;
}

}  // namespace
}  // namespace dubplate
