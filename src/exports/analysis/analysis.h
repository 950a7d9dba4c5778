// analysis.h: all that is known of one piece of audio, and its JSON.
//
// What     Facts stand in the file and are read without decoding it; the rest was measured on the samples. What was not
//          asked for, or could not be told, is none, and the JSON says null.
// Units    as in the names; levels of silence are -inf (JSON null); amplitudes are linear, 1.0 is full scale.
// JSON     one flat object, as `dubplate analyze --json` prints it for each input (docs/user-guide/analyze.md lists the
//          keys). analysis_from_json() reads it back; levels are rounded to 0.01 dB.
// Version  analyzer_version counts up whenever the same audio would be told otherwise: what was kept is then measured anew.
// Errors   analysis_from_json(): corrupt, naming the key.
// Threads  plain values.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "analysis/features.h"
#include "analysis/key.h"
#include "analysis/structure.h"
#include "analysis/tempo.h"
#include "audio/nodes/statistics.h"
#include "exports/manifest.h"
#include "formats/audio/format.h"

namespace dubplate {

inline constexpr int analyzer_version = 3;

// A cover is told and not kept: a folder of albums holds gigabytes of them.
struct CoverFacts {
    std::string mime{};
    std::uint64_t bytes = 0;
};

struct Analysis {
    SourceInfo source{};  // frames are exact where the samples were read; without the cover
    std::optional<CoverFacts> cover{};
    std::uint64_t file_bytes = 0;  // 0: from memory
    std::optional<SampleStatistics> statistics{};
    std::optional<MeasuredLoudness> loudness{};  // none also where the rate is one that has no K-weighting
    std::optional<Tempo> tempo{};
    std::optional<KeyEstimate> key{};
    std::optional<Features> features{};
    std::optional<Structure> structure{};
    std::vector<std::string> warnings{};

    double seconds() const;
};

nlohmann::json to_json(const Analysis& analysis);
Result<Analysis> analysis_from_json(const nlohmann::json& json);

}  // namespace dubplate
