#include "tags/metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tags/fields.h"
#include "tags/text.h"
#include "unit/tags/samples.h"

namespace dubplate {
namespace {

using test::full_metadata;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

Metadata with(std::string_view name, std::string_view value) {
    Metadata metadata;
    const auto status = set_field(metadata, name, value);
    EXPECT_TRUE(status.has_value()) << (status ? "" : status.error().to_string());
    return metadata;
}

std::string error_of(std::string_view name, std::string_view value) {
    Metadata metadata;
    const auto status = set_field(metadata, name, value);
    EXPECT_FALSE(status.has_value()) << name << " took " << value;
    EXPECT_TRUE(metadata.empty());
    return status ? std::string() : status.error().to_string();
}

TEST(Metadata, ListsFieldsInAFixedOrderAndCustomTagsAfterThem) {
    Metadata metadata;
    metadata.custom = {{"ZEBRA", "z"}, {"ALPHA", "a"}, {"BLANK", ""}};
    metadata.isrc = "USS1Z9900001";
    metadata.bpm = 128;
    metadata.title = "t";
    metadata.track = {3, 12};
    EXPECT_THAT(fields(metadata),
                ElementsAre(Pair("title", "t"), Pair("bpm", "128"), Pair("isrc", "USS1Z9900001"),
                            Pair("track", "3/12"), Pair("ALPHA", "a"), Pair("ZEBRA", "z")));
}

TEST(Metadata, EveryFieldSetByNameIsListedAgain) {
    const auto metadata = full_metadata();
    Metadata again;
    for (const auto& [name, value] : fields(metadata)) {
        ASSERT_TRUE(set_field(again, name, value).has_value()) << name;
    }
    again.cover = metadata.cover;
    EXPECT_EQ(again, metadata);
}

TEST(Metadata, AcceptsTheNamesPeopleUse) {
    EXPECT_EQ(with("year", "2026").date, "2026");
    EXPECT_EQ(with("Album Artist", "x").album_artist, "x");
    EXPECT_EQ(with("albumartist", "x").album_artist, "x");
    EXPECT_EQ(with("comments", "x").comment, "x");
    EXPECT_EQ(with("TRACKNUMBER", "03/12").track, (NumberOf{3, 12}));
    EXPECT_EQ(with("disc", "2").disc, (NumberOf{2, 0}));
    EXPECT_EQ(with("InitialKey", "A minor").key, "Am");
    EXPECT_EQ(with("isrc", "us-s1z-99-00001").isrc, "USS1Z9900001");
    EXPECT_EQ(with("catalog number", "7").custom,
              (std::map<std::string, std::string>{{"CATALOG NUMBER", "7"}}));
}

TEST(Metadata, AnEmptyValueTakesTheFieldAway) {
    auto metadata = full_metadata();
    metadata.cover.reset();
    for (const auto& [name, value] : fields(metadata))
        ASSERT_TRUE(set_field(metadata, name, " ").has_value());
    EXPECT_TRUE(metadata.empty());
}

TEST(Metadata, RefusesValuesThatBreakARuleAndNamesTheFieldTheValueAndTheRule) {
    EXPECT_EQ(error_of("bpm", "900"), "bpm: 900 is outside 20 to 400");
    EXPECT_THAT(error_of("bpm", "19.9"), HasSubstr("outside"));
    EXPECT_THAT(error_of("bpm", "nan"), HasSubstr("not a number"));
    EXPECT_THAT(error_of("year", "26"), HasSubstr("'26' is no date"));
    EXPECT_THAT(error_of("date", "2026-13"), HasSubstr("no date"));
    EXPECT_THAT(error_of("date", "2026-11-32"), HasSubstr("no date"));
    EXPECT_THAT(error_of("key", "H minor"), HasSubstr("'H minor' is not a key"));
    EXPECT_THAT(error_of("isrc", "USS1Z990000"), HasSubstr("12 characters"));
    EXPECT_THAT(error_of("track", "3/x"), HasSubstr("write 3 or 3/12"));
    EXPECT_THAT(error_of("track", "10000"), HasSubstr("0 to 9999"));
    EXPECT_THAT(error_of("title", "a\x01"), HasSubstr("control characters"));
    EXPECT_THAT(error_of("title", "\xFF\xFE"), HasSubstr("UTF-8"));
    EXPECT_THAT(error_of("title", std::string(max_tag_value_bytes + 1, 'x')), HasSubstr("65537 bytes"));
    EXPECT_THAT(error_of("a=b", "x"), HasSubstr("not a name for a tag"));
    EXPECT_THAT(error_of("naïve", "x"), HasSubstr("not a name for a tag"));
    EXPECT_THAT(error_of(std::string(65, 'k'), "x"), HasSubstr("1 to 64"));
    EXPECT_THAT(error_of("ReplayGain_Track_Gain", "1 dB"), HasSubstr("written by dubplate"));
}

TEST(Metadata, TakesLimitsThemselves) {
    EXPECT_EQ(with("bpm", "20").bpm, 20.0);
    EXPECT_EQ(with("bpm", "400").bpm, 400.0);
    EXPECT_EQ(with("track", "9999/9999").track, (NumberOf{9999, 9999}));
    EXPECT_THAT(with("title", std::string(max_tag_value_bytes, 'x')).title, SizeIs(max_tag_value_bytes));
    EXPECT_THAT(with(std::string(64, 'k'), "x").custom, SizeIs(1));
}

TEST(Metadata, RefusesMoreThan500CustomTags) {
    Metadata metadata;
    for (int i = 0; i < 500; ++i) ASSERT_TRUE(set_field(metadata, "K" + std::to_string(i), "v").has_value());
    const auto status = set_field(metadata, "ONE MORE", "v");
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, ErrorCode::limit_exceeded);
    EXPECT_TRUE(set_field(metadata, "K7", "another value").has_value());
}

TEST(Metadata, ValidateNamesEveryProblemAtOnce) {
    EXPECT_THAT(validate(full_metadata()), IsEmpty());
    Metadata metadata;
    metadata.title = "bell\a";
    metadata.date = "soon";
    metadata.bpm = 900;
    metadata.key = "A minor";
    metadata.isrc = "x";
    metadata.track = {-1, 0};
    metadata.custom = {{"lower", "x"}, {"TITLE", "x"}};
    metadata.cover = Picture{"image/png", to_bytes("GIF89a")};
    EXPECT_THAT(
        validate(metadata),
        ElementsAre("title: holds control characters or byte-order marks", "date: 'soon' is no date",
                    "key: 'A minor' must be spelled 'Am'", "isrc: 'x' is no ISRC",
                    "bpm: 900 is outside 20 to 400", "track: -1/0 is outside 0 to 9999",
                    "custom tag: 'TITLE' is the name of a field", "custom tag: 'lower' is not in capitals",
                    "cover: is a GIF; a cover must be JPEG or PNG"));
}

TEST(Metadata, MergeLetsTheOverlayWinFieldByFieldAndKeyByKey) {
    Metadata overlay;
    overlay.title = "new";
    overlay.track = {4, 0};
    overlay.custom = {{"MOOD", "calm"}, {"NEW", "1"}, {"COMPOSER", ""}};
    const auto base = full_metadata();
    const auto merged = merge(base, overlay);
    EXPECT_EQ(merged.title, "new");
    EXPECT_EQ(merged.artist, base.artist);
    EXPECT_EQ(merged.track, (NumberOf{4, 12}));
    EXPECT_EQ(merged.custom.at("MOOD"), "calm");
    EXPECT_EQ(merged.custom.at("NEW"), "1");
    EXPECT_EQ(merged.custom.at("COMPOSER"), base.custom.at("COMPOSER"));
    EXPECT_EQ(merge(base, {}), base);
    EXPECT_EQ(merge({}, base), base);
}

TEST(Sanitize, LeavesWhatObeysTheRulesAlone) {
    std::vector<Loss> losses;
    EXPECT_EQ(sanitize(full_metadata(), losses), full_metadata());
    EXPECT_THAT(losses, IsEmpty());
}

TEST(Sanitize, TrimsAndMendsInSilenceWhatLosesNothing) {
    Metadata metadata;
    metadata.title = "  t \r\n";
    metadata.comment = "a\r\nb";
    metadata.date = "20261121";
    metadata.key = "Eb min";
    metadata.custom = {{"mood", "x"}, {"REPLAYGAIN_TRACK_GAIN", "-3 dB"}, {"ITUNNORM", "0"}, {"EMPTY", " "}};
    std::vector<Loss> losses;
    const auto sane = sanitize(metadata, losses);
    EXPECT_EQ(sane.title, "t");
    EXPECT_EQ(sane.comment, "a\nb");
    EXPECT_EQ(sane.date, "2026-11-21");
    EXPECT_EQ(sane.key, "Ebm");
    EXPECT_EQ(sane.custom, (std::map<std::string, std::string>{{"MOOD", "x"}}));
    EXPECT_THAT(losses, IsEmpty()) << test::join_losses(losses);
}

TEST(Sanitize, TellsHowMuchIsKeptOfWhatIsTooLong) {
    Metadata metadata;
    metadata.comment = std::string(100'000, 'A');
    std::vector<Loss> losses;
    EXPECT_EQ(sanitize(metadata, losses).comment.size(), 65'536);
    ASSERT_EQ(losses.size(), 1);
    EXPECT_EQ(losses[0].why, "was cut to 65536 bytes, the most that is kept");
}

TEST(Sanitize, DropsAndTellsWhatBreaksARule) {
    Metadata metadata;
    metadata.title = "a\xFFz\x01";
    metadata.album = std::string(max_tag_value_bytes - 1, 'x') + "é";
    metadata.date = "last summer";
    metadata.bpm = 1e9;
    metadata.key = "loud";
    metadata.isrc = "none";
    metadata.disc = {70000, 0};
    metadata.custom = {{"A=B", "x"}};
    metadata.cover = Picture{"image/png", to_bytes("not a picture")};
    std::vector<Loss> losses;
    const auto sane = sanitize(metadata, losses);
    EXPECT_EQ(sane.title, "a\xEF\xBF\xBDz");
    EXPECT_EQ(sane.album, std::string(max_tag_value_bytes - 1, 'x'));
    EXPECT_THAT(validate(sane), IsEmpty());
    std::vector<std::string> told;
    for (const auto& loss : losses) told.push_back(loss.what);
    EXPECT_THAT(told, ElementsAre("tag title", "tag album", "tag date", "tag key", "tag isrc", "tag bpm",
                                  "tag disc", "tag 'A=B'", "cover"));
}

TEST(Sanitize, ReadsTheDatesThatRealFilesHold) {
    const auto sane = [](std::string date) {
        Metadata metadata;
        metadata.date = std::move(date);
        std::vector<Loss> losses;
        return sanitize(metadata, losses).date;
    };
    EXPECT_EQ(sane("2026-11-21T10:00:00Z"), "2026-11-21");
    EXPECT_EQ(sane("2026/11/21"), "2026-11-21");
    EXPECT_EQ(sane("2026.11"), "2026-11");
    EXPECT_EQ(sane("2026-00-00"), "2026");
    EXPECT_EQ(sane("2026 (remaster)"), "2026");
    EXPECT_EQ(sane("26"), "");
}

TEST(Text, FoldsAccentsAndLeavesQuestionMarksForTheRest) {
    EXPECT_EQ(fold_to_ascii("Ærø Straße Żółć ‘naïve’ 夜\n"), "AEro Strasse Zolc 'naive' ? ");
    EXPECT_EQ(fold_to_ascii("e\xCC\x81"), "e");
}

TEST(Text, CleaningIsIdempotent) {
    for (std::uint64_t n = 0; n < 500; ++n) {
        const auto text = to_text(test::damaged(to_bytes("ÆÐ\r\n\t🌙 ночь \xEF\xBB\xBF plain text"), n));
        const auto clean = clean_text(text);
        EXPECT_TRUE(is_clean_text(clean));
        EXPECT_EQ(clean_text(clean), clean);
    }
}

}  // namespace
}  // namespace dubplate
