#include "library/query.h"

#include <gtest/gtest.h>

#include "library/edits.h"
#include "support/libraries.h"

namespace dubplate {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class QueryTest : public test::LibraryTest {
  protected:
    void SetUp() override {
        LibraryTest::SetUp();
        if (IsSkipped()) return;
        add_one("drums/kick.wav",
                "title=Kick\ngenre=House\nduration_seconds=0.5\nloudness_lufs=-9\nformat=wav\nx=1");
        clock().advance(std::chrono::hours(24 * 31));
        add_one("loops/night.wav",
                "title=Night 100%\nartist=Ada\ngenre=Deep House\nbpm=92.4\nkey=A "
                "minor\nduration_seconds=90\nformat=flac");
        clock().advance(std::chrono::hours(24 * 31));
        const auto id =
            add_one("loops/day.wav",
                    "title=Day_Break\nartist=Bo\ngenre=techno\nbpm=110\nkey=C major\nduration_seconds=89.8");
        ASSERT_TRUE(apply_edits(catalog(), id, {{"tags", "bright,Loud"}, {"kind", "take"}}));
    }
};

TEST_P(QueryTest, FindsRangesOfNumbersWithBothEnds) {
    EXPECT_THAT(titles("bpm:92.4..110 bpm+"), ElementsAre("Night 100%", "Day_Break"));
    EXPECT_THAT(titles("bpm:92.5.."), ElementsAre("Day_Break"));
    EXPECT_THAT(titles("bpm:..109.9"), ElementsAre("Night 100%"));
    EXPECT_THAT(titles("size_bytes:1..1000000 id+").size(), 3);
}

TEST_P(QueryTest, TakesOneNumberForAllThatRoundToIt) {
    EXPECT_THAT(titles("bpm:92"), ElementsAre("Night 100%"));
    EXPECT_THAT(titles("bpm:92.4"), ElementsAre("Night 100%"));
    EXPECT_THAT(titles("bpm:92.0"), IsEmpty());
    EXPECT_THAT(titles("duration:1:30 bpm+"), ElementsAre("Night 100%", "Day_Break"));
    EXPECT_THAT(titles("duration:..1:30"), UnorderedElementsAre("Kick", "Night 100%", "Day_Break"));
}

TEST_P(QueryTest, KnowsKeysHoweverTheyAreSpelled) {
    for (const char* key : {"key:\"A minor\"", "key:Am", "key:8A", "key:1m", "key:\"a min\""})
        EXPECT_THAT(titles(key), ElementsAre("Night 100%")) << key;
    EXPECT_THAT(titles("key:none"), ElementsAre("Kick"));
}

TEST_P(QueryTest, KnowsAKeyByTheOtherNameOfItsNote) {
    add_one("a/sharp.wav", "title=Sharp\nkey=G# minor");
    add_one("a/flat.wav", "title=Flat\nkey=Ab minor");

    for (const char* key : {"key:G#m", "key:Abm", "key:1A", "key:6m"})
        EXPECT_THAT(titles(std::string(key) + " title+"), ElementsAre("Flat", "Sharp")) << key;
}

TEST_P(QueryTest, TakesUnitsOfSizesAndRates) {
    const auto id = add_one("a/cd.wav", "title=CD\nsample_rate=44100");
    ASSERT_TRUE(catalog().database.execute("UPDATE assets SET size_bytes = 2000000 WHERE id = ?", {id}));

    for (const char* text : {"size:1MB..", "size:1.9mb..2.1MB", "size:2MB", "size:1.9MiB", "size:2000kB",
                             "size:..1GiB sample_rate:44100", "sample_rate:44.1k", "sample_rate:44.1kHz",
                             "sample_rate:44k..48k", "sample_rate:44100Hz"})
        EXPECT_THAT(titles(text), ElementsAre("CD")) << text;
    EXPECT_THAT(titles("size:2MiB.."), IsEmpty());
}

TEST_P(QueryTest, FindsPartsOfTextAndAllOfIt) {
    EXPECT_THAT(titles("genre:HOUSE title+"), ElementsAre("Kick", "Night 100%"));
    EXPECT_THAT(titles("genre:=house"), ElementsAre("Kick"));
    EXPECT_THAT(titles("title:100%"), ElementsAre("Night 100%"));
    EXPECT_THAT(titles("title:y_b"), ElementsAre("Day_Break"));
    EXPECT_THAT(titles("title:t%1"), IsEmpty()) << "% and _ are themselves";
    EXPECT_THAT(titles("title:t_1"), IsEmpty());
}

TEST_P(QueryTest, LooksForAWordInAllTextTagsAndPaths) {
    EXPECT_THAT(titles("ada"), ElementsAre("Night 100%"));
    EXPECT_THAT(titles("bright"), ElementsAre("Day_Break"));
    EXPECT_THAT(titles("loops title+"), ElementsAre("Day_Break", "Night 100%"));
    EXPECT_THAT(titles("\"night 100\""), ElementsAre("Night 100%"));
}

TEST_P(QueryTest, FindsLettersBeyondAsciiAsTheyAreWritten) {
    const auto id = add_one("loops/fahrt.wav", "title=Nachtfahrt ÄÖ\ngenre=Köln\nduration_seconds=3");
    ASSERT_TRUE(apply_edits(catalog(), id, {{"tags", "Öl"}}));

    for (const char* text : {"title:ÄÖ", "title:=\"nachtfahrt ÄÖ\"", "title:\"FAHRT ÄÖ\"", "genre:=KöLN",
                             "ÄÖ", "tag:Öl", "\"Öl\""})
        EXPECT_THAT(titles(text), ElementsAre("Nachtfahrt ÄÖ")) << text;
    EXPECT_THAT(titles("title:äö"), IsEmpty()) << "upper and lower case are the same for A to Z alone";
}

TEST_P(QueryTest, LooksForAWordInEveryPathOfASound) {
    const std::string text = "title=Rim\nduration_seconds=4";
    add_one("a/first.wav", text);
    add({sound("b/second place.wav", text)});

    EXPECT_THAT(titles("first"), ElementsAre("Rim"));
    EXPECT_THAT(titles("SECOND"), ElementsAre("Rim"));
    EXPECT_THAT(titles("-second rim"), IsEmpty());
}

TEST_P(QueryTest, JoinsTurnsRoundAndOffersEither) {
    EXPECT_THAT(titles("genre:house -title:kick"), ElementsAre("Night 100%"));
    EXPECT_THAT(titles("^tag:loud title+"), ElementsAre("Kick", "Night 100%"));
    EXPECT_THAT(titles("title:kick , artist:bo title-"), ElementsAre("Kick", "Day_Break"));
    EXPECT_THAT(titles("-bpm:..100 title+"), ElementsAre("Day_Break", "Kick"))
        << "what is not known is not below 100";
    EXPECT_THAT(titles("-kind:sample"), ElementsAre("Day_Break"));
}

TEST_P(QueryTest, KnowsDatesAndHowLongAgo) {
    EXPECT_THAT(titles("added:2026-01"), ElementsAre("Kick"));  // the clock begins with that year
    EXPECT_THAT(titles("added:2026-02.. added+"), ElementsAre("Night 100%", "Day_Break"));
    EXPECT_THAT(titles("added:..2026-02 added+"), ElementsAre("Kick", "Night 100%"));
    EXPECT_THAT(titles("added:-31d.. added+"), ElementsAre("Night 100%", "Day_Break"));
    EXPECT_THAT(titles("added:2026 added-"), ElementsAre("Day_Break", "Night 100%", "Kick"));
    EXPECT_THAT(titles("added:2025"), IsEmpty());
}

TEST_P(QueryTest, FindsFilesInAFolder) {
    EXPECT_THAT(titles("path:\"" + (files() / "drums").string() + "\""), ElementsAre("Kick"));
    EXPECT_THAT(titles("path:\"" + (files() / "drums/kick.wav").string() + "\""), ElementsAre("Kick"));
    EXPECT_THAT(titles("path:\"" + (files() / "dru").string() + "\""), IsEmpty());
}

TEST_P(QueryTest, SortsByEveryFieldInBothDirections) {
    for (const Field& field : asset_fields()) {
        if (!field.sortable) continue;
        const std::string name(field.name);
        auto rising = titles(name + "+");
        const auto falling = titles(name + "-");
        std::ranges::reverse(rising);
        EXPECT_EQ(rising, falling) << name;
        EXPECT_EQ(rising.size(), 3U) << name;
    }
}

TEST_P(QueryTest, TakesNothingThatLooksLikeSqlForSql) {
    for (const char* text :
         {"title:\"'; DROP TABLE assets; --\"", "\"' OR 1=1\"", "tag:\"?\"", "title:=\":p1\"", "path:\"';\""})
        EXPECT_THAT(titles(text), IsEmpty()) << text;
    EXPECT_EQ(titles("id+").size(), 3U);
}

INSTANTIATE_TEST_SUITE_P(Databases, QueryTest, test::both_databases, test::dialect_name);

struct Mistake {
    const char* text;
    const char* said;
    const char* pointed;  // the line below the query
};

class QueryMistake : public testing::TestWithParam<Mistake> {};

TEST_P(QueryMistake, IsToldWithItsPlace) {
    QueryPlace place;

    const auto query = parse_query(GetParam().text, 0, &place);

    ASSERT_FALSE(query);
    EXPECT_THAT(query.error().to_string(), HasSubstr(GetParam().said));
    const std::string pointed = point_at(GetParam().text, place);
    EXPECT_EQ(pointed.substr(pointed.find('\n') + 1), GetParam().pointed) << pointed;
}

INSTANTIATE_TEST_SUITE_P(
    Query, QueryMistake,
    testing::Values(Mistake{"bpm:9x..110", "\"9x\" is no number", "    ^~~~~~~"},
                    Mistake{"title:a gendre:house", "did you mean genre?", "        ^~~~~~"},
                    Mistake{"bpm:", "nothing follows \"bpm:\"", "    ^"},
                    Mistake{"a \"b c", "the quote is not closed", "  ^~~~"},
                    Mistake{"a ,", "nothing follows the comma", "  ^"},
                    Mistake{", a", "nothing stands before the comma", "^"},
                    Mistake{"bpm:110..90", "ends before it begins", "    ^~~~~~~"},
                    Mistake{"size:1XB", "\"1XB\" is no number", "     ^~~"},
                    Mistake{"sample_rate:k", "write it as 44100 or 44.1k", "            ^"},
                    Mistake{"key:H", "is no key", "    ^"},
                    Mistake{"added:2026-13", "is no date", "      ^~~~~~~"},
                    Mistake{"x -:a", "no field stands before", "   ^~"},
                    Mistake{"channels+", "cannot be sorted", "^~~~~~~~~"},
                    Mistake{"\xc3\xa9 bpm:x", "is no number", "      ^"},
                    Mistake{"a\\", "nothing follows the \\", " ^"}));

TEST(Query, KeepsWhatIsQuotedTogether) {
    const auto query = parse_query("title:\"a , b\" \"-c:d\" e\\:f", 0);

    ASSERT_TRUE(query) << query.error().to_string();
    ASSERT_EQ(query->alternatives.size(), 1U);
    const auto& terms = query->alternatives[0];
    ASSERT_EQ(terms.size(), 3U);
    EXPECT_EQ(terms[0].text, "a , b");
    EXPECT_EQ(terms[1].text, "-c:d");
    EXPECT_FALSE(terms[1].negated);
    EXPECT_EQ(terms[2].text, "e:f");
}

TEST(Query, HasLimits) {
    EXPECT_EQ(parse_query(std::string(100'000, 'a'), 0).error().code, ErrorCode::limit_exceeded);
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "a ";
    EXPECT_EQ(parse_query(many, 0).error().code, ErrorCode::limit_exceeded);
    EXPECT_FALSE(parse_query(std::string("a\0b", 3), 0));
    EXPECT_FALSE(parse_query("\xff", 0));
}

}  // namespace

}  // namespace dubplate
