// Metadata from elsewhere than a file's tags: its name, JSON, templates.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tags/from_name.h"
#include "tags/metadata.h"
#include "tags/musical_key.h"
#include "unit/tags/samples.h"

namespace dubplate {
namespace {

using nlohmann::json;
using testing::HasSubstr;

TEST(MetadataFromName, SplitsArtistAndTitle) {
    const auto metadata = metadata_from_name("Kate Bush - Running Up That Hill");
    EXPECT_EQ(metadata.artist, "Kate Bush");
    EXPECT_EQ(metadata.title, "Running Up That Hill");
}

TEST(MetadataFromName, ReadsAllMarks) {
    const auto metadata = metadata_from_name("A - B - C [128 BPM] (House) {F# minor}");
    EXPECT_EQ(metadata.artist, "A");
    EXPECT_EQ(metadata.title, "B - C");
    EXPECT_EQ(metadata.bpm, 128.0);
    EXPECT_EQ(metadata.genre, "House");
    EXPECT_EQ(metadata.key, "F#m");
}

TEST(MetadataFromName, TakesTheBareNumberAndFractions) {
    EXPECT_EQ(metadata_from_name("x [93.5]").bpm, 93.5);
    EXPECT_EQ(metadata_from_name("[128] x").title, "x");
}

TEST(MetadataFromName, KeepsMarksThatAreNone) {
    const auto metadata = metadata_from_name("Song [Live] [500] {Chorus}");
    EXPECT_EQ(metadata.title, "Song [Live] [500] {Chorus}");
    EXPECT_FALSE(metadata.bpm.has_value());
    EXPECT_EQ(metadata.key, "");
    EXPECT_EQ(metadata_from_name("Song [Live] [140]").title, "Song [Live]");
}

TEST(MetadataFromName, TheWholeStemIsTheTitleWhereNothingElseIsFound) {
    EXPECT_EQ(metadata_from_name("take-07").title, "take-07");
    EXPECT_EQ(metadata_from_name(" - x").title, "- x");
    EXPECT_EQ(metadata_from_name("[128]").title, "[128]");
    EXPECT_EQ(metadata_from_name("a\xFF(").title, "a\xEF\xBF\xBD(");
    EXPECT_TRUE(metadata_from_name("").empty());
}

TEST(MusicalKey, SpellsEveryWayOfWritingOneWay) {
    for (const auto* text : {"Am", "am", "a min", "A minor", "A MINOR", "8A", "8a", "1m", " Amin "}) {
        EXPECT_EQ(normalize_key(text), "Am") << text;
    }
    EXPECT_EQ(normalize_key("F# minor"), "F#m");
    EXPECT_EQ(normalize_key("F♯m"), "F#m");
    EXPECT_EQ(normalize_key("Bb"), "Bb");
    EXPECT_EQ(normalize_key("B♭ major"), "Bb");
    EXPECT_EQ(normalize_key("CM"), "C");
    EXPECT_EQ(normalize_key("12B"), "E");
    EXPECT_EQ(normalize_key("1A"), "Abm");
    EXPECT_EQ(normalize_key("1d"), "C");
    EXPECT_EQ(normalize_key("6m"), "Abm");
    EXPECT_EQ(normalize_key("12d"), "F");
    for (const auto* text : {"", "H", "13A", "0B", "13m", "0d", "A dorian", "Am7", "o", "##"}) {
        EXPECT_FALSE(normalize_key(text).has_value()) << text;
    }
}

TEST(MetadataJson, RoundTripsEveryField) {
    auto metadata = test::full_metadata();
    const json written = metadata;
    EXPECT_EQ(written["bpm"], 93.5);
    EXPECT_EQ(written["track"], "3/12");
    EXPECT_EQ(written["custom"]["COMPOSER"], "A. N. Other");
    EXPECT_EQ(written["cover"], (json{{"mime", "image/jpeg"}, {"bytes", metadata.cover->data.size()}}));
    metadata.cover.reset();
    const auto read = metadata_from_json(json::parse(written.dump()));
    ASSERT_TRUE(read.has_value()) << read.error().to_string();
    EXPECT_EQ(*read, metadata);
    EXPECT_EQ(json(Metadata{}), json::object());
}

TEST(MetadataJson, TakesNumbersWhereAFieldIsOne) {
    const auto read =
        metadata_from_json(json::parse(R"({"year": 2026, "track": 3, "bpm": 128, "disc": null})"));
    ASSERT_TRUE(read.has_value()) << read.error().to_string();
    EXPECT_EQ(read->date, "2026");
    EXPECT_EQ(read->track.number, 3);
    EXPECT_EQ(read->bpm, 128.0);
}

TEST(MetadataJson, RefusesWrongTypesUnknownKeysAndBrokenRules) {
    const auto error = [](std::string_view text) {
        const auto read = metadata_from_json(json::parse(text));
        return read ? "read" : read.error().to_string();
    };
    EXPECT_THAT(error("[]"), HasSubstr("tags: is array, not an object"));
    EXPECT_THAT(error(R"({"title": 7})"), HasSubstr("title: is number, not a text"));
    EXPECT_THAT(error(R"({"titel": "x"})"), HasSubstr("'titel' is not a field"));
    EXPECT_THAT(error(R"({"bpm": 900})"), HasSubstr("900 is outside"));
    EXPECT_THAT(error(R"({"custom": {"title": "x"}})"), HasSubstr("beside \"custom\""));
    EXPECT_THAT(error(R"({"custom": {"X": []}})"), HasSubstr("X: is array"));
    EXPECT_THAT(error(R"({"custom": 3})"), HasSubstr("custom: is number"));
}

TEST(MetadataTemplate, EveryNameGivesAValidTemplate) {
    for (const auto& name : metadata_template_names()) {
        const auto metadata = metadata_template(name, 2026);
        ASSERT_TRUE(metadata.has_value()) << name;
        EXPECT_THAT(validate(*metadata), testing::IsEmpty()) << name;
    }
}

TEST(MetadataTemplate, PresetsWhatTheGenresNeed) {
    EXPECT_TRUE(metadata_template("empty", 2026)->empty());
    EXPECT_EQ(metadata_template("minimal", 2026)->date, "2026");
    EXPECT_EQ(metadata_template("Electronic", 2026)->bpm, 128.0);
    EXPECT_EQ(metadata_template("electronic", 2026)->key, "Fm");
    EXPECT_EQ(metadata_template("Hip Hop", 2026)->genre, "Hip Hop");
    EXPECT_EQ(metadata_template("classical", 2026)->custom.at("MOVE"), "1");
    EXPECT_EQ(metadata_template("jazz", 2026)->custom.at("LIVE"), "N");
}

TEST(MetadataTemplate, RefusesAnUnknownNameAndListsTheOthers) {
    const auto unknown = metadata_template("polka", 2026);
    ASSERT_FALSE(unknown.has_value());
    EXPECT_THAT(unknown.error().to_string(), HasSubstr("'polka'"));
    EXPECT_THAT(unknown.error().to_string(), HasSubstr("hip-hop"));
}

}  // namespace
}  // namespace dubplate
