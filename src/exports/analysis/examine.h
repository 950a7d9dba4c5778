// examine.h: one pass over an opened source; what analyze.h and the run are made of. Internal to exports/analysis.
//
// Pictures gathered where asked, for the figure (picture.h).
// Threads  one thread at a time for each source.
#pragma once

#include <optional>

#include "audio/nodes/pictures.h"
#include "exports/analysis/analyze.h"
#include "exports/audio/input.h"

namespace dubplate {

struct Examined {
    Analysis analysis;
};

// What the file says of itself.
Analysis facts_of(const OpenedAudio& opened);

// stem: the name without its extension.
Result<Examined> examine(const OpenedAudio& opened, const std::string& stem, const AnalyzeOptions& options,
                         Progress::Part progress, std::stop_token stop);

}  // namespace dubplate
