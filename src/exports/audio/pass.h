// pass.h: runs a source through a chain, once, from its beginning.
//
// Ahead    the source is decoded on a thread of its own, one stretch ahead of the chain.
// Stop     looked at before every block of 8192 frames.
// Errors   those of the reader and of the nodes; canceled.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>

#include "audio/stream.h"
#include "core/progress.h"
#include "formats/audio/format.h"

namespace dubplate {

// expected_frames: for the progress alone. wants_more: asked before each block; empty: until the end.
// Returns the number of frames that were read.
Result<std::int64_t> run_pass(AudioReader& reader, Sink<float>& head, std::int64_t expected_frames,
                              Progress::Part progress, std::stop_token stop,
                              const std::function<bool()>& wants_more = {});

}  // namespace dubplate
