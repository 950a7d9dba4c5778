// outputs.h: the files that jobs made: stored in order, found, moved, copied and cleaned up.
//
// Place    below one folder, by day (output_name.h); the catalog has a row for each, with its checksum.
// Atomic   each change is written into the journal (a table of the catalog) before a file is touched and struck out together
//          with the change of the rows. A process may be killed anywhere: the next one that opens the folder finishes what was
//          begun or takes it back. So each row always has its whole file, and each file its row.
//
//            journal row ──▶ copy to .part, sync, rename      ──▶ row of the file, journal struck out    (store, copy)
//            journal row ──▶ rename without replacing, sync   ──▶ row moved, journal struck out          (move)
//            journal row ──▶ unlink, sync                     ──▶ row gone, journal struck out           (delete)
//
// Needed   a file whose content is an asset of the library is never deleted.
// Threads  thread-compatible; processes take turns through a lock in the folder.
// Errors   invalid_argument (ids, paths), not_found, already_exists (the target; a file that is needed), io, unavailable,
//          those of the database.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "library/catalog.h"

namespace dubplate {

struct Output {
    std::string path{};  // below the folder
    std::string job_id{};
    std::string sha256{};
    std::int64_t size_bytes = 0;
    std::int64_t created = 0;
};

struct OutputFilter {
    std::optional<std::int64_t> from{};  // created at or after
    std::optional<std::int64_t> to{};    // created before
    std::string extension{};             // "wav"
    std::int64_t limit = 0;              // 0: all
};

struct OutputStats {
    std::int64_t total_files = 0, total_bytes = 0;
    std::optional<std::int64_t> oldest, newest;
    std::vector<std::pair<std::string, std::int64_t>> file_types;  // extension, how many
};

struct Cleaning {
    std::vector<Output> deleted;  // or would be
    std::int64_t kept = 0;        // old, but needed
    std::int64_t bytes = 0;
    int folders = 0;  // empty ones
};

class OutputFiles {
  public:
    // Finishes what a killed process left half done. The catalog is borrowed.
    static Result<OutputFiles> open(Catalog& catalog, const std::filesystem::path& folder);

    // ---- changes ----

    // A copy of `source` as the job's file; its extension is kept.
    Result<Output> store(const std::string& job_id, const std::filesystem::path& source);
    Result<Output> copy(const std::string& path, const std::string& to);
    Result<Output> move(const std::string& path, const std::string& to);
    // False: there is none.
    Result<bool> remove(const std::string& path);
    // Those that are older, and no asset; then the empty folders. dry_run: nothing is deleted.
    Result<Cleaning> clean(std::int64_t older_than_days, bool dry_run);

    // ---- questions ----

    // By its path below the folder, or by its job's id where that has one file.
    Result<Output> find(const std::string& path_or_job);
    bool exists(const std::string& path) const;
    std::filesystem::path full_path(const std::string& path) const { return folder_ / path; }
    const std::filesystem::path& folder() const { return folder_; }
    // The newest first.
    Status list(const OutputFilter& filter, const std::function<Status(const Output&)>& take);
    Result<OutputStats> compute_stats();
    Result<bool> is_needed(const Output& output);
    int recovered() const { return recovered_; }  // what open() found half done

    static std::string list_sql(const OutputFilter& filter, Values& values);

  private:
    OutputFiles(Catalog& catalog, std::filesystem::path folder)
        : catalog_(&catalog), folder_(std::move(folder)) {}
    struct Begun;
    Result<Begun> begin(const std::string& operation, const Output& source, const std::string& target);
    Result<Output> copy_in(const std::string& operation_source, const std::filesystem::path& from,
                           Output target);
    Status finish_store(const Begun& begun, const Output& output);
    Status finish_move(const Begun& begun);
    Status finish_delete(const Begun& begun);
    Status strike_out(const Begun& begun);
    Status recover();
    Status recover_one(const Begun& begun);
    Result<bool> remove_locked(const Output& output);

    Catalog* catalog_;
    std::filesystem::path folder_;
    int recovered_ = 0;
};

}  // namespace dubplate
