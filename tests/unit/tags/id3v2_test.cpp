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

// ---- tags that others wrote ----

Bytes written_by_taglib(int version) {
    TagLib::ByteVectorStream stream((TagLib::ByteVector()));
    TagLib::MPEG::File file(&stream, TagLib::ID3v2::FrameFactory::instance(), false);
    TagLib::PropertyMap properties;
    const auto set = [&](const char* name, const char* value) {
        properties.insert(name, TagLib::StringList(TagLib::String(value, TagLib::String::UTF8)));
    };
    set("TITLE", "Ночь 🌙");
    set("ARTIST", "Zoë");
    set("DATE", "2026-11-21");
    set("TRACKNUMBER", "7/9");
    set("INITIALKEY", "Bbm");
    set("BPM", "174");
    set("GENRE", "Jungle");
    set("MOOD NOTE", "calm");
    set("REPLAYGAIN_TRACK_GAIN", "+9.99 dB");
    file.ID3v2Tag(true)->setProperties(properties);
    const auto data = file.ID3v2Tag()->render(version == 3 ? TagLib::ID3v2::v3 : TagLib::ID3v2::v4);
    return to_bytes(std::string_view(data.data(), data.size()));
}

TEST(Id3v2, ReadsVersions23And24OfTagLib) {
    for (const int version : {3, 4}) {
        const Bytes tag = written_by_taglib(version);
        ASSERT_EQ(std::to_integer<int>(tag[3]), version);
        std::vector<Loss> losses;
        const auto metadata = parsed(tag, losses);
        EXPECT_EQ(metadata.title, "Ночь 🌙");
        EXPECT_EQ(metadata.artist, "Zoë");
        EXPECT_EQ(metadata.date, "2026-11-21");
        EXPECT_EQ(metadata.track, (NumberOf{7, 9}));
        EXPECT_EQ(metadata.key, "Bbm");
        EXPECT_EQ(metadata.bpm, 174.0);
        EXPECT_EQ(metadata.genre, "Jungle");
        EXPECT_EQ(metadata.custom, (std::map<std::string, std::string>{{"MOOD NOTE", "calm"}}));
        EXPECT_THAT(losses, IsEmpty()) << test::join_losses(losses);
    }
}

struct Frame {
    std::string id;
    std::string body;
    std::uint32_t flags = 0;
};

Bytes tag_of(int version, const std::vector<Frame>& frames, std::uint32_t flags = 0,
             bool plain_sizes = false) {
    TagWriter body;
    const auto synchsafe = [](TagWriter& out, std::size_t size) {
        for (int shift = 21; shift >= 0; shift -= 7) out.u8((size >> shift) & 0x7F);
    };
    for (const auto& frame : frames) {
        body.text(frame.id);
        const auto size = static_cast<std::uint32_t>(frame.body.size());
        if (version == 2) {
            body.u8(size >> 16);
            body.u8(size >> 8);
            body.u8(size);
        } else {
            if (version == 4 && !plain_sizes) {
                synchsafe(body, size);
            } else {
                body.be32(size);
            }
            body.u8(frame.flags >> 8);
            body.u8(frame.flags);
        }
        body.text(frame.body);
    }
    TagWriter out;
    out.text("ID3");
    out.u8(static_cast<std::uint32_t>(version));
    out.u8(0);
    out.u8(flags);
    synchsafe(out, body.size());
    out.bytes(body.take());
    return out.take();
}

std::string latin1(std::string_view text) {
    return std::string(1, '\0') + std::string(text);
}

TEST(Id3v2, ReadsVersion22) {
    const auto cover = to_text(test::png(8, 8));
    std::vector<Loss> losses;
    const auto metadata = parsed(tag_of(2, {{"TT2", latin1("Title")},
                                            {"TP1", latin1("Zo\xEB")},
                                            {"TYE", latin1("1999")},
                                            {"TRK", latin1("4/5")},
                                            {"TCO", latin1("(17)")},
                                            {"TCM", latin1("Composer")},
                                            {"COM", std::string("\0eng\0hello", 10)},
                                            {"PIC", std::string("\0PNG\3\0", 6) + cover}}),
                                 losses);
    EXPECT_EQ(metadata.title, "Title");
    EXPECT_EQ(metadata.artist, "Zoë");
    EXPECT_EQ(metadata.date, "1999");
    EXPECT_EQ(metadata.track, (NumberOf{4, 5}));
    EXPECT_EQ(metadata.genre, "Rock");
    EXPECT_EQ(metadata.comment, "hello");
    EXPECT_EQ(metadata.custom.at("COMPOSER"), "Composer");
    ASSERT_TRUE(metadata.cover.has_value());
    EXPECT_EQ(metadata.cover->mime, "image/png");
}

TEST(Id3v2, ReadsAllFourEncodings) {
    const auto title = [](const std::string& body) {
        std::vector<Loss> losses;
        return parsed(tag_of(3, {{"TIT2", body}}), losses).title;
    };
    EXPECT_EQ(title(std::string("\0\xE9t\xE9", 4)), "été");
    EXPECT_EQ(title(std::string("\1\xFF\xFE\xE9\0t\0\x3C\xD8\x19\xDF", 11)), "ét🌙");
    EXPECT_EQ(title(std::string("\1\xFE\xFF\0\xE9\0t\0\0", 9)), "ét");
    EXPECT_EQ(title(std::string("\2\0\xE9\0t", 5)), "ét");
    EXPECT_EQ(title("\3ét\0"), "ét");
    EXPECT_EQ(title(std::string("\1\xFF\xFE\x3C\xD8", 5)), "\xEF\xBF\xBD");  // half a character
}

TEST(Id3v2, ReadsGenresInAllTheirSpellings) {
    const auto genre = [](std::string_view text) {
        std::vector<Loss> losses;
        return parsed(tag_of(4, {{"TCON", latin1(text)}}), losses).genre;
    };
    EXPECT_EQ(genre("17"), "Rock");
    EXPECT_EQ(genre("(17)"), "Rock");
    EXPECT_EQ(genre("(17)Hard Rock"), "Hard Rock");
    EXPECT_EQ(genre("(4)(17)"), "Disco; Rock");
    EXPECT_EQ(genre(std::string("17\0RX\0Own", 9)), "Rock; Remix; Own");
    EXPECT_EQ(genre("((odd) name"), "(odd) name");
    EXPECT_EQ(genre("(unknown)"), "(unknown)");
    EXPECT_EQ(genre("255"), "255");
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

TEST(Id3v2, UndoesUnsynchronization) {
    std::vector<Loss> losses;
    // Version 2.4 does it frame by frame, and the sizes count the bytes as they stand in the file.
    const std::string body("\1\xFF\0\xFE\xE9\0t\0", 8);
    EXPECT_EQ(parsed(tag_of(4, {{"TIT2", body, 0x02}}), losses).title, "ét");
    EXPECT_EQ(parsed(tag_of(4, {{"TIT2", body}}, 0x80), losses).title, "ét");
    // Version 2.3 does it to the whole tag, and the frame's size counts the bytes without the added zero.
    std::string tag =
        to_text(tag_of(3, {{"TIT2", std::string("\1\xFF\xFE\xE9\0t\0", 7)}, {"TPE1", latin1("a")}}, 0x80));
    tag.insert(tag.find('\xFF') + 1, 1, '\0');
    ++tag[9];
    const auto metadata = parsed(to_bytes(tag), losses);
    EXPECT_EQ(metadata.title, "ét");
    EXPECT_EQ(metadata.artist, "a");
    EXPECT_THAT(losses, IsEmpty());
}

TEST(Id3v2, ReadsPlainSizesThatOldProgramsWroteIntoVersion24) {
    std::vector<Loss> losses;
    const std::string text(200, 'x');  // 200 differs in the two codings
    const auto metadata =
        parsed(tag_of(4, {{"TIT2", latin1(text)}, {"TPE1", latin1("artist")}}, 0, true), losses);
    EXPECT_EQ(metadata.title, text);
    EXPECT_EQ(metadata.artist, "artist");
}

TEST(Id3v2, SkipsTheExtendedHeader) {
    auto frames = to_text(tag_of(4, {{"TIT2", latin1("x")}})).substr(10);
    const std::string tag = std::string("ID3\4\0\x40\0\0\0", 9) + static_cast<char>(6 + frames.size()) +
                            std::string("\0\0\0\6\1\0", 6) + frames;
    std::vector<Loss> losses;
    EXPECT_EQ(parsed(to_bytes(tag), losses).title, "x");
}

TEST(Id3v2, TheExactTempoWinsAndWhatDescribesOtherAudioIsDropped) {
    std::vector<Loss> losses;
    const auto metadata = parsed(tag_of(4, {{"TBPM", latin1("94")},
                                            {"TXXX", std::string("\0BPM\0"
                                                                 "93.5",
                                                                 9)},
                                            {"TXXX", std::string("\0replaygain_track_gain\0-1 dB", 28)},
                                            {"TXXX", std::string("\0TITLE\0other", 12)},
                                            {"TIT2", latin1("real")},
                                            {"TSSE", latin1("LAME")},
                                            {"TLEN", latin1("1000")},
                                            {"COMM", std::string("\0engiTunNORM\0 0000", 18)},
                                            {"CHAP", std::string("a\0", 2) + std::string(16, '\0')}}),
                                 losses);
    EXPECT_EQ(metadata.bpm, 93.5);
    EXPECT_EQ(metadata.title, "real");
    EXPECT_EQ(metadata.comment, "");
    EXPECT_THAT(metadata.custom, IsEmpty());
    EXPECT_THAT(losses, IsEmpty()) << test::join_losses(losses);
}

TEST(Id3v2, TellsWhatItDoesNotTakeOver) {
    std::vector<Loss> losses;
    const auto metadata = parsed(tag_of(4, {{"TIT2", latin1("x")},
                                            {"PRIV", "binary"},
                                            {"PRIV", "more"},
                                            {"TKEY", latin1("o")},
                                            {"TPE1", latin1("secret"), 0x08},
                                            {"APIC", std::string("\0image/gif\0\3\0GIF89a", 19)}}),
                                 losses);
    EXPECT_EQ(metadata.title, "x");
    EXPECT_EQ(metadata.artist, "");
    EXPECT_EQ(test::join_losses(losses),
              "frame TPE1: is compressed or encrypted\n"
              "frame PRIV: is meant for the program that wrote it\n"
              "cover: is a GIF; a cover must be JPEG or PNG\n"
              "tag key: 'o' is not a key\n");
}

TEST(Id3v2, RefusesWhatIsNoTagOrTooLong) {
    std::vector<Loss> losses;
    EXPECT_EQ(parse_id3v2(to_bytes("RIFF"), losses).error().code, ErrorCode::corrupt);
    EXPECT_EQ(parse_id3v2({}, losses).error().code, ErrorCode::corrupt);
    const auto long_one = to_bytes(std::string_view("ID3\4\0\0\x7F\x7F\x7F\x7F", 10));
    EXPECT_EQ(parse_id3v2(long_one, losses).error().code, ErrorCode::limit_exceeded);
}

TEST(Id3v2, SurvivesFramesNestedWithoutEnd) {
    std::string nest;
    for (int i = 0; i < 60000; ++i)
        nest += std::string("CHAP\0\0\x7F\x7F\0\0a\0", 12) + std::string(16, '\0');
    std::vector<Loss> losses;
    EXPECT_TRUE(parsed(tag_of(4, {{"CHAP", nest}, {"TIT2", latin1("x")}}), losses).empty() == false);
}

TEST(Id3v2, SurvivesEveryCutAndManyDamages) {
    test::expect_survives(*render_id3v2(full_tags(), 0), [](const Bytes& tag) {
        std::vector<Loss> losses;
        return parse_id3v2(tag, losses).value_or(Metadata{});
    });
    test::expect_survives(written_by_taglib(3), [](const Bytes& tag) {
        std::vector<Loss> losses;
        return parse_id3v2(tag, losses).value_or(Metadata{});
    });
}

}  // namespace
}  // namespace dubplate
