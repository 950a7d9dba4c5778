#include "tags/vorbis.h"

#include "core/text.h"
#include "tags/base64.h"
#include "tags/replay_gain.h"
#include "tags/text.h"

#include <fmt/format.h>

namespace dubplate {

namespace {

constexpr std::size_t max_comments = 5000;

void add(std::vector<std::string>& comments, std::string_view name, std::string_view value) {
    if (!value.empty()) comments.push_back(fmt::format("{}={}", name, value));
}

void add_number(std::vector<std::string>& comments, std::string_view number_name, std::string_view total_name,
                const NumberOf& number) {
    if (number.number != 0) add(comments, number_name, fmt::format("{}", number.number));
    if (number.total != 0) add(comments, total_name, fmt::format("{}", number.total));
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
    if (metadata.bpm) add(comments, "BPM", format_number(*metadata.bpm));
    add(comments, "INITIALKEY", metadata.key);
    add(comments, "ISRC", metadata.isrc);
    add_number(comments, "TRACKNUMBER", "TRACKTOTAL", metadata.track);
    add_number(comments, "DISCNUMBER", "DISCTOTAL", metadata.disc);
    add(comments, "COPYRIGHT", metadata.copyright);
    add(comments, "ENCODER", tags.encoder);
    for (const auto& [name, value] : replay_gain_tags(tags)) add(comments, name, value);
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
        if (bytes > max_comment_block_bytes) break;
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
