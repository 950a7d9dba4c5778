#include "tags/containers.h"
#include "tags/id3v2_frames.h"
#include "tags/vorbis.h"

#include <fmt/format.h>

namespace dubplate {

namespace {

constexpr int max_blocks = 1000;
constexpr std::uint32_t comment_block = 4;
constexpr std::uint32_t picture_block = 6;

// Some programs put an ID3v2 tag in front; FLAC does not know it.
Result<std::uint64_t> stream_begin(const ByteSource& source) {
    DUBPLATE_TRY(const Bytes head, read_some(source, 0, 10));
    return id3v2_length(head).value_or(0);
}

}  // namespace

Result<Metadata> read_flac_tags(const ByteSource& source, std::vector<Loss>& losses) {
    DUBPLATE_TRY(std::uint64_t at, stream_begin(source));
    DUBPLATE_TRY(const Bytes magic, read_some(source, at, 4));
    if (!has_text(magic, 0, "fLaC")) return Metadata{};
    at += 4;
    TagCollector collector(losses);
    for (int i = 0; i < max_blocks; ++i) {
        DUBPLATE_TRY(const Bytes header, read_some(source, at, 4));
        if (header.size() < 4) break;
        const bool last = (u8(header, 0) & 0x80) != 0;
        const std::uint32_t type = u8(header, 0) & 0x7F;
        const std::size_t length = be24(header, 1);
        if (type == comment_block || type == picture_block) {
            DUBPLATE_TRY(const Bytes block, read_some(source, at + 4, length));
            if (block.size() < length) collector.tell("FLAC metadata", "a block is cut off");
            if (type == picture_block) {
                collect_picture_block(block, collector);
            } else {
                collect_vorbis_comments(split_vorbis_block(block, losses), collector);
            }
        }
        at += 4 + length;
        if (last) break;
    }
    return collector.finish();
}

}  // namespace dubplate
