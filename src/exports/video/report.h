// report.h: the proof of a video as one page that stands alone.
//
// What     HTML with its style and its contact sheet inside: no script, nothing loaded from anywhere.
// Safety   names come from files: they are escaped.
// Output   the same report is the same bytes.
// Threads  pure function.
// Errors   those of making the picture.
#pragma once

#include <string>

#include "exports/video/run.h"

namespace dubplate {

Result<std::string> render_html(const VideoReport& report, const VideoPlan& plan);

}  // namespace dubplate
