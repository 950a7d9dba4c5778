// id3v2_frames.h: an ID3v2 tag taken apart into its frames.
//
// What     versions 2.2, 2.3 and 2.4; unsynchronization undone; extended header skipped; the frame sizes that old
//          iTunes wrote without synchsafe coding repaired. Compressed and encrypted frames are left out and told.
// Text     the four encodings as UTF-8.
// Hostile  no recursion, no decompression; at most 5000 frames; every size is checked against what is there.
// Errors   corrupt (no tag), limit_exceeded (more than 64 MiB).
#pragma once

#include "core/result.h"
#include "tags/bytes.h"
#include "tags/metadata.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dubplate {

// Why a frame was not read, as told in a Loss.
inline constexpr std::string_view sealed_frame = "is compressed or encrypted";

inline constexpr std::size_t max_id3_bytes = 64 * 1024 * 1024;

struct Id3Frame {
    std::string id;  // four letters, or three in version 2.2
    Bytes body;
};

struct Id3Tag {
    int version = 4;
    std::vector<Id3Frame> frames;
};

Result<Id3Tag> split_id3v2(ByteView data, std::vector<Loss>& losses);

// The whole length of the tag at the start of `head` (10 bytes or more), header and footer included; none: no tag.
std::optional<std::size_t> id3v2_length(ByteView head);

// Text in the encoding of the byte in front of it; zeros that separate values stay.
std::string id3_text(std::byte encoding, ByteView text);
// How many bytes a zero-terminated text takes, its end included.
std::size_t id3_terminated_bytes(std::byte encoding, ByteView text);

struct Id3Described {
    std::string description;
    std::string text;
};
// TXXX (text begins at 1), COMM and USLT (at 4, after a language); none where the frame is cut off.
std::optional<Id3Described> id3_described(ByteView body, std::size_t begin);

}  // namespace dubplate
