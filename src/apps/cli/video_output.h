// video_output.h: what the command `video` prints: its plan and its report as text.
//
// Shape    lines for people; the JSON is made in exports/video.
// Threads  pure functions.
#pragma once

#include <string>

#include "exports/video/run.h"

namespace dubplate::cli {

std::string plan_text(const VideoPlan& plan);
std::string report_text(const VideoReport& report, const VideoPlan& plan);
std::string still_text(const VideoPlan& plan, const std::string& file, double seconds);
std::string frames_text(const VideoPlan& plan, const std::string& folder);
Json frames_json(const VideoPlan& plan, const std::string& folder);
Json still_json(const VideoPlan& plan, const std::string& file, double seconds);

}  // namespace dubplate::cli
