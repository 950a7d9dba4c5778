// flac_writer.h: writes FLAC.
//
// What     segments of the stream (flac_segment.h) are encoded side by side on settings.threads threads; the metadata in front
//          is written at the end, when the loudness is known.
// Layout   "fLaC", STREAMINFO, VORBIS_COMMENT, [PICTURE], [SEEKTABLE], PADDING, frames. The header's room is reserved by
//          create_flac() from the tags known by then; finish() writes it again over the same place, and the padding
//          takes up the difference. docs/formats/flac.md has the bytes.
// Subset   files keep FLAC's streamable subset wherever the rate can stand in a frame's header: all up to 65535 Hz,
//          and above it multiples of 10 Hz.
// Errors   unsupported (rate, channels, depth), limit_exceeded (tags past 16 MiB), internal (more frames than told), io.
// Threads  thread-compatible.
// Source   RFC 9639.
#pragma once

#include <memory>

#include "formats/audio/format.h"

namespace dubplate {

// Room for tags that grow later, here or in another program.
inline constexpr std::size_t flac_padding_bytes = 8192;

// `file` must live as long as the writer.
Result<std::unique_ptr<AudioWriter>> create_flac(PendingFile& file, const WriterSettings& settings,
                                                 const TagSet& tags);

}  // namespace dubplate
