// manifest.h: what a pack holds and what was checked of it.
//
// JSON     to_json() is what --json prints; pack_file_json() is the manifest.json inside of the pack, which tells no times and no
//          places outside of it, so that the same pack is the same bytes.
// Threads  plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "exports/manifest.h"
#include "exports/pack/plan.h"

namespace dubplate {

struct PackFile {
    std::string path;  // relative to the pack
    std::string kind;  // "sample", "project", "preview", "sheet", "picture"
    std::uint64_t bytes = 0;
    std::string sha256{};
    std::vector<ProofCheck> checks{};
};

struct PackSample {
    std::string name{};
    SampleLayout layout{};
    bool kept = false;  // every sample as it was
    double gain_db = 0;
    std::int64_t clipped_samples = 0;
    double seconds = 0;  // that the work took
    std::vector<std::string> pads{};
    std::vector<PackFile> files{};
    std::vector<Loss> losses{};
    std::optional<Error> error{};
};

// One source.
struct PackItem {
    std::string input{};
    std::string status{};  // "done", "failed", "canceled"
    SampleValidation validation{};
    SourceInfo source{};
    std::vector<PackSample> samples{};
    std::optional<Error> error{};
};

struct PackManifest {
    std::string version{};  // of Dubplate
    std::string device{};
    std::string kit{};  // empty: none
    std::string organized_by{};
    std::string format{};
    std::string output{};
    std::vector<PackItem> items{};
    std::vector<PackFile> extras{};     // the project's table, pictures, contact sheets
    std::vector<ProofCheck> project{};  // a line for each pad, read back
    std::optional<Error> project_error{};
    std::vector<std::string> warnings{};
    double wall_seconds = 0;

    std::size_t sample_count() const;  // delivered
    std::size_t failed_count() const;
    std::uint64_t total_bytes() const;
};

Json to_json(const PackManifest& manifest);
// before: entries of packs that lie in the same folder; those that this one replaced are left out.
Json pack_file_json(const PackManifest& manifest, const Json& before = Json::array());
// "sample,delivered,pads" and a line for each sample's first file (RFC 4180).
std::string rename_table(const PackManifest& manifest);

}  // namespace dubplate
