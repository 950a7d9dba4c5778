// figure.h: one picture of all that was found: parts, waveform with its beats, loudness, and a mel spectrogram, above one time axis.
//
// Shape    1200 x 760 pixels; as PNG twice that. What was not asked for or not found leaves its row empty, and the figure says
//          what is known in one line below the title.
// Threads  pure functions.
// Errors   those of plot/png.h.
#pragma once

#include <string>

#include "core/store.h"
#include "exports/analysis/examine.h"

namespace dubplate {

// name: what the figure is titled with.
Result<std::string> draw_figure(const std::string& name, const Analysis& analysis,
                                const AnalysisPictures& pictures);

// path: ends with .svg or .png. Appears whole or not at all.
Status write_figure(Store& store, const std::filesystem::path& path, bool overwrite, const std::string& svg);

}  // namespace dubplate
