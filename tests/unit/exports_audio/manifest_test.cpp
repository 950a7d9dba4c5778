#include "exports/manifest.h"
#include "core/json.h"
#include "support/sample_manifest.h"

#include <gtest/gtest.h>

#include <limits>

namespace dubplate {
namespace {

TEST(Manifest, CountsWhatIsDoneAndWhatFailed) {
    Manifest manifest = sample_manifest();
    EXPECT_EQ(manifest.done_count(), 2);
    EXPECT_EQ(manifest.failed_count(), 1);

    // An input fails with any one of its files.
    manifest.items[0].files[1].error = fail(ErrorCode::io, "disk full");
    EXPECT_EQ(manifest.done_count(), 1);
    EXPECT_EQ(manifest.failed_count(), 2);
}

TEST(Manifest, ListsItemsAndASummary) {
    const Json json = to_json(sample_manifest());

    ASSERT_EQ(json.at("items").size(), 4U);
    const Json& summary = json.at("summary");
    EXPECT_EQ(summary.at("inputs"), 4);
    EXPECT_EQ(summary.at("done"), 2);
    EXPECT_EQ(summary.at("failed"), 1);
    EXPECT_EQ(summary.at("canceled"), 1);
    EXPECT_EQ(summary.at("files"), 3);
    EXPECT_EQ(summary.at("bytes"), 31234567 + 10112345 + 1650000);
    EXPECT_EQ(summary.at("wall_seconds"), 2.71);
    EXPECT_EQ(json.at("spec").at("loudness").at("target_lufs"), -16);
}

TEST(Manifest, TellsBeforeAndAfter) {
    const Json json = to_json(sample_manifest());

    const Json& song = json.at("items").at(0);
    EXPECT_EQ(song.at("input"), "mixes/Night Drive.wav");
    EXPECT_EQ(song.at("status"), "done");
    EXPECT_EQ(song.at("source").at("loudness").at("integrated_lufs"), -9.8);
    const Json& file = song.at("files").at(1);
    EXPECT_EQ(file.at("loudness").at("integrated_lufs"), -16.02);
    EXPECT_EQ(file.at("duration_seconds"), 252.345);
    EXPECT_EQ(file.at("frames"), 11128415);
    EXPECT_EQ(file.at("bit_depth"), nullptr);
    EXPECT_EQ(file.at("generations"), 2);
    EXPECT_EQ(file.at("checks").at(0).at("passed"), true);
    EXPECT_EQ(file.at("error"), nullptr);
}

TEST(Manifest, GivesErrorsWithTheirCodeAndHint) {
    const Json json = to_json(sample_manifest());

    const Json& error = json.at("items").at(2).at("error");
    EXPECT_EQ(error.at("code"), "corrupt");
    EXPECT_EQ(error.at("hint"), "export the take again");
    EXPECT_EQ(json.at("items").at(2).at("source"), nullptr);
}

TEST(Manifest, WritesNullForWhatIsNotFinite) {
    Manifest manifest = sample_manifest();
    MeasuredLoudness& loudness = manifest.items[0].files[0].loudness;
    loudness.integrated_lufs = silence_db;
    loudness.true_peak_dbtp = std::numeric_limits<double>::quiet_NaN();

    const Json json = to_json(manifest);

    const Json& written = json.at("items").at(0).at("files").at(0).at("loudness");
    EXPECT_EQ(written.at("integrated_lufs"), nullptr);
    EXPECT_EQ(written.at("true_peak_dbtp"), nullptr);
}

TEST(Manifest, RoundsLevelsAndTimes) {
    Manifest manifest = sample_manifest();
    MeasuredLoudness& loudness = manifest.items[0].files[0].loudness;
    loudness.integrated_lufs = -16.018449;
    loudness.true_peak_seconds = 20.123456;
    manifest.items[0].files[0].gain_db = -0.0001;

    const Json json = to_json(manifest);

    const Json& file = json.at("items").at(0).at("files").at(0);
    EXPECT_EQ(file.at("loudness").at("integrated_lufs").dump(), "-16.02");
    EXPECT_EQ(file.at("loudness").at("true_peak_seconds").dump(), "20.123");
    EXPECT_EQ(file.at("gain_db").dump(), "0.0");
}

TEST(Manifest, HoldsPicturesOnlyWhereAskedFor) {
    const Manifest manifest = sample_manifest();

    EXPECT_FALSE(to_json(manifest).at("items").at(0).at("files").at(0).contains("pictures"));
    const Json with = to_json(manifest, true);
    EXPECT_EQ(with.at("items").at(0).at("files").at(0).at("pictures").at("waveform").size(), 1200U);
    EXPECT_EQ(with.at("items").at(0).at("source").at("pictures").at("peaks_seconds_dbtp").size(), 10U);
}

TEST(Manifest, CanBeWrittenWhateverTheNamesAre) {
    Manifest manifest = sample_manifest();
    manifest.items[0].input = "bad \xFF name";
    manifest.items[0].files[0].tags[0].found = "\xC0";
    manifest.items[2].error->message = "cannot read \xFE";
    manifest.spec_json = "{ not json";

    const Json json = to_json(manifest, true);

    EXPECT_NO_THROW(static_cast<void>(json.dump()));
    EXPECT_EQ(json.at("items").at(0).at("input"), "bad \uFFFD name");
    EXPECT_EQ(json.at("spec"), nullptr);
}

}  // namespace
}  // namespace dubplate
