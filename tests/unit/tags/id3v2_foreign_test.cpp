// ID3v2 tags that others wrote: old versions, other encodings, hostile ones.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <taglib/id3v2framefactory.h>
#include <taglib/id3v2tag.h>
#include <taglib/mpegfile.h>
#include <taglib/tbytevectorstream.h>
#include <taglib/tpropertymap.h>

#include "tags/render.h"
#include "unit/tags/samples.h"

namespace dubplate {
namespace {

using testing::IsEmpty;

Metadata parsed(const Bytes& tag, std::vector<Loss>& losses) {
    const auto metadata = parse_id3v2(tag, losses);
    EXPECT_TRUE(metadata.has_value()) << (metadata ? "" : metadata.error().to_string());
    return metadata.value_or(Metadata{});
}

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

TEST(ForeignId3v2, ReadsVersions23And24OfTagLib) {
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

TEST(ForeignId3v2, ReadsVersion22) {
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

TEST(ForeignId3v2, ReadsAllFourEncodings) {
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

TEST(ForeignId3v2, ReadsGenresInAllTheirSpellings) {
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

TEST(ForeignId3v2, UndoesUnsynchronization) {
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

TEST(ForeignId3v2, ReadsPlainSizesThatOldProgramsWroteIntoVersion24) {
    std::vector<Loss> losses;
    const std::string text(200, 'x');  // 200 differs in the two codings
    const auto metadata =
        parsed(tag_of(4, {{"TIT2", latin1(text)}, {"TPE1", latin1("artist")}}, 0, true), losses);
    EXPECT_EQ(metadata.title, text);
    EXPECT_EQ(metadata.artist, "artist");
}

TEST(ForeignId3v2, SkipsTheExtendedHeader) {
    auto frames = to_text(tag_of(4, {{"TIT2", latin1("x")}})).substr(10);
    const std::string tag = std::string("ID3\4\0\x40\0\0\0", 9) + static_cast<char>(6 + frames.size()) +
                            std::string("\0\0\0\6\1\0", 6) + frames;
    std::vector<Loss> losses;
    EXPECT_EQ(parsed(to_bytes(tag), losses).title, "x");
}

TEST(ForeignId3v2, TheExactTempoWinsAndWhatDescribesOtherAudioIsDropped) {
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

TEST(ForeignId3v2, TellsWhatItDoesNotTakeOver) {
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

TEST(ForeignId3v2, RefusesWhatIsNoTagOrTooLong) {
    std::vector<Loss> losses;
    EXPECT_EQ(parse_id3v2(to_bytes("RIFF"), losses).error().code, ErrorCode::corrupt);
    EXPECT_EQ(parse_id3v2({}, losses).error().code, ErrorCode::corrupt);
    const auto long_one = to_bytes(std::string_view("ID3\4\0\0\x7F\x7F\x7F\x7F", 10));
    EXPECT_EQ(parse_id3v2(long_one, losses).error().code, ErrorCode::limit_exceeded);
}

TEST(ForeignId3v2, SurvivesFramesNestedWithoutEnd) {
    std::string nest;
    for (int i = 0; i < 60000; ++i)
        nest += std::string("CHAP\0\0\x7F\x7F\0\0a\0", 12) + std::string(16, '\0');
    std::vector<Loss> losses;
    EXPECT_TRUE(parsed(tag_of(4, {{"CHAP", nest}, {"TIT2", latin1("x")}}), losses).empty() == false);
}

TEST(ForeignId3v2, SurvivesEveryCutAndManyDamages) {
    test::expect_survives(written_by_taglib(3), [](const Bytes& tag) {
        std::vector<Loss> losses;
        return parse_id3v2(tag, losses).value_or(Metadata{});
    });
}

}  // namespace
}  // namespace dubplate
