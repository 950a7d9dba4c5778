// verify.h: checks a pack that was made before: a folder or a ZIP archive, by its manifest.json.
//
// What     each file that the manifest names is there, as long as it says, with the same SHA-256; what lies there beside them is
//          told.
// Safety   a pack may be hostile: paths in its manifest are data, and those that leave the pack are refused.
// Threads  pure functions, but for the files that they read.
// Errors   not_found: no pack there; corrupt: its manifest; those of the store; canceled.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/store.h"

namespace dubplate {

// Is this path of a manifest one below the pack?
bool stays_inside(const std::string& name);

struct VerifiedFile {
    std::string path{};
    std::string status{};  // "ok", "missing", "changed", "not in the manifest"
};

struct VerifiedPack {
    std::string device{};
    std::vector<VerifiedFile> files{};
    std::size_t wrong_count() const;  // missing or changed
};

Result<VerifiedPack> verify_pack(Store& store, const std::filesystem::path& pack, std::stop_token stop);
Json to_json(const VerifiedPack& verified);

}  // namespace dubplate
