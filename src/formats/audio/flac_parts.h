// flac_parts.h: a FLAC file decoded in parts side by side.
//
// Parts    from one point of the file's seek table to the next. Frames of FLAC stand alone; every frame of the file is
//          decoded, once.
// Hostile  a table whose points do not go upwards, or that do not lie where frames begin, ends in an error: the proof of
//          a file with such a table fails as it should.
// Memory   parts of up to most_part_bytes as floats, one more than `threads`.
// Threads  thread-compatible; decodes on `threads` threads of its own.
#pragma once

#include <cstddef>
#include <memory>

#include "formats/audio/format.h"

namespace dubplate {

inline constexpr std::size_t most_part_bytes = 8 << 20;

// info: of the whole file. Null where the file has no table, or one that makes too few parts, or too large ones. `source`
// must outlive the reader.
Result<std::unique_ptr<AudioReader>> open_flac_parts(const ByteSource& source, SourceInfo info, int threads);

}  // namespace dubplate
