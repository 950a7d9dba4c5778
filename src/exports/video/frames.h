// frames.h: a video as single pictures in a folder, for other programs.
//
// Shape    "<input>-000000.png" and so on, RGB of 8 bits. Each appears when it is whole.
// Threads  re-entrant; up to `jobs` threads render.
// Errors   already_exists, io, canceled. What was finished by then stays.
#pragma once

#include <filesystem>
#include <stop_token>

#include "core/progress.h"
#include "exports/video/plan.h"

namespace dubplate {

Status write_frames(const VideoPlan& plan, const std::filesystem::path& folder, int jobs, Progress& progress,
                    const std::stop_token& stop);

}  // namespace dubplate
