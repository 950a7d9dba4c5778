// The tags of whole files, made here, by TagLib, and by the programs that people use.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <taglib/apetag.h>
#include <taglib/id3v1tag.h>
#include <taglib/id3v2framefactory.h>
#include <taglib/mp4file.h>
#include <taglib/mpegfile.h>
#include <taglib/tbytevectorstream.h>
#include <taglib/tpropertymap.h>

#include "support/failing_source.h"
#include "tags/render.h"
#include "unit/tags/samples.h"

namespace dubplate {
namespace {

using test::full_metadata;
using test::full_tags;
using test::source_of;
using testing::IsEmpty;

Metadata tags_of(Bytes bytes, std::string_view format, std::vector<Loss>& losses) {
    const auto metadata = read_tags(*source_of(std::move(bytes)), format, losses);
    EXPECT_TRUE(metadata.has_value());
    return metadata.value_or(Metadata{});
}

Metadata tags_of(Bytes bytes, std::string_view format) {
    std::vector<Loss> losses;
    auto metadata = tags_of(std::move(bytes), format, losses);
    EXPECT_THAT(losses, IsEmpty()) << test::join_losses(losses);
    return metadata;
}

std::string base64(const Bytes& bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k)
            bits = (bits << 8) | (i + k < bytes.size() ? u8(bytes, i + k) : 0);
        for (std::size_t k = 0; k < 4; ++k)
            text += i + k <= bytes.size() ? digits[(bits >> (18 - 6 * k)) & 63] : '=';
    }
    return text;
}

Bytes full_flac() {
    return test::flac_file(test::vorbis_block(vorbis_comments(full_tags())),
                           test::picture_block(full_metadata().cover->data));
}

Bytes full_ogg(std::string_view first, std::string_view magic, std::size_t skipped = 0) {
    auto comments = vorbis_comments(full_tags());
    comments.push_back("METADATA_BLOCK_PICTURE=" + base64(test::picture_block(full_metadata().cover->data)));
    comments.push_back("ZZZ=" + std::string(65535, 'z'));  // several pages long
    TagWriter second;
    second.text(magic);
    second.zeros(skipped);
    second.bytes(test::vorbis_block(comments));
    return test::ogg_file({to_bytes(first), second.take(), to_bytes("audio")});
}

Bytes data_of(TagLib::ByteVectorStream& stream) {
    return to_bytes(std::string_view(stream.data()->data(), stream.data()->size()));
}

// An MP4 file with tags by TagLib.
Bytes full_mp4() {
    const auto metadata = full_metadata();
    Bytes empty = test::mp4_atom("ftyp", to_bytes(std::string_view("M4A \0\0\0\0", 8)));
    const Bytes moov = test::mp4_atom("moov", test::mp4_atom("udta", {}));
    empty.insert(empty.end(), moov.begin(), moov.end());
    const auto text = to_text(empty);
    TagLib::ByteVectorStream stream(TagLib::ByteVector(text.data(), static_cast<unsigned int>(text.size())));
    TagLib::MP4::File file(&stream, false);
    EXPECT_NE(file.tag(), nullptr);
    TagLib::PropertyMap properties;
    const auto set = [&](const char* name, const std::string& value) {
        properties.insert(name, TagLib::StringList(TagLib::String(value, TagLib::String::UTF8)));
    };
    set("TITLE", metadata.title);
    set("ARTIST", metadata.artist);
    set("ALBUM", metadata.album);
    set("ALBUMARTIST", metadata.album_artist);
    set("DATE", metadata.date);
    set("GENRE", metadata.genre);
    set("COMMENT", metadata.comment);
    set("BPM", "94");
    set("ISRC", metadata.isrc);
    set("TRACKNUMBER", "3/12");
    set("DISCNUMBER", "1/2");
    set("COPYRIGHT", metadata.copyright);
    set("COMPOSER", metadata.custom.at("COMPOSER"));
    file.setProperties(properties);
    const auto freeform = [&](const char* name, const std::string& value) {
        file.tag()->setItem(TagLib::String("----:com.apple.iTunes:") + name,
                            TagLib::StringList(TagLib::String(value, TagLib::String::UTF8)));
    };
    freeform("BPM", "93.5");
    freeform("initialkey", "F# minor");
    freeform("CATALOG NUMBER", metadata.custom.at("CATALOG NUMBER"));
    freeform("MOOD", metadata.custom.at("MOOD"));
    freeform("iTunNORM", " 00000000 00000000");
    freeform("TITLE", "another");
    TagLib::MP4::CoverArtList covers;
    const auto cover = to_text(metadata.cover->data);
    covers.append(
        TagLib::MP4::CoverArt(TagLib::MP4::CoverArt::JPEG,
                              TagLib::ByteVector(cover.data(), static_cast<unsigned int>(cover.size()))));
    file.tag()->setItem("covr", covers);
    EXPECT_TRUE(file.save());
    return data_of(stream);
}

TEST(ReadTags, ReadsFlac) {
    EXPECT_EQ(tags_of(full_flac(), "flac"), full_metadata());
    Bytes tagged = *render_id3v2(TagSet{});  // in front, where some programs put one
    const Bytes flac = full_flac();
    tagged.insert(tagged.end(), flac.begin(), flac.end());
    EXPECT_EQ(tags_of(tagged, "flac"), full_metadata());
}

TEST(ReadTags, ReadsVorbisOpusSpeexAndFlacInOgg) {
    auto wanted = full_metadata();
    wanted.custom["ZZZ"] = std::string(65535, 'z');
    EXPECT_EQ(tags_of(full_ogg("\x01vorbis...", "\x03vorbis"), "ogg"), wanted);
    EXPECT_EQ(tags_of(full_ogg("OpusHead...", "OpusTags"), "ogg"), wanted);
    EXPECT_EQ(tags_of(full_ogg("Speex   1.2", ""), "ogg"), wanted);
    EXPECT_EQ(tags_of(full_ogg("\x7F"
                               "FLAC..",
                               "", 4),
                      "ogg"),
              wanted);
}

TEST(ReadTags, ReadsMp4ThatTagLibWrote) {
    EXPECT_EQ(tags_of(full_mp4(), "m4a"), full_metadata());
}

TEST(ReadTags, ReadsMp4GenresByNumberAndLargeSizes) {
    TagWriter data;
    data.zeros(8);
    data.u8(0);
    data.u8(18);
    const Bytes ilst = test::mp4_atom("ilst", test::mp4_atom("gnre", test::mp4_atom("data", data.take())));
    TagWriter meta;
    meta.zeros(4);
    meta.bytes(ilst);
    const Bytes udta = test::mp4_atom("udta", test::mp4_atom("meta", meta.take()));
    TagWriter file;
    file.be32(1);  // 64 bit size
    file.text("moov");
    file.be32(0);
    file.be32(static_cast<std::uint32_t>(16 + udta.size()));
    file.bytes(udta);
    EXPECT_EQ(tags_of(file.take(), "m4a").genre, "Rock");
}

TEST(ReadTags, ReadsId3v2InMp3AndPrefersIt) {
    Bytes mp3 = *render_id3v2(full_tags());
    const auto old = to_bytes("TAG" + std::string(125, 'x'));
    mp3.insert(mp3.end(), 1000, std::byte{0xFF});
    mp3.insert(mp3.end(), old.begin(), old.end());
    EXPECT_EQ(tags_of(mp3, "mp3"), full_metadata());
}

TEST(ReadTags, FallsBackToApeAndThenToId3v1) {
    TagLib::ByteVectorStream stream(TagLib::ByteVector(2000, 'a'));
    TagLib::MPEG::File file(&stream, TagLib::ID3v2::FrameFactory::instance(), false);
    auto* id3v1 = file.ID3v1Tag(true);
    id3v1->setTitle("old title");
    id3v1->setYear(1999);
    id3v1->setTrack(7);
    id3v1->setGenre("Rock");
    file.save(TagLib::MPEG::File::ID3v1, TagLib::MPEG::File::StripOthers);
    Metadata wanted;
    wanted.title = "old title";
    wanted.date = "1999";
    wanted.track.number = 7;
    wanted.genre = "Rock";
    EXPECT_EQ(tags_of(data_of(stream), "mp3"), wanted);

    auto* ape = file.APETag(true);
    ape->setTitle(TagLib::String("Ночь", TagLib::String::UTF8));
    ape->addValue("ARTIST", "a");
    ape->addValue("ARTIST", "b", false);
    ape->addValue("Mood", "calm");
    ape->addValue("REPLAYGAIN_TRACK_GAIN", "-1 dB");
    const auto cover = "cover.jpg" + std::string(1, '\0') + to_text(full_metadata().cover->data);
    ape->setData("COVER ART (FRONT)",
                 TagLib::ByteVector(cover.data(), static_cast<unsigned int>(cover.size())));
    file.save(TagLib::MPEG::File::ID3v1 | TagLib::MPEG::File::APE, TagLib::MPEG::File::StripNone,
              TagLib::ID3v2::v4, TagLib::MPEG::File::DoNotDuplicate);
    const auto metadata = tags_of(data_of(stream), "mp3");
    EXPECT_EQ(metadata.title, "Ночь");
    EXPECT_EQ(metadata.artist, "a; b");
    EXPECT_EQ(metadata.custom, (std::map<std::string, std::string>{{"MOOD", "calm"}}));
    EXPECT_EQ(metadata.cover, full_metadata().cover);
}

TEST(ReadTags, FilesWithoutTagsGiveNone) {
    for (const auto* format : {"mp3", "flac", "ogg", "m4a", "wav"}) {
        EXPECT_TRUE(tags_of({}, format).empty());
        EXPECT_TRUE(tags_of(to_bytes("x"), format).empty());
        EXPECT_TRUE(tags_of(Bytes(10000), format).empty()) << format;
    }
}

TEST(ReadTags, FailsWithIoWhereTheDiskFails) {
    const std::vector<std::pair<std::string, Bytes>> files{{"mp3", *render_id3v2(full_tags())},
                                                           {"flac", full_flac()},
                                                           {"ogg", full_ogg("OpusHead", "OpusTags")},
                                                           {"m4a", full_mp4()}};
    for (const auto& [format, bytes] : files) {
        for (const std::uint64_t from : {std::uint64_t{0}, std::uint64_t{5}, std::uint64_t{300}}) {
            std::vector<Loss> losses;
            const auto metadata = read_tags(FailingSource(bytes, from), format, losses);
            ASSERT_FALSE(metadata.has_value()) << format << " " << from;
            EXPECT_EQ(metadata.error().code, ErrorCode::io);
        }
    }
}

TEST(ReadTags, SurvivesEveryCutAndManyDamages) {
    const std::vector<std::pair<std::string, Bytes>> files{
        {"flac", full_flac()}, {"m4a", full_mp4()}, {"mp3", *render_id3v2(full_tags())}};
    for (const auto& file : files) {
        test::expect_survives(file.second, [&](const Bytes& damaged) {
            std::vector<Loss> losses;
            return tags_of(damaged, file.first, losses);
        });
    }
    const Bytes ogg = full_ogg("OpusHead", "OpusTags");
    for (std::size_t length = 0; length < ogg.size(); length += 1 + length / 40) {
        std::vector<Loss> losses;
        tags_of({ogg.begin(), ogg.begin() + static_cast<std::ptrdiff_t>(length)}, "ogg", losses);
    }
    for (std::uint64_t n = 0; n < 300; ++n) {
        std::vector<Loss> losses;
        EXPECT_THAT(validate(tags_of(test::damaged(ogg, n), "ogg", losses)), IsEmpty());
    }
}

TEST(ReadTags, EndsWhereAStructureRepeatsWithoutEnd) {
    Bytes atoms;
    const Bytes free = test::mp4_atom("free", {});
    for (int i = 0; i < 200000; ++i) atoms.insert(atoms.end(), free.begin(), free.end());
    EXPECT_TRUE(tags_of(atoms, "m4a").empty());

    TagWriter flac;
    flac.text("fLaC");
    for (int i = 0; i < 200000; ++i) flac.be32(0x01000000);  // empty padding
    EXPECT_TRUE(tags_of(flac.take(), "flac").empty());

    TagWriter ogg;
    for (int i = 0; i < 50000; ++i) {
        ogg.text("OggS");
        ogg.zeros(23);
    }
    std::vector<Loss> losses;
    EXPECT_TRUE(tags_of(ogg.take(), "ogg", losses).empty());
}

// ---- files of the programs that people use ----

TEST(ReadTags, ReadsTheTagsThatFfmpegWrites) {
    if (!test::has_program("ffmpeg")) GTEST_SKIP() << "ffmpeg is not installed: nothing was judged";
    const TempFolder folder;
    const std::vector<std::pair<std::string, std::string>> outputs{
        {"mp3", "x.mp3"}, {"flac", "x.flac"}, {"m4a", "x.m4a"}, {"ogg", "x.ogg"}, {"ogg", "x.opus"}};
    std::string command =
        "cd " + folder.path().string() + " && ffmpeg -v error -f lavfi -i sine=duration=0.1 -ar 48000";
    for (const auto& [format, name] : outputs) {
        command +=
            " -map 0:a -metadata title='Ночь 🌙' -metadata artist=Zoë -metadata album=Straße"
            " -metadata date=2026 -metadata track=3/12 -metadata genre=Jungle -metadata comment=hello " +
            name;
    }
    ASSERT_EQ(test::run_shell(command).status, 0);
    for (const auto& [format, name] : outputs) {
        std::vector<Loss> losses;
        const auto metadata = tags_of(to_bytes(folder.read(name)), format, losses);
        EXPECT_EQ(metadata.title, "Ночь 🌙") << name;
        EXPECT_EQ(metadata.artist, "Zoë") << name;
        EXPECT_EQ(metadata.album, "Straße") << name;
        EXPECT_EQ(metadata.date, "2026") << name;
        EXPECT_EQ(metadata.track.number, 3) << name;
        EXPECT_EQ(metadata.genre, "Jungle") << name;
        EXPECT_EQ(metadata.comment, "hello") << name;
        EXPECT_THAT(metadata.custom, IsEmpty()) << name;
        EXPECT_THAT(losses, IsEmpty()) << name << ": " << test::join_losses(losses);
    }
}

}  // namespace
}  // namespace dubplate
