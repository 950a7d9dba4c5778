// assets.h: assets in the catalog, their files, and what an analysis found of them.
//
// Edits    what a user said of a field is final: store_found() leaves such fields alone (edits.h).
// Order    what the catalog holds in the end does not depend on the order in which files were added.
// Writers  each function is one transaction, or part of the caller's.
// Errors   not_found, invalid_argument (an id that names several), those of the database.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "library/asset.h"
#include "library/catalog.h"

namespace dubplate {

// What an analyzer tells of one file: the fields with Field::found of `facts`.
struct Found {
    Asset facts{};
    std::string document = "{}";  // JSON: all that was found
    std::vector<float> vector{};  // for similar.h; empty: none
};

struct FileState {
    std::string path;  // absolute
    std::int64_t size_bytes = 0;
    std::int64_t mtime_ns = 0;
    bool operator==(const FileState&) const = default;
};

// By the id, or by a beginning of it that no other has (4 digits at least).
Result<Asset> find_asset(Catalog& catalog, const std::string& id);

// ---- files ----

struct KnownFile {
    FileState state;
    std::string asset_id;
    std::string sha256;
    std::string analyzer;  // that analyzed this content last; empty: none
};
Result<std::optional<KnownFile>> find_file(Catalog& catalog, const std::string& path);
Status list_files(Catalog& catalog, const std::string& asset_id,
                  const std::function<Status(const FileState&)>& take);
// The file is gone, or is another's now; the asset stays.
Status forget_file(Catalog& catalog, const std::string& path);
Status rename_file(Catalog& catalog, const std::string& from, const std::string& to);

// ---- analyses, by content ----

// Which analyzer analyzed it last; "" where none did.
Result<std::string> find_analyzer(Catalog& catalog, const std::string& sha256);
Status store_found(Catalog& catalog, const std::string& sha256, const std::string& analyzer,
                   const Found& found);
Result<std::string> find_document(Catalog& catalog, const std::string& sha256);  // "{}" where there is none

// ---- assets ----

enum class AddedAs { added, known, changed };
// The file as one of the content's asset, which is made where it is new. `changed`: the file was another asset's before; one
// that has no file left hands its edits and tags on and is gone, unless a kit needs it. store_found() comes before.
Result<AddedAs> add_file(Catalog& catalog, const std::string& sha256, const std::string& kind,
                         const FileState& file);

// Refused with already_exists where a kit needs it. The files stay where they are.
Status remove_asset(Catalog& catalog, const std::string& id);

struct LibraryStats {
    std::int64_t assets = 0, files = 0, total_bytes = 0, edited = 0;
    double total_seconds = 0;
    std::vector<std::pair<std::string, std::int64_t>> by_kind, by_format;
};
Result<LibraryStats> compute_stats(Catalog& catalog);

}  // namespace dubplate
