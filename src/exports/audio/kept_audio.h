// kept_audio.h: the shaped audio of a short item at one sample rate, in memory.
//
// Why      a limiter's gain is found by trials. What all of them begin with, decoding, shaping and resampling, is done once
//          where the result is small; a long source is streamed again instead, so that memory stays flat.
// Threads  thread-compatible, as the item that owns it.
#pragma once

#include <memory>

#include "audio/stream.h"
#include "core/progress.h"
#include "exports/audio/graph.h"
#include "exports/audio/input.h"

namespace dubplate {

struct KeptAudio {
    Shape shape;  // of what is kept: nothing is left to be done
    BlockBuffer<float> samples;
    OpenedAudio audio;  // reads the samples
};

// Less than a minute of stereo at 48 kHz.
inline constexpr std::int64_t most_kept_bytes = 16 << 20;

bool can_be_kept(const Shape& shape, int channels, int rate_hz);
Result<std::unique_ptr<KeptAudio>> keep_audio(AudioReader& reader, const Shape& shape, int rate_hz,
                                              int threads, Progress::Part progress, std::stop_token stop);

}  // namespace dubplate
