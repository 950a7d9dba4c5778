#include "tags/vorbis.h"

#include <fmt/format.h>

#include <cmath>

#include "tags/base64.h"
#include "tags/replay_gain.h"
#include "tags/text.h"

namespace dubplate {

namespace {

constexpr std::size_t max_comments = 5000;
constexpr std::size_t max_chapters = 999;  // CHAPTER001 to CHAPTER999

void add(std::vector<std::string>& comments, std::string_view name, std::string_view value) {
    if (!value.empty()) comments.push_back(fmt::format("{}={}", name, value));
}

void add_number(std::vector<std::string>& comments, std::string_view number_name, std::string_view total_name,
                const NumberOf& number) {
    if (number.number != 0) add(comments, number_name, fmt::format("{}", number.number));
    if (number.total != 0) add(comments, total_name, fmt::format("{}", number.total));
}

std::string clock_time(std::int64_t frame, int sample_rate_hz) {
    const auto ms = std::llround(1000.0 * static_cast<double>(frame) / sample_rate_hz);
    return fmt::format("{:02}:{:02}:{:02}.{:03}", ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}

void add_chapters(std::vector<std::string>& comments, const TagSet& tags) {
    if (tags.sample_rate_hz <= 0) return;
    const std::size_t count = std::min(tags.markers.size(), max_chapters);
    for (std::size_t i = 0; i < count; ++i) {
        add(comments, fmt::format("CHAPTER{:03}", i + 1),
            clock_time(tags.markers[i].frame, tags.sample_rate_hz));
        add(comments, fmt::format("CHAPTER{:03}NAME", i + 1), tags.markers[i].label);
    }
}

std::vector<std::string> without_custom(const TagSet& tags) {
    const Metadata& metadata = tags.metadata;
    std::vector<std::string> comments;
    add(comments, "TITLE", metadata.title);
    add(comments, "ARTIST", metadata.artist);
    add(comments, "ALBUM", metadata.album);
    add(comments, "ALBUMARTIST", metadata.album_artist);
    add(comments, "DATE", metadata.date);
    add(comments, "GENRE", metadata.genre);
    add(comments, "COMMENT", metadata.comment);
    if (metadata.bpm) add(comments, "BPM", number_text(*metadata.bpm));
    add(comments, "INITIALKEY", metadata.key);
    add(comments, "ISRC", metadata.isrc);
    add_number(comments, "TRACKNUMBER", "TRACKTOTAL", metadata.track);
    add_number(comments, "DISCNUMBER", "DISCTOTAL", metadata.disc);
    add(comments, "COPYRIGHT", metadata.copyright);
    add(comments, "ENCODER", tags.encoder);
    for (const auto& [name, value] : replay_gain_tags(tags)) add(comments, name, value);
    add_chapters(comments, tags);
    return comments;
}

std::size_t block_bytes(const std::vector<std::string>& comments) {
    std::size_t bytes = vorbis_block_overhead;
    for (const auto& comment : comments) bytes += 4 + comment.size();
    return bytes;
}

// One length-prefixed piece, none where the block ends before it does.
std::optional<ByteView> take_piece(ByteView& rest, std::uint32_t (*length_at)(ByteView, std::size_t)) {
    if (rest.size() < 4) return std::nullopt;
    const std::size_t length = length_at(rest, 0);
    if (length > rest.size() - 4) return std::nullopt;
    const ByteView piece = slice(rest, 4, length);
    rest = slice(rest, 4 + length);
    return piece;
}

}  // namespace

std::size_t custom_tags_that_fit(const TagSet& tags) {
    std::size_t bytes = block_bytes(without_custom(tags));
    std::size_t count = 0;
    for (const auto& [key, value] : tags.metadata.custom) {
        bytes += 4 + key.size() + 1 + value.size();
        if (bytes > max_flac_block_bytes) break;
        ++count;
    }
    return count;
}

std::vector<std::string> vorbis_comments(const TagSet& tags) {
    auto comments = without_custom(tags);
    std::size_t left = custom_tags_that_fit(tags);
    for (const auto& [key, value] : tags.metadata.custom) {
        if (left-- == 0) break;
        add(comments, key, value);
    }
    return comments;
}

std::vector<std::string> split_vorbis_block(ByteView block, std::vector<Loss>& losses) {
    std::vector<std::string> comments;
    ByteView rest = block;
    if (!take_piece(rest, le32) || rest.size() < 4) {
        losses.push_back({"Vorbis comments", "the block is cut off"});
        return comments;
    }
    const std::uint32_t count = le32(rest, 0);
    rest = slice(rest, 4);
    for (std::uint32_t i = 0; i < count; ++i) {
        if (i == max_comments) {
            losses.push_back({"Vorbis comments", fmt::format("{} of {} are read", max_comments, count)});
            break;
        }
        const auto comment = take_piece(rest, le32);
        if (!comment) {
            losses.push_back({"Vorbis comments", fmt::format("{} of {} are there", i, count)});
            break;
        }
        comments.emplace_back(as_text(*comment));
    }
    return comments;
}

void collect_vorbis_comments(std::span<const std::string> comments, TagCollector& collector) {
    std::string_view description;
    for (const std::string& comment : comments) {
        const auto equals = comment.find('=');
        if (equals == std::string::npos || equals == 0) continue;
        const std::string name = upper_ascii(std::string_view(comment).substr(0, equals));
        const auto value = std::string_view(comment).substr(equals + 1);
        if (name == "METADATA_BLOCK_PICTURE") {
            if (const auto block = decode_base64(value)) {
                collect_picture_block(*block, collector);
            } else {
                collector.tell("cover", "its base64 text is damaged");
            }
        } else if (name == "DESCRIPTION") {
            description = value;
        } else {
            collector.add(name, value);
        }
    }
    // Where some programs put the comment; it counts where there is no COMMENT.
    collector.lock_fields();
    collector.add("comment", description);
}

Metadata metadata_from_vorbis_comments(std::span<const std::string> comments, std::vector<Loss>& losses) {
    TagCollector collector(losses);
    collect_vorbis_comments(comments, collector);
    return collector.finish();
}

void collect_picture_block(ByteView block, TagCollector& collector) {
    ByteView rest = slice(block, 4);                                          // the type
    const bool described = take_piece(rest, be32) && take_piece(rest, be32);  // MIME type, description
    rest = slice(rest, 16);  // width, height, depth, colors: the picture itself tells
    const auto data = take_piece(rest, be32);
    if (!described || !data) {
        collector.tell("cover", "the picture block is cut off");
        return;
    }
    collector.add_picture(*data, be32(block, 0));
}

}  // namespace dubplate
