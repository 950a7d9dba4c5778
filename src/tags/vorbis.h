// vorbis.h: Vorbis comment blocks and FLAC picture blocks, as FLAC and Ogg files hold them.
//
// What     the block taken apart into "NAME=value" strings; a picture block (FLAC's PICTURE, in Ogg as base64 in
//          METADATA_BLOCK_PICTURE) taken apart into type and data.
// Hostile  every length is checked against what is there; at most 5000 comments; a cut block gives what is whole.
// Source   Xiph Vorbis comment field specification; FLAC format (RFC 9639), PICTURE.
#pragma once

#include "tags/bytes.h"
#include "tags/collector.h"
#include "tags/render.h"

#include <optional>
#include <string>
#include <vector>

namespace dubplate {

// A FLAC metadata block's length has 24 bits.
inline constexpr std::size_t max_comment_block_bytes = (std::size_t{1} << 24) - 1;
// The block begins with this vendor string's room and the count; what a writer adds is far below.
inline constexpr std::size_t vorbis_block_overhead = 4096;

// The vendor's length comes first.
std::vector<std::string> split_vorbis_block(ByteView block, std::vector<Loss>& losses);
void collect_vorbis_comments(std::span<const std::string> comments, TagCollector& collector);
void collect_picture_block(ByteView block, TagCollector& collector);

// How many of the custom tags fit into a FLAC block beside the fields; the rest is a loss.
std::size_t custom_tags_that_fit(const TagSet& tags);

}  // namespace dubplate
