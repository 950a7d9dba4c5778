// render.h: the segments of a video, rendered and encoded side by side and put into its file. Internal to exports/video.
//
// Memory   as many segments side by side as half a gigabyte holds. Where that leaves half of the jobs without work, the next frame is
//          drawn while one is encoded.
// Same     the bytes do not depend on the workers.
// Threads  re-entrant.
// Errors   canceled; io; those of the renderer, the encoder and the sound.
#pragma once

#include <stop_token>

#include "core/progress.h"
#include "exports/video/run.h"
#include "exports/video/segment_folder.h"

namespace dubplate {

struct VideoWorkers {
    int segments = 1;  // at once
    bool draw_ahead = false;
};
VideoWorkers workers_for(const VideoPlan& plan, int jobs);

// kept: segments that are there already are taken from it, others are put there.
Result<VideoCosts> render_video(const VideoPlan& plan, int jobs, SegmentFolder& kept, PendingFile& file,
                                Progress::Part progress, const std::stop_token& stop);

}  // namespace dubplate
