// samples.h: tags, pictures, and files that hold tags and no audio, for the tests of tags.
//
// What     full_metadata() sets every field; png() and jpeg() are the smallest headers that say a size; judge() asks a
//          Python program, mutagen above all, what it sees in a file.
// Threads  pure functions.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/prng.h"
#include "core/store.h"
#include "support/bytes.h"
#include "support/temp_folder.h"
#include "tags/bytes.h"
#include "tags/render.h"

namespace dubplate::test {

inline Bytes png(std::uint32_t width, std::uint32_t height) {
    TagWriter out;
    out.text("\x89PNG\r\n\x1A\n");
    out.be32(13);
    out.text("IHDR");
    out.be32(width);
    out.be32(height);
    out.text(std::string_view("\x08\x02\0\0\0\0\0\0\0", 9));
    return out.take();
}

inline Bytes jpeg(std::uint32_t width, std::uint32_t height) {
    TagWriter out;
    out.text(std::string_view("\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0", 20));
    out.text(std::string_view("\xFF\xC0\0\x11\x08", 5));
    out.u8(height >> 8);
    out.u8(height);
    out.u8(width >> 8);
    out.u8(width);
    out.text(std::string_view("\3\1\x22\0\2\x11\1\3\x11\1\xFF\xD9", 12));
    return out.take();
}

inline Metadata full_metadata() {
    Metadata metadata;
    metadata.title = "Night \"Drive\" 🌙";
    metadata.artist = "Ærøskøbing & Co <live>";
    metadata.album = "Straße / ночь / 夜";
    metadata.album_artist = "Various 'Artists'";
    metadata.date = "2026-11-21";
    metadata.genre = "Drum & Bass";
    metadata.comment = "two lines,\nof which = one\thas a tab";
    metadata.bpm = 93.5;
    metadata.key = "F#m";
    metadata.isrc = "USS1Z9900001";
    metadata.track = {3, 12};
    metadata.disc = {1, 2};
    metadata.copyright = "© 2026 Nobody";
    metadata.custom = {
        {"CATALOG NUMBER", "DUB 001"}, {"COMPOSER", "A. N. Other"}, {"MOOD", "späť\nin two lines"}};
    metadata.cover = Picture{"image/jpeg", jpeg(600, 600)};
    return metadata;
}

inline LoudnessFacts some_loudness() {
    return {-11.5, 6.25, -0.98, -8.01, -9.5};
}

inline TagSet full_tags() {
    TagSet tags;
    tags.metadata = full_metadata();
    tags.loudness = some_loudness();
    tags.markers = {{0, 0, "Intro"}, {44100, 22050, "Drop ❗"}};
    tags.origination = "2026-11-21T10:20:30Z";
    tags.sample_rate_hz = 44100;
    return tags;
}

inline std::unique_ptr<ByteSource> source_of(Bytes bytes) {
    return make_memory_source(std::make_shared<const Bytes>(std::move(bytes)), "file");
}

inline std::string join_losses(const std::vector<Loss>& losses) {
    std::string text;
    for (const auto& loss : losses) text += loss.what + ": " + loss.why + "\n";
    return text;
}

// Sizes count themselves in MP4 and do not in the others.
inline Bytes mp4_atom(std::string_view name, ByteView body) {
    TagWriter out;
    out.be32(static_cast<std::uint32_t>(8 + body.size()));
    out.text(name);
    out.bytes(body);
    return out.take();
}

inline Bytes vorbis_block(const std::vector<std::string>& comments) {
    TagWriter out;
    out.le32(4);
    out.text("test");
    out.le32(static_cast<std::uint32_t>(comments.size()));
    for (const auto& comment : comments) {
        out.le32(static_cast<std::uint32_t>(comment.size()));
        out.text(comment);
    }
    return out.take();
}

inline Bytes picture_block(ByteView picture, std::uint32_t type = 3) {
    TagWriter out;
    out.be32(type);
    out.be32(10);
    out.text("image/jpeg");
    out.be32(0);
    out.zeros(16);
    out.be32(static_cast<std::uint32_t>(picture.size()));
    out.bytes(picture);
    return out.take();
}

inline Bytes flac_file(ByteView comments, ByteView picture) {
    TagWriter out;
    const auto block = [&](std::uint32_t type, ByteView body) {
        out.be32((type << 24) | static_cast<std::uint32_t>(body.size()));
        out.bytes(body);
    };
    out.text("fLaC");
    block(0, Bytes(34));
    block(6, picture);
    block(4, comments);
    block(0x80 | 1, Bytes(10));
    return out.take();
}

// Packets in pages of at most 255 segments, as RFC 3533 has them.
inline Bytes ogg_file(const std::vector<Bytes>& packets) {
    TagWriter out;
    std::uint32_t number = 0;
    for (const Bytes& packet : packets) {
        for (std::size_t at = 0, left = packet.size() / 255 + 1; left > 0;) {
            const std::size_t segments = std::min<std::size_t>(left, 255);
            left -= segments;
            const std::size_t bytes = std::min(segments * 255, packet.size() - at);
            out.text("OggS");
            out.zeros(10);
            out.le32(77);  // serial
            out.le32(number++);
            out.zeros(4);  // the checksum is not looked at
            out.u8(static_cast<std::uint32_t>(segments));
            for (std::size_t i = 0; i < segments; ++i) {
                out.u8(
                    static_cast<std::uint32_t>(std::min<std::size_t>(255, bytes - std::min(bytes, i * 255))));
            }
            out.bytes(slice(packet, at, bytes));
            at += bytes;
        }
    }
    return out.take();
}

struct Answer {
    int status = -1;
    std::string output;
};

inline Answer run_shell(const std::string& command) {
    Answer answer;
    std::FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return answer;
    std::array<char, 4096> buffer{};
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
        answer.output.append(buffer.data(), count);
    }
    const int status = ::pclose(pipe);
    answer.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return answer;
}

inline bool has_program(const std::string& name) {
    return run_shell("command -v " + name + " 2>/dev/null").status == 0;
}

// The distribution's own interpreter has the distribution's modules; another in PATH may not.
inline bool has_mutagen() {
    return run_shell("/usr/bin/python3 -c 'import mutagen' 2>/dev/null").status == 0;
}

// Runs a Python program whose sys.argv[1] is a file with `content`, and reads what it prints as JSON.
inline nlohmann::json judge(const std::string& program, const Bytes& content) {
    const TempFolder folder;
    const auto script = folder.write("judge.py", program);
    const auto file = folder.write("content", to_text(content));
    const auto answer = run_shell("/usr/bin/python3 " + script.string() + " " + file.string());
    EXPECT_EQ(answer.status, 0) << answer.output;
    return nlohmann::json::parse(answer.output, nullptr, false);
}

// The n-th of a series of damaged copies: a few bytes changed anywhere.
inline Bytes damaged(Bytes bytes, std::uint64_t n) {
    const Random random(n, 0);
    const auto below = [&](std::uint64_t counter, std::size_t limit) {
        return std::min(static_cast<std::size_t>(random.uniform(counter) * static_cast<double>(limit)),
                        limit - 1);
    };
    for (std::uint64_t i = 0; i < 1 + n % 6; ++i) {
        bytes[below(2 * i, bytes.size())] = static_cast<std::byte>(below(2 * i + 1, 256));
    }
    return bytes;
}

// Calls `parse` with every beginning of `bytes` and with many damaged copies; what it gives must obey the rules.
template <class Parse>
void expect_survives(const Bytes& bytes, Parse parse) {
    const auto check = [&](const Bytes& content, std::string_view what, std::size_t n) {
        const Metadata metadata = parse(content);
        const auto problems = validate(metadata);
        EXPECT_TRUE(problems.empty()) << what << " " << n << ": " << problems.front();
    };
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        check({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)}, "length", length);
    }
    for (std::size_t n = 0; n < 2000; ++n) check(damaged(bytes, n), "damage", n);
}

}  // namespace dubplate::test

#define DUBPLATE_SKIP_WITHOUT_MUTAGEN() \
    if (!::dubplate::test::has_mutagen()) GTEST_SKIP() << "mutagen is not installed: nothing was judged"
