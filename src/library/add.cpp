#include "library/add.h"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <mutex>

#include "core/hash.h"
#include "core/ordered_work.h"
#include "core/store.h"
#include "core/text.h"
#include "exports/audio/input.h"
#include "library/events.h"

namespace dubplate {

namespace {

constexpr std::size_t files_of_a_transaction = 100;

// What a thread makes of one file, before anything is written.
struct Examined {
    AddReport report;
    FileState state;
    std::string sha256;
    std::optional<Found> found;  // none where its content was analyzed before
};

// The catalog as the examining threads see it: one connection, which they take turns with.
class Lookup {
  public:
    explicit Lookup(Catalog catalog) : catalog_(std::move(catalog)) {}
    Result<std::optional<KnownFile>> file(const std::string& path) {
        const std::lock_guard lock(mutex_);
        return find_file(catalog_, path);
    }
    Result<std::string> analyzer(const std::string& sha256) {
        const std::lock_guard lock(mutex_);
        return find_analyzer(catalog_, sha256);
    }
    Result<std::optional<std::string>> asset(const std::string& sha256) {
        const std::lock_guard lock(mutex_);
        return catalog_.database.find_text("SELECT id FROM assets WHERE sha256 = ?", {sha256});
    }

  private:
    std::mutex mutex_;
    Catalog catalog_;  // guarded by mutex_
};

class Examiner {
  public:
    Examiner(Lookup& lookup, const Analyzer& analyzer, bool dry_run)
        : lookup_(lookup), analyzer_(analyzer), dry_run_(dry_run) {}

    Result<Examined> examine(const std::string& path, const std::stop_token& stop) const {
        Examined examined;
        examined.report.path = path;
        if (Status status = fill(examined, stop); !status) {
            // The work as a whole ends where it is stopped; a file that fails does not end the others.
            if (status.error().code == ErrorCode::canceled) return std::move(status).error();
            examined.report.status = AddStatus::failed;
            examined.report.error = std::move(status).error();
        }
        return examined;
    }

  private:
    Status fill(Examined& examined, const std::stop_token& stop) const {
        const std::string& path = examined.report.path;
        DUBPLATE_TRY(examined.state, state_of(path));
        DUBPLATE_TRY(const auto known, lookup_.file(path));
        if (known && known->state == examined.state && is_done_by(known->analyzer)) {
            examined.report.status = AddStatus::unchanged;
            examined.report.asset_id = known->asset_id;
            return {};
        }
        DUBPLATE_TRY(examined.sha256, hash(path, stop));
        DUBPLATE_TRY(const std::string before, lookup_.analyzer(examined.sha256));
        if (!is_done_by(before) && !dry_run_) {
            DUBPLATE_TRY(examined.found, analyzer_.analyze(path, stop));
        }
        DUBPLATE_TRY(const FileState after, state_of(path));
        if (after != examined.state)
            return fail(ErrorCode::unavailable, path + ": changed while it was read",
                        "add it again when it is whole");
        DUBPLATE_TRY(const auto asset, lookup_.asset(examined.sha256));
        examined.report.asset_id = examined.sha256.substr(0, asset_id_digits);
        examined.report.status = asset ? AddStatus::known : AddStatus::added;
        if (known && known->sha256 != examined.sha256) examined.report.status = AddStatus::changed;
        return {};
    }

    bool is_done_by(const std::string& version) const {
        return version == analyzer_.version || (analyzer_.is_rough && !version.empty());
    }

    static Result<std::string> hash(const std::string& path, const std::stop_token& stop) {
        FileStore store;
        DUBPLATE_TRY(const auto source, store.open(path));
        return sha256_of(*source, stop);
    }

    Lookup& lookup_;
    const Analyzer& analyzer_;
    const bool dry_run_;
};

// Of a sound that was known before and is now found at `path`: its files that are gone were moved there.
Status follow_moved_files(Catalog& catalog, const std::string& asset_id, const std::string& path) {
    std::vector<std::string> gone;
    DUBPLATE_CHECK(list_files(catalog, asset_id, [&](const FileState& file) -> Status {
        std::error_code ignored;
        const auto status = std::filesystem::symlink_status(file.path, ignored);
        if (status.type() == std::filesystem::file_type::not_found) gone.push_back(file.path);
        return {};
    }));
    for (const std::string& from : gone) {
        DUBPLATE_CHECK(forget_file(catalog, from));
        DUBPLATE_CHECK(record_event(catalog, "moved", asset_id, from + " to " + path));
    }
    return {};
}

// Collects what was examined, and writes it a hundred files at a time.
class Writer {
  public:
    Writer(Catalog& catalog, const std::string& version, const AddOptions& options,
           const std::function<void(const AddReport&)>& report)
        : catalog_(catalog), version_(version), options_(options), report_(report) {}

    Status take(Examined examined) {
        waiting_.push_back(std::move(examined));
        return waiting_.size() < files_of_a_transaction ? Status() : flush();
    }

    // Where it fails, none of these files was added, and their reports say so.
    Status flush() {
        Status written;
        if (!options_.dry_run && !waiting_.empty())
            written = catalog_.database.in_transaction([&]() -> Status {
                for (Examined& examined : waiting_) DUBPLATE_CHECK(write(examined));
                return {};
            });
        for (Examined& examined : waiting_) {
            if (!written) fail_unwritten(examined.report, written.error());
            report_(examined.report);
        }
        waiting_.clear();
        return written;
    }

  private:
    static void fail_unwritten(AddReport& report, const Error& error) {
        if (report.status == AddStatus::failed || report.status == AddStatus::unchanged) return;
        report.status = AddStatus::failed;
        report.asset_id.clear();
        report.error = error;
    }

    Status write(Examined& examined) {
        AddReport& report = examined.report;
        if (report.status == AddStatus::failed || report.status == AddStatus::unchanged) return {};
        if (examined.found) DUBPLATE_CHECK(store_found(catalog_, examined.sha256, version_, *examined.found));
        DUBPLATE_TRY(const AddedAs as, add_file(catalog_, examined.sha256, options_.kind, examined.state));
        report.status = as == AddedAs::added     ? AddStatus::added
                        : as == AddedAs::changed ? AddStatus::changed
                                                 : AddStatus::known;
        if (as == AddedAs::known) return follow_moved_files(catalog_, report.asset_id, report.path);
        return {};
    }

    Catalog& catalog_;
    const std::string& version_;
    const AddOptions& options_;
    const std::function<void(const AddReport&)>& report_;
    std::vector<Examined> waiting_;
};

std::string absolute_path(const std::filesystem::path& path) {
    return std::filesystem::absolute(path).lexically_normal().string();
}

Status work_on(const std::vector<ExpandedInput>& inputs, Lookup& lookup, const Analyzer& analyzer,
               Writer& writer, const AddOptions& options, Progress& progress, const std::stop_token& stop) {
    const Examiner examiner(lookup, analyzer, options.dry_run);
    Progress::Part part = progress.part(1.0);
    std::size_t done = 0;
    OrderedWork<Examined> work(options.jobs, stop, [&](Examined examined) -> Status {
        part.stage("analyzing", std::filesystem::path(examined.report.path).filename().string());
        part.advance_to(static_cast<double>(++done) / static_cast<double>(inputs.size()));
        return writer.take(std::move(examined));
    });
    for (const ExpandedInput& input : inputs) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        DUBPLATE_CHECK(work.add([&examiner, &input](const std::stop_token& asked) -> Result<Examined> {
            if (input.input) return examiner.examine(absolute_path(input.input->path), asked);
            Examined failed;
            failed.report = {input.name, AddStatus::failed, "", input.input.error()};
            return failed;
        }));
    }
    return work.finish();
}

}  // namespace

std::string_view name_of(AddStatus status) {
    constexpr std::string_view names[] = {"added", "known", "changed", "unchanged", "failed"};
    return names[static_cast<std::size_t>(status)];
}

Result<FileState> state_of(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return system_error(errno, path);
    if (!is_valid_utf8(path))
        return fail(ErrorCode::unsupported, escape_control(path) + ": the name is not UTF-8",
                    "rename the file");
    constexpr std::int64_t nanoseconds = 1'000'000'000;
    return FileState{path, found.st_size, found.st_mtim.tv_sec * nanoseconds + found.st_mtim.tv_nsec};
}

Status add_files(Catalog& catalog, const std::string& catalog_url, const std::vector<std::string>& names,
                 const Analyzer& analyzer, const AddOptions& options, Progress& progress,
                 const std::function<void(const AddReport&)>& report, std::stop_token stop) {
    DUBPLATE_TRY(Catalog second, open_catalog(catalog_url));
    Lookup lookup(std::move(second));
    const std::vector<ExpandedInput> inputs = expand_inputs(names, stop);
    Writer writer(catalog, analyzer.version, options, report);
    const Status worked = work_on(inputs, lookup, analyzer, writer, options, progress, stop);
    // What is done is kept, wherever the rest was stopped.
    if (Status written = writer.flush(); !written) return written;
    if (worked) progress.complete();
    return worked;
}

}  // namespace dubplate
