// add.h: files and folders into the library, on all cores.
//
// Skips    a file whose size and time of change are those in the catalog is not read; one whose content is known is hashed
//          and not analyzed; the rest is analyzed. So the work can be stopped anywhere and begun again.
// Writes   by the calling thread alone, many files in one transaction; what was done is kept where it is stopped.
// Changes  a file that changes while it is read is not added, and says so (unavailable).
// Moved    where known content lies at a new path, its paths at which there is no file any more are replaced by that one.
// Order    of the reports: that of the files. The catalog does not depend on it.
// Threads  add_files() is called by one thread for one catalog; it opens a second connection to read.
// Errors   of a file: in its report. Of all: those of the database, which stand in the reports of the files, too, that are not
//          added because of them; canceled.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/progress.h"
#include "library/analyzer.h"

namespace dubplate {

struct AddOptions {
    std::string kind = "sample";
    int jobs = 1;
    bool dry_run = false;  // nothing is analyzed or written: the reports tell what would be
};

enum class AddStatus { added, known, changed, unchanged, failed };
std::string_view name_of(AddStatus status);

struct AddReport {
    std::string path;
    AddStatus status = AddStatus::failed;
    std::string asset_id;  // empty where it failed
    std::optional<Error> error;
};

// names: files, folders with all the audio below them, globs.
Status add_files(Catalog& catalog, const std::string& catalog_url, const std::vector<std::string>& names,
                 const Analyzer& analyzer, const AddOptions& options, Progress& progress,
                 const std::function<void(const AddReport&)>& report, std::stop_token stop = {});

// The file as it is now. Errors: not_found, io; unsupported: a name that is not UTF-8.
Result<FileState> state_of(const std::string& path);

}  // namespace dubplate
