#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <taglib/attachedpictureframe.h>
#include <taglib/chapterframe.h>
#include <taglib/id3v2tag.h>
#include <taglib/mpegfile.h>
#include <taglib/tbytevectorstream.h>
#include <taglib/tpropertymap.h>

#include "tags/render.h"
#include "tags/text.h"
#include "unit/tags/samples.h"

namespace dubplate {
namespace {

using test::full_metadata;
using test::full_tags;
using testing::IsEmpty;

Metadata parsed(const Bytes& tag, std::vector<Loss>& losses) {
    const auto metadata = parse_id3v2(tag, losses);
    EXPECT_TRUE(metadata.has_value()) << (metadata ? "" : metadata.error().to_string());
    return metadata.value_or(Metadata{});
}

// The tag as another library sees it.
class TagLibView {
  public:
    explicit TagLibView(const Bytes& tag)
        : data_(to_text(tag).data(), static_cast<unsigned int>(tag.size())),
          stream_(data_),
          file_(&stream_, TagLib::ID3v2::FrameFactory::instance(), false) {}

    TagLib::ID3v2::Tag& tag() { return *file_.ID3v2Tag(); }
    std::string property(const char* name) {
        const auto properties = tag().properties();
        return properties.contains(name) ? properties[name].toString().to8Bit(true) : "not there";
    }

  private:
    TagLib::ByteVector data_;
    TagLib::ByteVectorStream stream_;
    TagLib::MPEG::File file_;
};

TEST(Id3v2, RoundTripsEveryField) {
    std::vector<Loss> losses;
    EXPECT_EQ(parsed(*render_id3v2(full_tags()), losses), full_metadata());
    EXPECT_THAT(losses, IsEmpty()) << test::join_losses(losses);
}

TEST(Id3v2, RoundTripsLongValuesAndManyTags) {
    TagSet tags;
    std::string longest;
    while (longest.size() + 4 <= max_tag_value_bytes) longest += "🌙";
    tags.metadata.title = longest;
    tags.metadata.comment = std::string(max_tag_value_bytes, 'c');
    for (int i = 0; i < 500; ++i)
        tags.metadata.custom["KEY " + std::to_string(i)] = "value " + std::to_string(i);
    std::vector<Loss> losses;
    EXPECT_EQ(parsed(*render_id3v2(tags), losses), tags.metadata);
    EXPECT_THAT(losses, IsEmpty());
}

TEST(Id3v2, IsExactlyAsLongAsAskedAndFailsWhereThatIsTooShort) {
    const auto natural = render_id3v2(full_tags());
    ASSERT_TRUE(natural.has_value());
    const std::size_t needed = natural->size() - 1024;
    for (const std::size_t size : {needed, needed + 1, needed + 4096}) {
        const auto tag = render_id3v2(full_tags(), size);
        ASSERT_TRUE(tag.has_value());
        EXPECT_EQ(tag->size(), size);
        std::vector<Loss> losses;
        EXPECT_EQ(parsed(*tag, losses), full_metadata());
    }
    const auto short_one = render_id3v2(full_tags(), needed - 1);
    ASSERT_FALSE(short_one.has_value());
    EXPECT_EQ(short_one.error().code, ErrorCode::internal);
}

TEST(Id3v2, TagLibReadsWhatWeWrite) {
    TagLibView view(*render_id3v2(full_tags()));
    const auto metadata = full_metadata();
    EXPECT_EQ(view.tag().header()->majorVersion(), 4u);
    EXPECT_EQ(view.property("TITLE"), metadata.title);
    EXPECT_EQ(view.property("ARTIST"), metadata.artist);
    EXPECT_EQ(view.property("ALBUM"), metadata.album);
    EXPECT_EQ(view.property("ALBUMARTIST"), metadata.album_artist);
    EXPECT_EQ(view.property("DATE"), metadata.date);
    EXPECT_EQ(view.property("GENRE"), metadata.genre);
    EXPECT_EQ(view.property("COMMENT"), metadata.comment);
    EXPECT_EQ(view.property("INITIALKEY"), metadata.key);
    EXPECT_EQ(view.property("ISRC"), metadata.isrc);
    EXPECT_EQ(view.property("TRACKNUMBER"), "3/12");
    EXPECT_EQ(view.property("DISCNUMBER"), "1/2");
    EXPECT_EQ(view.property("COPYRIGHT"), metadata.copyright);
    EXPECT_EQ(view.property("COMPOSER"), "A. N. Other");
    EXPECT_EQ(view.property("CATALOG NUMBER"), "DUB 001");
    EXPECT_EQ(view.property("REPLAYGAIN_TRACK_GAIN"), "-6.50 dB");
    EXPECT_EQ(view.property("REPLAYGAIN_TRACK_PEAK"), "0.893305");
    EXPECT_EQ(view.property("REPLAYGAIN_REFERENCE_LOUDNESS"), "-18.00 LUFS");
    const auto pictures = view.tag().frameList("APIC");
    ASSERT_EQ(pictures.size(), 1u);
    const auto* picture = dynamic_cast<TagLib::ID3v2::AttachedPictureFrame*>(pictures.front());
    ASSERT_NE(picture, nullptr);
    EXPECT_EQ(picture->type(), TagLib::ID3v2::AttachedPictureFrame::FrontCover);
    EXPECT_EQ(picture->picture().size(), metadata.cover->data.size());
}

TEST(Id3v2, MutagenReadsWhatWeWrite) {
    DUBPLATE_SKIP_WITHOUT_MUTAGEN();
    const auto seen = test::judge(R"(
import json, sys, mutagen.id3
tag = mutagen.id3.ID3(sys.argv[1])
seen = {"version": list(tag.version)}
for key, frame in tag.items():
    if key.startswith("CHAP"):
        seen[key] = [frame.start_time, frame.end_time] + [str(f) for f in frame.sub_frames.values()]
    elif key.startswith("CTOC"):
        seen[key] = frame.child_element_ids
    elif key.startswith("APIC"):
        seen[key] = [int(frame.type), frame.mime, len(frame.data)]
    else:
        seen[key] = str(frame)
print(json.dumps(seen))
)",
                                  *render_id3v2(full_tags()));
    const auto metadata = full_metadata();
    const nlohmann::json wanted = {{"version", {2, 4, 0}},
                                   {"TIT2", metadata.title},
                                   {"TPE1", metadata.artist},
                                   {"TALB", metadata.album},
                                   {"TPE2", metadata.album_artist},
                                   {"TDRC", metadata.date},
                                   {"TCON", metadata.genre},
                                   {"COMM::eng", metadata.comment},
                                   {"TBPM", "94"},
                                   {"TXXX:BPM", "93.5"},
                                   {"TKEY", metadata.key},
                                   {"TSRC", metadata.isrc},
                                   {"TRCK", "3/12"},
                                   {"TPOS", "1/2"},
                                   {"TCOP", metadata.copyright},
                                   {"TSSE", "Dubplate"},
                                   {"TCOM", "A. N. Other"},
                                   {"TMOO", metadata.custom.at("MOOD")},
                                   {"TXXX:CATALOG NUMBER", "DUB 001"},
                                   {"TXXX:REPLAYGAIN_TRACK_GAIN", "-6.50 dB"},
                                   {"TXXX:REPLAYGAIN_TRACK_PEAK", "0.893305"},
                                   {"TXXX:REPLAYGAIN_REFERENCE_LOUDNESS", "-18.00 LUFS"},
                                   {"CTOC:toc", {"ch000", "ch001"}},
                                   {"CHAP:ch000", {0, 1000, "Intro"}},
                                   {"CHAP:ch001", {1000, 1500, "Drop ❗"}},
                                   {"APIC:", {3, "image/jpeg", metadata.cover->data.size()}}};
    EXPECT_EQ(seen, wanted) << nlohmann::json::diff(wanted, seen).dump(2);
}

TEST(Id3v2, WritesAWholeTempoOnceAndNoFrameForWhatIsNotSet) {
    TagSet tags;
    tags.metadata.bpm = 128;
    tags.encoder.clear();
    const auto tag = to_text(*render_id3v2(tags, 32));
    EXPECT_EQ(tag, std::string("ID3\4\0\0\0\0\0\x16TBPM\0\0\0\4\0\0\3"
                               "128\0\0\0\0\0\0\0\0",
                               32));
}

TEST(Id3v2, LeavesChaptersOutWhereTheRateIsUnknown) {
    auto tags = full_tags();
    tags.sample_rate_hz = 0;
    EXPECT_EQ(to_text(*render_id3v2(tags)).find("CHAP"), std::string::npos);
}

TEST(Id3v2, RoundTripsGenresThatLookLikeReferencesOrTellsTheLoss) {
    for (const auto* genre : {"(live)", "(17) Rock", "((x)", "Rock", "(", "4x4", "1", "RX"}) {
        TagSet tags;
        tags.metadata.genre = genre;
        std::vector<Loss> losses;
        const auto read = parsed(*render_id3v2(tags), losses).genre;
        EXPECT_EQ(read == genre, tag_losses(tags, "mp3").empty()) << genre << " became " << read;
        EXPECT_EQ(read == genre, std::string_view(genre) != "1" && std::string_view(genre) != "RX") << genre;
    }
}

TEST(Id3v2, SurvivesEveryCutAndManyDamages) {
    test::expect_survives(*render_id3v2(full_tags(), 0), [](const Bytes& tag) {
        std::vector<Loss> losses;
        return parse_id3v2(tag, losses).value_or(Metadata{});
    });
}

}  // namespace
}  // namespace dubplate
