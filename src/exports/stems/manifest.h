// manifest.h: what was delivered of a session and what was measured on it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "exports/manifest.h"
#include "exports/stems/null_test.h"

namespace dubplate {

// A project, a sheet or the ZIP: a file beside the audio.
struct ExtraFile {
    std::string kind;  // "reaper", "ardour", "sheet", "zip"
    std::string path;
    std::uint64_t bytes = 0;
    std::string sha256{};
    std::vector<ProofCheck> checks{};  // a project read back
    std::vector<ManifestLoss> losses{};
    std::optional<Error> error{};  // set: not delivered, and why
};

// Of a track's files that were delivered: the first that is lossless, else the first; null: none.
const ManifestFile* best_file(const std::vector<ManifestFile>& files);

struct StemsManifest {
    Manifest audio;          // an item for each track, in order, and then the mix
    double seconds = 0;      // of every stem
    double gain_db = 0;      // of all stems and the mix, for the loudness that was asked for
    double mix_gain_db = 0;  // of the mix alone: below 0 where the sum would be above full scale
    std::optional<NullTest> null_test;
    std::optional<Error> null_test_error;  // set: it could not be made
    std::vector<ExtraFile> extras;
    std::vector<std::string> warnings;

    int failed_count() const;  // tracks, files and extras
    bool passed() const;       // nothing failed, and the stems sum to the mix
};

// The manifest of the audio, with "kind": "stems", "null_test", "extras" and the rest beside it.
Json to_json(const StemsManifest& manifest, bool with_pictures = false);

}  // namespace dubplate
