// flac_reader.h: reads FLAC.
//
// What     a decoder of our own (flac_stream.h) on a ByteSource: 4 to 32 bits, up to 8 channels, exact (integers scaled by
//          2^-(bits-1)). Why not a library's: docs/adr/0021.
// Tags     by our own block reader (flac_metadata.h): comments, front cover, chapters.
// Damage   a frame whose checksum is wrong, or a gap between frames, is corrupt with its time. A file that ends early is
//          read up to its end, and info().warnings says so. Likewise where the MD5 sum in the header is of other samples,
//          which is looked at in the first pass that comes to the end.
// Threads  thread-compatible.
// Source   RFC 9639.
#pragma once

#include <memory>

#include "formats/audio/format.h"

namespace dubplate {

// `source` must live as long as the reader.
Result<std::unique_ptr<AudioReader>> open_flac(const ByteSource& source);
// Likewise, without the MD5 sum: for files whose samples are known.
Result<std::unique_ptr<AudioReader>> open_flac_samples(const ByteSource& source);

}  // namespace dubplate
