// lame_encoder.h: LAME, held and set up.
//
// What     one run over a stretch of audio; encode() and flush() append what comes out, frames and nothing else.
// Shape    planar float, 1.0 full scale, 1 or 2 channels. No NaN and no infinity: LAME's psychoacoustics spread one over
//          the rest of the run.
// Errors   limit_exceeded (memory), internal (LAME refuses what the catalog allows, or fails).
// Threads  thread-compatible; runs on different threads at once are safe.
// Source   the manual in lame.h.
#pragma once

#include <cstdint>
#include <memory>

#include "formats/audio/format.h"

struct lame_global_struct;

namespace dubplate {

struct LameOptions {
    bool reservoir = true;  // may a frame leave room to a later one
    bool tag = false;       // leave room for LAME's tag in front, and gather what it tells
};

class LameEncoder {
  public:
    static Result<LameEncoder> make(const WriterSettings& settings, LameOptions options);

    Status encode(BlockView<const float> block, Bytes& to);
    Status flush(Bytes& to);

    std::uint32_t frames() const;  // that came out
    int delay() const;             // frames of silence in front and behind, as LAME counts them
    int padding() const;           // after flush()
    int lowpass_hz() const;
    // Of the length of its place. Empty: there was no place, or nothing was encoded.
    Bytes tag() const;

  private:
    struct Close {
        void operator()(lame_global_struct* lame) const;
    };

    LameEncoder() = default;
    Status append(int size, Bytes& to);

    std::unique_ptr<lame_global_struct, Close> lame_;
    Bytes output_;
};

}  // namespace dubplate
