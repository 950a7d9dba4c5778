// Vorbis comments, RIFF INFO, bext and iXML, and what each format cannot hold.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <taglib/xiphcomment.h>

#include "tags/bext.h"
#include "tags/render.h"
#include "tags/text.h"
#include "tags/vorbis.h"
#include "unit/tags/samples.h"

namespace dubplate {
namespace {

using test::full_metadata;
using test::full_tags;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

Metadata without_cover(Metadata metadata) {
    metadata.cover.reset();
    return metadata;
}

// ---- Vorbis comments ----

TEST(VorbisComments, RoundTripEveryField) {
    std::vector<Loss> losses;
    EXPECT_EQ(metadata_from_vorbis_comments(vorbis_comments(full_tags()), losses),
              without_cover(full_metadata()));
    EXPECT_THAT(losses, IsEmpty()) << test::join_losses(losses);
}

TEST(VorbisComments, StandInAFixedOrder) {
    TagSet tags;
    tags.metadata.title = "t";
    tags.metadata.bpm = 93.5;
    tags.metadata.key = "Am";
    tags.metadata.track = {3, 12};
    tags.metadata.custom = {{"B", "2"}, {"A", "1"}};
    tags.loudness = test::some_loudness();
    EXPECT_THAT(vorbis_comments(tags),
                testing::ElementsAre("TITLE=t", "BPM=93.5", "INITIALKEY=Am", "TRACKNUMBER=3", "TRACKTOTAL=12",
                                     "ENCODER=Dubplate", "REPLAYGAIN_TRACK_GAIN=-6.50 dB",
                                     "REPLAYGAIN_TRACK_PEAK=0.893305",
                                     "REPLAYGAIN_REFERENCE_LOUDNESS=-18.00 LUFS", "A=1", "B=2"));
}

TEST(VorbisComments, TagLibReadsTheSame) {
    const auto block = to_text(test::vorbis_block(vorbis_comments(full_tags())));
    TagLib::Ogg::XiphComment comment(
        TagLib::ByteVector(block.data(), static_cast<unsigned int>(block.size())));
    EXPECT_EQ(comment.title().to8Bit(true), full_metadata().title);
    EXPECT_EQ(comment.fieldListMap()["COMMENT"].toString().to8Bit(true), full_metadata().comment);
    EXPECT_EQ(comment.track(), 3u);
    EXPECT_EQ(comment.fieldCount(), vorbis_comments(full_tags()).size());
}

TEST(VorbisComments, ReadWhatOthersWrite) {
    const std::vector<std::string> comments{"title=x",
                                            "Artist=a",
                                            "ARTIST=b",
                                            "track=4/9",
                                            "DISCTOTAL=2",
                                            "DESCRIPTION=kept as comment",
                                            "noequals",
                                            "=novalue",
                                            "BPM=0",
                                            "KEY=8A",
                                            "YEAR=1999",
                                            "encoder=Lavf",
                                            "replaygain_track_gain=-5 dB",
                                            "CHAPTER001=00:00:01.000",
                                            "Mood=calm",
                                            "mood=late",
                                            "EMPTY="};
    std::vector<Loss> losses;
    const auto metadata = metadata_from_vorbis_comments(comments, losses);
    Metadata wanted;
    wanted.title = "x";
    wanted.artist = "a; b";
    wanted.track = {4, 9};
    wanted.disc = {0, 2};
    wanted.comment = "kept as comment";
    wanted.key = "Am";
    wanted.date = "1999";
    wanted.custom = {{"MOOD", "calm; late"}};
    EXPECT_EQ(metadata, wanted);
    EXPECT_THAT(losses, IsEmpty()) << test::join_losses(losses);
}

TEST(VorbisComments, TellWhatTheyDrop) {
    std::vector<std::string> comments{"BPM=fast", "ISRC=?", "na\xC3\xAFve=x", "TITLE=\xFF\xFF"};
    for (int i = 0; i < 600; ++i) comments.push_back("K" + std::to_string(i) + "=v");
    std::vector<Loss> losses;
    const auto metadata = metadata_from_vorbis_comments(comments, losses);
    EXPECT_EQ(metadata.custom.size(), 500u);
    EXPECT_EQ(test::join_losses(losses),
              "tag bpm: 'fast' is not a number\n"
              "tag 'NAïVE': 'NAïVE' is not a name for a tag\n"
              "custom tags: at most 500 are kept\n"
              "tag title: held bytes that are no text; they were replaced or removed\n"
              "tag isrc: '?' is no ISRC\n");
}

TEST(VorbisComments, StopWhereABlockOfFlacIsFull) {
    TagSet tags;
    for (int i = 0; i < 300; ++i)
        tags.metadata.custom["K" + std::to_string(1000 + i)] = std::string(65000, 'x');
    const auto comments = vorbis_comments(tags);
    EXPECT_LT(test::vorbis_block(comments).size(), std::size_t{1} << 24);
    const auto losses = tag_losses(tags, "flac");
    ASSERT_EQ(losses.size(), 1u);
    EXPECT_EQ(losses[0].what,
              std::to_string(301 - comments.size()) + " custom tags");  // one comment: the encoder
    EXPECT_THAT(tag_losses(tags, "mp3"), IsEmpty());
}

// ---- RIFF INFO ----

TEST(RiffInfo, RoundTripsTheFieldsThatItHas) {
    auto wanted = without_cover(full_metadata());
    wanted.album_artist.clear();
    wanted.bpm.reset();
    wanted.key.clear();
    wanted.disc = {};
    wanted.custom.clear();
    std::vector<Loss> losses;
    EXPECT_EQ(parse_riff_info(render_riff_info(full_tags()), losses), wanted);
    EXPECT_THAT(losses, IsEmpty());
}

TEST(RiffInfo, CountsTheZeroAndNotThePadding) {
    TagSet tags;
    tags.metadata.title = "ab";
    tags.metadata.artist = "abc";
    tags.encoder.clear();
    EXPECT_EQ(to_text(render_riff_info(tags)),
              std::string("INFOINAM\3\0\0\0ab\0\0IART\4\0\0\0abc\0", 4 + 12 + 12));
    tags.metadata = {};
    EXPECT_TRUE(render_riff_info(tags).empty());
}

TEST(RiffInfo, ReadsLatin1AndUnbelievableKeywordsAndSources) {
    const auto entry = [](std::string_view id, std::string_view value) {
        TagWriter out;
        out.text(id);
        out.le32(static_cast<std::uint32_t>(value.size()));
        out.text(value);
        out.zeros(value.size() % 2);
        return to_text(out.take());
    };
    std::vector<Loss> losses;
    const auto list = "INFO" + entry("INAM", "Zo\xEB") + entry("ITRK", "5") + entry("IKEY", "sunset, beach") +
                      entry("ISRC", "a friend") + entry("ISFT", "Somebody") + entry("IXYZ", "?") +
                      entry("ICRD", "1999");
    const auto metadata = parse_riff_info(to_bytes(list), losses);
    EXPECT_EQ(metadata.title, "Zoë");
    EXPECT_EQ(metadata.track.number, 5);
    EXPECT_EQ(metadata.key, "");
    EXPECT_EQ(metadata.isrc, "");
    EXPECT_EQ(metadata.date, "1999");
    EXPECT_THAT(losses, IsEmpty());
    EXPECT_EQ(parse_riff_info(to_bytes("INFO" + entry("IKEY", "F# minor")), losses).key, "F#m");
    EXPECT_TRUE(parse_riff_info(to_bytes("adtl"), losses).empty());
}

TEST(RiffInfo, SurvivesEveryCutAndManyDamages) {
    test::expect_survives(render_riff_info(full_tags()), [](const Bytes& list) {
        std::vector<Loss> losses;
        return parse_riff_info(list, losses);
    });
}

// ---- bext ----

TEST(Bext, HasTheLayoutOfTheStandard) {
    auto tags = full_tags();
    tags.metadata.artist = "Zoë";
    tags.metadata.title = "Night";
    const auto bext = to_text(render_bext(tags, "A=PCM,F=44100,W=24,M=stereo,T=Dubplate\r\n"));
    EXPECT_EQ(bext.size(), 602u + 40u);
    EXPECT_EQ(bext.substr(0, 12), std::string("Zoe - Night\0", 12));
    EXPECT_EQ(bext.substr(256, 9), std::string("Dubplate\0", 9));
    EXPECT_EQ(bext.substr(288, 13), std::string("USS1Z9900001\0", 13));
    EXPECT_EQ(bext.substr(320, 18), "2026-11-2110:20:30");
    EXPECT_EQ(bext.substr(338, 10), std::string("\0\0\0\0\0\0\0\0\2\0", 10));
    const auto bytes = to_bytes(bext);
    const auto value = [&](std::size_t at) { return static_cast<std::int16_t>(le16(bytes, at)); };
    EXPECT_EQ(value(412), -1150);
    EXPECT_EQ(value(414), 625);
    EXPECT_EQ(value(416), -98);
    EXPECT_EQ(value(418), -801);
    EXPECT_EQ(value(420), -950);
    EXPECT_EQ(bext.substr(602, 5), "A=PCM");
}

TEST(Bext, SaysUnknownWhereNothingWasMeasured) {
    TagSet tags;
    const auto bytes = render_bext(tags, "");
    ASSERT_EQ(bytes.size(), 602u);
    for (std::size_t at = 412; at < 422; at += 2) EXPECT_EQ(le16(bytes, at), 0x7FFFu);
    tags.loudness = LoudnessFacts{-1e6, 1e6, -3, -20, -20};
    EXPECT_EQ(bext_facts(tags).loudness[0], bext_unknown);
    EXPECT_EQ(bext_facts(tags).loudness[1], bext_unknown);
    EXPECT_EQ(bext_facts(tags).loudness[2], -300);
}

TEST(Bext, NamesTheSameRecordingTheSameWayAndAnotherOtherwise) {
    TagSet one;
    one.metadata.title = "one";
    TagSet two;
    two.metadata.title = "two";
    EXPECT_EQ(bext_facts(one).originator_reference, bext_facts(one).originator_reference);
    EXPECT_NE(bext_facts(one).originator_reference, bext_facts(two).originator_reference);
    EXPECT_LE(bext_facts(one).originator_reference.size(), 32u);
}

TEST(Bext, GivesBackItsOwnTitleAndArtistAndTheCommentOfOthers) {
    TagSet tags;
    tags.metadata.title = "Night - Drive";
    tags.metadata.artist = "Zoe";
    tags.origination = "2026-11-21T10:20:30Z";
    std::vector<Loss> losses;
    EXPECT_EQ(parse_bext(render_bext(tags, ""), losses), tags.metadata);

    TagWriter other;
    other.fixed("scene 4 take 2", 256);
    other.fixed("Recorder", 64);
    other.fixed("2020:03:04", 10);
    other.zeros(602 - 330);
    const auto metadata = parse_bext(other.take(), losses);
    EXPECT_EQ(metadata.comment, "scene 4 take 2");
    EXPECT_EQ(metadata.date, "2020-03-04");
    EXPECT_EQ(metadata.title, "");
    EXPECT_THAT(losses, IsEmpty());
}

TEST(Bext, TellsWhenItWasRecorded) {
    TagSet tags;
    EXPECT_EQ(bext_origination(render_bext(tags, "")), "");
    tags.origination = "2020-03-04";
    EXPECT_EQ(bext_origination(render_bext(tags, "")), "2020-03-04");
    tags.origination = "2020-03-04T05:06:07Z";
    EXPECT_EQ(bext_origination(render_bext(tags, "")), "2020-03-04T05:06:07");
    tags.origination = "2020-03-04T45:06:07Z";
    EXPECT_EQ(bext_origination(render_bext(tags, "")), "2020-03-04");
    EXPECT_EQ(bext_origination({}), "");
}

TEST(Bext, SurvivesEveryCutAndManyDamages) {
    test::expect_survives(render_bext(full_tags(), "history"), [](const Bytes& chunk) {
        std::vector<Loss> losses;
        return parse_bext(chunk, losses);
    });
}

// ---- iXML ----

TEST(Ixml, IsWellFormedXmlThatHoldsTheValues) {
    if (!test::has_program("xmllint")) GTEST_SKIP() << "xmllint is not installed: nothing was judged";
    const TempFolder folder;
    const auto file = folder.write("tags.xml", to_text(render_ixml(full_tags())));
    const auto ask = [&](const std::string& path) {
        auto answer =
            test::run_shell("xmllint --nonet --xpath 'string(/BWFXML/" + path + ")' " + file.string());
        EXPECT_EQ(answer.status, 0);
        answer.output.pop_back();  // the line end that xmllint adds
        return answer.output;
    };
    EXPECT_EQ(ask("IXML_VERSION"), "2.0");
    EXPECT_EQ(ask("PROJECT"), full_metadata().album);
    EXPECT_EQ(ask("NOTE"), full_metadata().comment);
    EXPECT_EQ(ask("BWF/BWF_DESCRIPTION"), "AEroskobing & Co <live> - Night \"Drive\" ?");
    EXPECT_EQ(ask("BWF/BWF_LOUDNESS_VALUE"), "-1150");
    EXPECT_EQ(ask("USER/ISRC"), "USS1Z9900001");
    EXPECT_EQ(ask("USER/BPM"), "93.5");
    EXPECT_EQ(ask("USER/KEY"), "F#m");
}

// ---- losses ----

TEST(TagLosses, AreNoneWhereEverythingFits) {
    auto tags = full_tags();
    EXPECT_THAT(tag_losses(tags, "wav"), IsEmpty());
    tags.markers.clear();
    EXPECT_THAT(tag_losses(tags, "aiff"), IsEmpty());
    EXPECT_THAT(tag_losses(tags, "mp3"), IsEmpty());
    EXPECT_THAT(tag_losses(tags, "flac"), IsEmpty());
}

TEST(TagLosses, NameWhatMarkersAndLoopsLose) {
    auto tags = full_tags();
    tags.loop = SampleLoop{0, 100, 60};
    tags.markers.assign(300, Marker{1, 0, "x"});
    EXPECT_EQ(test::join_losses(tag_losses(tags, "mp3")),
              "45 markers: MP3 holds 255 chapters\n"
              "places of markers: MP3 chapters are rounded to milliseconds\n"
              "loop: MP3 has no place for it\n");
    tags.markers = {{1, 5, "region"}};
    EXPECT_EQ(test::join_losses(tag_losses(tags, "flac")),
              "lengths of markers: FLAC chapters have a beginning alone\n"
              "places of markers: FLAC chapters are rounded to milliseconds\n"
              "loop: FLAC has no place for it\n");
}

TEST(TagLosses, NameWhatMarkersOfAiffAndOfUnknownRatesLose) {
    auto tags = full_tags();
    tags.markers[0].label = std::string(256, 'x');
    EXPECT_EQ(test::join_losses(tag_losses(tags, "aiff")),
              "lengths of markers: AIFF markers are points\n"
              "labels of markers: AIFF cuts them at 255 bytes\n");
    tags.sample_rate_hz = 0;
    EXPECT_EQ(test::join_losses(tag_losses(tags, "mp3")),
              "markers: MP3 chapters are times, and the sample rate is not known\n");
}

TEST(TagLosses, NameACoverThatABlockOfFlacDoesNotHold) {
    TagSet tags;
    tags.metadata.cover = Picture{"image/png", Bytes(16 * 1024 * 1024)};
    const auto losses = tag_losses(tags, "flac");
    ASSERT_EQ(losses.size(), 1u);
    EXPECT_THAT(losses[0].why, HasSubstr("16 MiB"));
    EXPECT_THAT(tag_losses(tags, "mp3"), IsEmpty());
}

}  // namespace
}  // namespace dubplate
