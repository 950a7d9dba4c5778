// flac_reader.h: reads FLAC.
//
// What     libFLAC's stream decoder on a ByteSource: 4 to 32 bits, up to 8 channels, exact (integers scaled by
//          2^-(bits-1)). libFLAC and not libsndfile: it hands out planar integers without a detour, takes 32 bits, and
//          tells a damaged frame apart from the end of the file.
// Tags     by our own block reader (flac_metadata.h): comments, front cover, chapters.
// Damage   a frame whose checksum is wrong, or a gap between frames, is corrupt with its time. A file that ends early is
//          read up to its end, and info().warnings says so.
// Threads  thread-compatible.
// Source   RFC 9639.
#pragma once

#include <memory>

#include "formats/audio/format.h"

namespace dubplate {

// `source` must live as long as the reader.
Result<std::unique_ptr<AudioReader>> open_flac(const ByteSource& source);

}  // namespace dubplate
