#include "organize/name_template.h"

#include "core/units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace dubplate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

NameValues full_values() {
    NameValues values;
    values.input = "mix";
    values.metadata.title = "Night Drive";
    values.metadata.artist = "The Lamps";
    values.metadata.date = "2026-11-21";
    values.metadata.bpm = 93.5;
    values.metadata.key = "F#m";
    values.metadata.track = {3, 12};
    values.metadata.custom["MOOD"] = "late";
    values.format = "flac";
    values.sample_rate_hz = 44100;
    values.bit_depth = "24";
    values.channels = 2;
    values.region = "Chorus";
    values.index = 7;
    values.integrated_lufs = -16.04;
    values.true_peak_dbtp = -1.26;
    return values;
}

std::string rendered(std::string_view text, const NameValues& values = full_values()) {
    const auto parsed = NameTemplate::parse(text);
    if (!parsed) return "error: " + parsed.error().to_string();
    const auto name = parsed->render(values);
    return name ? *name : "error: " + name.error().to_string();
}

TEST(NameTemplate, PutsTheFieldsIn) {
    EXPECT_EQ(rendered("{artist} - {title} [{bpm}]"), "The Lamps - Night Drive [93.5]");
    EXPECT_EQ(rendered("{input}_{format}_{rate}_{bits}_{channels}"), "mix_flac_44100_24_2");
    EXPECT_EQ(rendered("{year} {date} {key} {MOOD}"), "2026 2026-11-21 F#m late");
    EXPECT_EQ(rendered("{region} {lufs} LUFS {tp}"), "Chorus -16.0 LUFS -1.3");
    EXPECT_EQ(rendered("{Title}"), "Night Drive");
}

TEST(NameTemplate, PadsAndRoundsNumbers) {
    EXPECT_EQ(rendered("{track:02} of {track_total}"), "03 of 12");
    EXPECT_EQ(rendered("{index:03}"), "007");
    EXPECT_EQ(rendered("{bpm:.0} {bpm:04.2}"), "94 0093.50");
    EXPECT_EQ(rendered("{lufs:.2} {tp:.0}"), "-16.04 -1");
    EXPECT_EQ(rendered("{index:1}"), "7");
}

TEST(NameTemplate, WritesZeroWithoutASign) {
    NameValues values = full_values();
    values.integrated_lufs = -0.04;
    EXPECT_EQ(rendered("{lufs}", values), "0.0");
    values.integrated_lufs = silence_db;
    EXPECT_EQ(rendered("{lufs}", values), "-inf");
}

TEST(NameTemplate, EscapesBraces) {
    EXPECT_EQ(rendered("{{{title}}}"), "{Night Drive}");
    EXPECT_EQ(rendered("a {{b}} c"), "a {b} c");
}

TEST(NameTemplate, TellsThatAValueIsMissing) {
    const auto name = NameTemplate::parse("{artist} - {title}")->render({.input = "mix"});

    ASSERT_FALSE(name);
    EXPECT_EQ(name.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(name.error().message, HasSubstr("artist is not set for 'mix'"));
    EXPECT_THAT(name.error().hint, HasSubstr("{artist?}"));
}

TEST(NameTemplate, LeavesOutOrReplacesWhatIsMissing) {
    const NameValues none{.input = "mix"};
    EXPECT_EQ(rendered("{input} [{bpm?}]", none), "mix []");
    EXPECT_EQ(rendered("{artist|Unknown} - {title|{input}}", none), "Unknown - mix");
    EXPECT_EQ(rendered("{artist|{album_artist|nobody}}-x", none), "nobody-x");
    EXPECT_EQ(rendered("{artist|Unknown} [{bpm?}]"), "The Lamps [93.5]");
    EXPECT_EQ(rendered("{MOOD|none}", none), "none");
}

TEST(NameTemplate, MakesFoldersFromTheTemplateAlone) {
    EXPECT_EQ(rendered("{artist}/{year}/{title}"), "The Lamps/2026/Night Drive");
    NameValues values = full_values();
    values.metadata.title = "../../etc/passwd";
    values.metadata.artist = "AC/DC\x01";
    EXPECT_EQ(rendered("{artist}/{title}", values), "AC_DC_/_._.._etc_passwd");
    values.metadata.artist = "..";
    EXPECT_EQ(rendered("{artist}/x", values), "untitled/x");
    EXPECT_EQ(rendered("{album?}/{input}", values), "mix");
}

TEST(NameTemplate, RefusesPathsThatLeaveTheFolder) {
    for (const char* text : {"/{title}", "../{title}", "a//b", "a/", "./x", "a/../b"})
        EXPECT_THAT(rendered(text), HasSubstr("error: name template")) << text;
}

TEST(NameTemplate, NamesTheNearestFieldForAnUnknownOne) {
    EXPECT_THAT(rendered("{artits}"), HasSubstr("'artits' is no field; did you mean {artist}?"));
    EXPECT_THAT(rendered("{trakc:02}"), HasSubstr("{track}"));
    EXPECT_THAT(rendered("{}"), HasSubstr("name no field"));
}

TEST(NameTemplate, TellsWhereABraceHasNoOtherHalf) {
    EXPECT_THAT(rendered("ab {title"), HasSubstr("the '{' at place 4 is not closed"));
    EXPECT_THAT(rendered("{title|x"), HasSubstr("the '{' at place 1 is not closed"));
    EXPECT_THAT(rendered("title} x"), HasSubstr("the '}' at place 6 closes nothing"));
    EXPECT_THAT(rendered("{ti{tle}"), HasSubstr("error"));
}

TEST(NameTemplate, RefusesFormsThatFitNoNumber) {
    EXPECT_THAT(rendered("{title:02}"), HasSubstr("title is a text"));
    EXPECT_THAT(rendered("{track:x}"), HasSubstr("'x'"));
    EXPECT_THAT(rendered("{track:}"), HasSubstr("no form of a number"));
    EXPECT_THAT(rendered("{track:999}"), HasSubstr("no form of a number"));
    EXPECT_THAT(rendered("{bpm:.}"), HasSubstr("no form of a number"));
}

TEST(NameTemplate, RefusesANameThatComesOutEmpty) {
    EXPECT_THAT(rendered("{title?}", {.input = "mix"}), HasSubstr("comes out empty"));
    EXPECT_THAT(rendered(""), HasSubstr("empty"));
}

TEST(NameTemplate, BoundsItsNesting) {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "{title|";
    EXPECT_THAT(rendered(text), HasSubstr("inside each other"));
    EXPECT_THAT(rendered(std::string(5000, 'x')), HasSubstr("5000 bytes"));
}

TEST(NameTemplate, TellsWhichFieldsItUses) {
    const auto parsed = NameTemplate::parse("{title|{input}} {lufs} {title}");

    EXPECT_THAT(parsed->fields(), ElementsAre("title", "input", "lufs"));
    EXPECT_TRUE(parsed->needs_measurement());
    EXPECT_FALSE(NameTemplate::parse("{title}")->needs_measurement());
}

TEST(NameTemplate, KnowsEveryTextFieldOfTheMetadata) {
    Metadata metadata;
    metadata.title = metadata.artist = metadata.album = metadata.album_artist = metadata.genre = "x";
    metadata.comment = metadata.copyright = "x";
    metadata.date = "2026";
    metadata.bpm = 100;
    metadata.key = "Am";
    metadata.isrc = "DEABC2600001";
    metadata.track = {1, 2};
    metadata.disc = {1, 2};
    for (const auto& [name, value] : fields(metadata))
        EXPECT_TRUE(NameTemplate::parse("{" + name + "}")) << name;
}

}  // namespace
}  // namespace dubplate
