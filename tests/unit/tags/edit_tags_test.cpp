#include "tags/edit_tags.h"

#include <gtest/gtest.h>

#include <string>

#include "core/prng.h"
#include "tags/piece_stream.h"
#include "tags/render.h"

namespace dubplate {
namespace {

Bytes bytes_of(const std::string& text) {
    const auto* const begin = reinterpret_cast<const std::byte*>(text.data());
    return {begin, begin + text.size()};
}

std::string text_of(const Bytes& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string number(std::size_t value, int bytes, bool big) {
    std::string text;
    for (int i = 0; i < bytes; ++i)
        text += static_cast<char>(value >> (8 * (big ? bytes - 1 - i : i)) & 0xFF);
    return text;
}

std::string frame_v23(const std::string& id, const std::string& body) {
    return id + number(body.size(), 4, true) + std::string(2, '\0') + body;
}

// Version 2.3 with a private frame as DJ programs write it, and lyrics.
std::string id3_v23() {
    const std::string frames =
        frame_v23("TIT2", std::string(1, '\0') + "Night") +
        frame_v23("GEOB", std::string(1, '\0') + "application/octet-stream" + std::string(1, '\0') +
                              std::string(1, '\0') + "Serato Markers" + std::string(1, '\0') + "cue points") +
        frame_v23("TBPM", std::string(1, '\0') + "60");
    std::string size;
    for (int shift = 21; shift >= 0; shift -= 7) size += static_cast<char>(frames.size() >> shift & 0x7F);
    return std::string("ID3\x03\0\0", 6) + size + frames;
}

std::string chunk(const std::string& id, const std::string& data) {
    return id + number(data.size(), 4, false) + data + std::string(data.size() % 2, '\0');
}

std::string edited(const std::string& content, const std::string& format, const TagEdit& edit) {
    MemoryStore store;
    store.put("/in", bytes_of(content));
    const auto source = *store.open("/in");
    auto file = *store.create("/out");
    const Status status = edit_tags(*source, format, edit, *file);
    EXPECT_TRUE(status) << status.error().to_string();
    EXPECT_TRUE(file->publish());
    return text_of(*store.take("/out"));
}

TEST(EditTags, KeepsWhatTheModelDoesNotKnowInMp3) {
    const std::string audio = std::string("\xFF\xFB\x90\x00", 4) + std::string(1000, '\x55');

    const std::string found = edited(id3_v23() + audio, "mp3", {.bpm = "93.5", .key = "Am"});

    EXPECT_TRUE(found.starts_with("ID3\x03")) << "the version stays";
    EXPECT_NE(found.find("Serato Markers"), std::string::npos);
    EXPECT_NE(found.find("cue points"), std::string::npos);
    EXPECT_TRUE(found.ends_with(audio));
    std::vector<Loss> losses;
    const Result<Metadata> metadata = parse_id3v2(bytes_of(found), losses);
    ASSERT_TRUE(metadata);
    EXPECT_EQ(metadata->bpm, 93.5);
    EXPECT_EQ(metadata->key, "Am");
    EXPECT_EQ(metadata->title, "Night");
}

TEST(EditTags, KeepsEveryChunkOfWav) {
    const std::string format = number(1, 2, false) + number(1, 2, false) + number(44100, 4, false) +
                               number(88200, 4, false) + number(2, 2, false) + number(16, 2, false);
    const std::string samples(1001 * 2, '\x12');
    const std::string body = "WAVE" + chunk("fmt ", format) +
                             chunk("iXML", "<BWFXML><SCENE>7</SCENE></BWFXML>") + chunk("data", samples) +
                             chunk("xyzw", "of another program");

    const std::string found = edited("RIFF" + number(body.size(), 4, false) + body, "wav", {.bpm = "120"});

    EXPECT_TRUE(found.starts_with("RIFF" + number(found.size() - 8, 4, false))) << "the size is right";
    for (const std::string& part :
         {chunk("iXML", "<BWFXML><SCENE>7</SCENE></BWFXML>"), chunk("data", samples),
          chunk("xyzw", "of another program"), std::string("TBPM")})
        EXPECT_NE(found.find(part), std::string::npos) << part.substr(0, 4);
}

TEST(EditTags, RefusesWhatItCannotEdit) {
    MemoryStore store;
    store.put("/in", bytes_of("no file of any kind"));
    const auto source = *store.open("/in");
    for (const std::string format : {"ogg", "m4a", "", "wav", "flac", "aiff"}) {
        auto file = *store.create("/out" + format);
        EXPECT_EQ(edit_tags(*source, format, {.bpm = "120"}, *file).error().code, ErrorCode::unsupported)
            << format;
    }
}

TEST(EditTags, RefusesChaptersWithoutEnd) {
    std::string content = id3_v23();
    for (int i = 0; i < 1001; ++i) content += "CHAP";
    MemoryStore store;
    store.put("/in", bytes_of(content));
    auto file = *store.create("/out");

    EXPECT_EQ(edit_tags(**store.open("/in"), "mp3", {.bpm = "120"}, *file).error().code,
              ErrorCode::limit_exceeded);
}

TEST(PieceStream, IsTheFileThatItsEditsMake) {
    std::string expected(2000, '\0');
    for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = static_cast<char>(i * 7);
    MemoryStore store;
    store.put("/in", bytes_of(expected));
    const auto source = *store.open("/in");
    PieceStream stream(*source);
    const Random random(11);
    std::uint64_t drawn = 0;
    const auto draw = [&](std::size_t below) {
        return static_cast<std::size_t>(random.uniform(drawn++) * static_cast<double>(below));
    };
    for (int i = 0; i < 300; ++i) {
        const std::size_t start = draw(expected.size() + 1);
        const std::size_t count = draw(60);
        const std::string text(draw(60), static_cast<char>('a' + i % 26));
        const TagLib::ByteVector data(text.data(), static_cast<unsigned int>(text.size()));
        switch (draw(3)) {
            case 0:
                stream.insert(data, start, count);
                expected.replace(start, std::min(count, expected.size() - start), text);
                break;
            case 1:
                stream.removeBlock(start, count);
                expected.erase(start, count);
                break;
            default:
                stream.seek(static_cast<long>(start), TagLib::IOStream::Beginning);
                stream.writeBlock(data);
                expected.replace(start, std::min(text.size(), expected.size() - start), text);
        }
        ASSERT_EQ(stream.length(), static_cast<long>(expected.size())) << i;
        stream.seek(static_cast<long>(start), TagLib::IOStream::Beginning);
        const TagLib::ByteVector read = stream.readBlock(100);
        ASSERT_EQ(std::string(read.data(), read.size()),
                  expected.substr(std::min(start, expected.size()), 100))
            << i;
    }
    stream.truncate(500);
    auto file = *store.create("/out");
    ASSERT_TRUE(stream.write_to(*file, {}));
    ASSERT_TRUE(file->publish());
    EXPECT_EQ(text_of(*store.take("/out")), expected.substr(0, 500));
}

}  // namespace
}  // namespace dubplate
