// flac_metadata.h: the metadata blocks in front of a FLAC stream, read and written.
//
// What     scan_flac() lists the blocks and where the audio begins; the others read and make one block's payload.
// Shape    [ID3v2] "fLaC", then blocks: one bit "last", seven bits type, 24 bits size, payload; then frames.
// Markers  chapters travel as the comments CHAPTER001=hh:mm:ss.mmm and CHAPTER001NAME=..., so to the millisecond; a
//          region's length has no place. A CUESHEET block gives one marker for each track.
// Hostile  a block must lie within the file; at most max_flac_blocks of them; comments are counted against the bytes.
// Errors   corrupt (no STREAMINFO, a block past the end), limit_exceeded (too many blocks), io.
// Threads  pure functions.
// Source   RFC 9639 section 8; Xiph "Ogg Vorbis I format specification: comment field"; the chapter comments:
//          wiki.xiph.org/Chapter_Extension.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/store.h"
#include "tags/metadata.h"
#include "tags/render.h"

namespace dubplate {

enum class FlacBlockType : std::uint8_t {
    stream_info = 0,
    padding = 1,
    application = 2,
    seek_table = 3,
    vorbis_comment = 4,
    cue_sheet = 5,
    picture = 6,
};

struct FlacBlock {
    FlacBlockType type = FlacBlockType::padding;
    std::uint64_t offset = 0;  // of the payload, in the file
    std::uint32_t size = 0;
};

struct FlacStreamInfo {
    int sample_rate_hz = 0;
    int channels = 0;
    int bits = 0;
    std::int64_t frames = 0;  // 0: the encoder did not know
    std::array<std::byte, 16> md5{};
};

struct FlacLayout {
    std::uint64_t begin = 0;  // of "fLaC"
    FlacStreamInfo info;
    std::vector<FlacBlock> blocks;  // the first is STREAMINFO
    std::uint64_t audio_begin = 0;
};

inline constexpr std::size_t max_flac_blocks = 1024;
inline constexpr std::size_t flac_stream_info_bytes = 34;
inline constexpr std::uint32_t max_flac_block_bytes = (1U << 24) - 1;

Result<FlacLayout> scan_flac(const ByteSource& source);
std::optional<FlacStreamInfo> parse_flac_stream_info(std::span<const std::byte> payload);

struct FlacComments {
    std::string vendor;
    std::vector<std::string> comments;  // "TITLE=..."
};
// As many comments as the bytes hold.
FlacComments parse_flac_comments(std::span<const std::byte> payload);
Bytes render_flac_comments(const FlacComments& comments);

struct FlacPicture {
    std::uint32_t kind = 0;  // 3: front cover
    Picture picture;
};
inline constexpr std::uint32_t front_cover_kind = 3;
std::optional<FlacPicture> parse_flac_picture(std::span<const std::byte> payload);
Bytes render_flac_picture(const Picture& front_cover);

// Takes the chapter comments out of `comments`.
std::vector<Marker> take_chapters(std::vector<std::string>& comments, int sample_rate_hz);
std::vector<std::string> chapter_comments(std::span<const Marker> markers, int sample_rate_hz);
std::vector<Marker> parse_cue_sheet(std::span<const std::byte> payload, std::int64_t frames);

// A block's header and payload. The size must fit 24 bits.
Bytes flac_block(FlacBlockType type, std::span<const std::byte> payload, bool is_last = false);

// The VORBIS_COMMENT block and, where there is a cover, the PICTURE block. Errors: limit_exceeded, where one of them
// is larger than FLAC's 16 MiB.
Result<Bytes> render_flac_tags(const TagSet& tags, int sample_rate_hz, const std::string& vendor);

}  // namespace dubplate
