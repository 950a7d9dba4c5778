// examine.h: one pass over an opened source; what analyze.h and the run are made of. Internal to exports/analysis.
//
//                  ┌─▶ statistics
//   reader ─▶ pass ┼─▶ loudness meter
//                  ├─▶ waveform                                      (where it is drawn)
//                  └─▶ spectra ─┬─▶ onsets, notes ─▶ tempo, key      (where one of these is asked for)
//                               └─▶ timbre ─▶ features, structure
//
// Threads  one thread at a time for each source.
#pragma once

#include <optional>
#include <vector>

#include "analysis/timbre.h"
#include "audio/nodes/pictures.h"
#include "exports/analysis/analyze.h"
#include "exports/audio/input.h"

namespace dubplate {

// What the figure shows beside the analysis itself (figure.h).
struct AnalysisPictures {
    std::vector<WaveformColumn> waveform;  // of equal stretches
    std::vector<float> short_term_lufs;    // every 100 ms, from 3.0 s on
    std::vector<float> momentary_lufs;     // every 100 ms, from 0.4 s on
    std::vector<MelPowers> mel_powers;     // of equal stretches of mel_step_s
    double mel_step_s = 0;
};

struct Examined {
    Analysis analysis;
    std::optional<AnalysisPictures> pictures{};
};

struct ExamineOptions {
    AnalyzeOptions analyze{};
    bool pictures = false;
};

// What the file says of itself.
Analysis facts_of(const OpenedAudio& opened);

// stem: the name without its extension.
Result<Examined> examine(const OpenedAudio& opened, const std::string& stem, const ExamineOptions& options,
                         Progress::Part progress, std::stop_token stop);

}  // namespace dubplate
