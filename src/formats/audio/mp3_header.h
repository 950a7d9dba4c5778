// mp3_header.h: what stands around and in front of the frames of an MP3 file.
//
// What     the four bytes in front of each MPEG audio layer III frame, ADTS headers of AAC (told apart from them), and
//          the tags that other programs put before and behind: ID3v2, ID3v1, APEv2, Lyrics3.
// Shape    an Mp3Extent is where the frames stand in the file: [begin, end).
// Errors   io of the source; nothing else: what is no header gives none.
// Threads  pure functions.
// Source   ISO/IEC 11172-3 2.4.1.3 and 13818-3 2.4.1.3 (headers, rates), the unofficial MPEG 2.5; ISO/IEC 13818-7
//          6.2 (ADTS); id3.org ID3v2.4 3.1, ID3v1; APEv2 footer: wiki.hydrogenaud.io "APEv2 specification";
//          id3.org "Lyrics3" and "Lyrics3v2".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/store.h"

namespace dubplate {

struct Mp3Header {
    int version = 1;  // 1: MPEG-1, 2: MPEG-2, 3: MPEG-2.5
    int bitrate_kbps = 0;
    int sample_rate_hz = 0;
    int channels = 0;
    int frame_bytes = 0;      // header included
    int frame_samples = 0;    // for each channel
    int side_info_bytes = 0;  // between the header (and its checksum) and the main data
    bool has_checksum = false;
};

inline constexpr std::size_t mp3_header_bytes = 4;

// None: not the header of a layer III frame. Free format (no bitrate) counts as none.
std::optional<Mp3Header> parse_mp3_header(std::span<const std::byte> data);

// The rates and bitrates that exist, in ascending order; the bitrates of 0: none, no such rate.
std::span<const int> mp3_sample_rates();
std::span<const int> mp3_bitrates_of(int sample_rate_hz);

// A run of frames, each of which leads to the next, begins within `head`. One frame is enough where the next would
// stand behind the end of `head`, but only at its very start. Where it begins; none: nowhere.
std::optional<std::size_t> find_mp3_frames(std::span<const std::byte> head);

// The same for an ADTS header at the very start.
bool starts_with_adts(std::span<const std::byte> head);

// Behind all the ID3v2 tags that stand at the start of the file.
Result<std::uint64_t> end_of_leading_id3v2(const ByteSource& source);

struct Mp3Extent {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};
// Without the ID3v2 tags in front and the APEv2, Lyrics3 and ID3v1 tags behind.
Result<Mp3Extent> find_mp3_extent(const ByteSource& source);

}  // namespace dubplate
