// taps.h: one pass over a source into several sinks, each of which takes a stretch of it.
//
// Lazy     a sink is opened when its stretch begins and done when it ends, so that a hundred slices of a song need one decoding
//          and, where they do not overlap, the memory of one.
// Loops    feed_loop() plays a stretch round and round, so that what is resampled sees its own beginning behind its end.
// Threads  thread-compatible.
// Errors   those of the reader and the sinks; canceled. A tap whose stretch begins behind the source's end is opened and
//          finished without a frame.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <stop_token>

#include "audio/stream.h"
#include "core/progress.h"
#include "formats/audio/format.h"

namespace dubplate {

struct Tap {
    std::int64_t begin_frame = 0;
    std::int64_t end_frame = std::numeric_limits<std::int64_t>::max();  // exclusive
    std::function<Result<Sink<float>*>()> open{};                       // a sink that was started
    std::function<Status()> done{};                                     // the sink was finished
};

// expected_frames: of the source, for the progress alone.
Status run_taps(AudioReader& reader, std::span<Tap> taps, std::int64_t expected_frames,
                Progress::Part progress, const std::stop_token& stop);

// Frames [begin, end) of the source, `turns` times whole and then `more` frames of it again. The sink is started; it is
// finished here.
Status feed_loop(AudioReader& reader, std::int64_t begin_frame, std::int64_t end_frame, int turns,
                 std::int64_t more, Sink<float>& sink, const std::stop_token& stop);

}  // namespace dubplate
