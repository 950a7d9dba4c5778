// mp3_gaps.h: what stands between the frames of an MP3 file and is none.
//
// What     decoders jump over such bytes in silence, and the recording becomes shorter there.
// Shape    a gap lies between frames: what stands before the first or behind the last of them is none. Tags where files
//          were joined are none either, and nor are a few bytes too many, as some encoders leave: no audio is lost.
// Hostile  each byte is looked at a bounded number of times; 64 KiB of memory.
// Errors   io of the source.
// Threads  a pure function.
#pragma once

#include <cstdint>

#include "core/store.h"

namespace dubplate {

struct Mp3Gaps {
    int count = 0;
    std::uint64_t bytes = 0;  // of all of them
    double first_at_s = 0;    // in the audio as it is decoded
    bool operator==(const Mp3Gaps&) const = default;
};

// From the first frame, which stands at `begin`, up to `end`.
Result<Mp3Gaps> find_mp3_gaps(const ByteSource& source, std::uint64_t begin, std::uint64_t end);

}  // namespace dubplate
