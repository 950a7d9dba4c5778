// prove.h: looks at and listens to the video that was written.
//
// What     prove_video() decodes every frame with libavcodec and holds the file against the plan: codec, size, rate, color tags, the number of
//          frames, each one's time, the pictures (some are rendered anew and compared), that none is black or repeated where the scene moves, the
//          sound's length, its likeness to the source, its place in time and its loudness, chapters, and that the index comes first.
// Limits   pictures: at least 38 - crf / 2 dB PSNR in luma, every pixel where the preset is lossless. Sound: correlation 0.9 or more with what
//          went into the encoder, moved by 2 ms at most; loudness within 1 LU, 2 below 128 kbit/s.
// Threads  re-entrant.
// Errors   corrupt and io: the file could not be read back at all; canceled. What was read and is not as wanted is a check that did not pass.
#pragma once

#include <stop_token>
#include <vector>

#include "core/progress.h"
#include "exports/manifest.h"
#include "exports/video/plan.h"
#include "plot/png.h"

namespace dubplate {

struct VideoProof {
    std::vector<ProofCheck> checks;
    PixelImage contact_sheet;  // of the frames that were compared
};

Result<VideoProof> prove_video(const ByteSource& file, const VideoPlan& plan, int threads,
                               Progress::Part progress, std::stop_token stop);

}  // namespace dubplate
