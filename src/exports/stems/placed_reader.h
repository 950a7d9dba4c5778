// placed_reader.h: a track as it stands in the session: at its rate, from its start to its end, with silence around it.
//
// What     reads another source, folds its channels, resamples it, and puts silence before and behind it, so that every track
//          of a session has the same length and starts at zero. Frames past the end of the session are left out.
// Exact    the source's frame 0 stands at begin_frame, to the frame: the resampler's delay is removed.
// Bits     a track that is neither folded, resampled nor changed in level keeps its samples and says so in info().
// Owner    the reader owns its source.
// Threads  thread-compatible.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "exports/audio/input.h"

namespace dubplate {

struct Placement {
    int sample_rate_hz = 0;
    std::int64_t begin_frame = 0;   // of the source, at the session's rate
    std::int64_t frames = 0;        // of the session
    std::optional<int> channels{};  // none: the source's
    double gain_db = 0;
    TagSet tags{};  // metadata and markers that it tells, by the session's frames
};

Result<std::unique_ptr<AudioReader>> place(OpenedAudio source, Placement placement);

}  // namespace dubplate
