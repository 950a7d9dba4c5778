// sample_header.h: what the headers of all sample files have in common.
//
// Shape    16-bit PCM, interleaved, from the end of the header to the end of the file.
// Errors   corrupt.
// Threads  pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "formats/sampler/device.h"

namespace dubplate {

inline constexpr int sample_bytes = 2;  // of one channel

// Bytes of the audio. Programming errors: a layout without channels, more than fits into 32 bits.
std::int64_t pcm_bytes(const SampleLayout& layout);

// The header, cut to its length, where it is as long as it must be and has its tags and fixed numbers.
Result<RecordView> view_header(const RecordLayout& layout, std::span<const std::byte> header);

// The layout of a file of `file_bytes` whose header says this: 1 or 2 channels, and whole frames to the end.
// Errors also: unsupported, other numbers of channels.
Result<SampleLayout> layout_of_file(std::uint64_t sample_rate_hz, std::uint64_t channels,
                                    std::size_t header_bytes, std::uint64_t file_bytes);

// Whether the header is what is written for that layout.
Status same_header(std::span<const std::byte> header, std::span<const std::byte> expected);

}  // namespace dubplate
