#include "library/files/outputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "core/hash.h"
#include "core/store.h"
#include "core/text.h"
#include "library/assets.h"
#include "library/events.h"
#include "library/files/disk.h"
#include "library/files/output_name.h"

namespace dubplate {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds patience(10'000);
constexpr std::array output_types{ColumnType::text, ColumnType::text, ColumnType::text, ColumnType::integer,
                                  ColumnType::integer};
constexpr std::string_view output_columns = "path, job_id, sha256, size_bytes, created";

Output output_of(const Row& row) {
    return {row.text(0), row.text(1), row.text(2), row.integer(3), row.integer(4)};
}

Result<FolderLock> lock(const fs::path& folder) {
    return FolderLock::take(folder, patience);
}

// The bytes of `from` as a file of that name, whole or not at all, and their checksum.
Status copy_bytes(const fs::path& from, const fs::path& to, Output& output) {
    FileStore store;
    DUBPLATE_TRY(const auto source, store.open(from));
    DUBPLATE_TRY(const auto target, store.create(to));
    constexpr std::size_t block_bytes = 1 << 20;
    Bytes block(block_bytes);
    Sha256 digest;
    for (std::uint64_t at = 0; at < source->size();) {
        DUBPLATE_TRY(const std::size_t count, source->read_at(at, block));
        if (count == 0) return fail(ErrorCode::unavailable, from.string() + ": changed while it was read");
        const auto data = std::span(block).first(count);
        digest.update(data);
        DUBPLATE_CHECK(target->append(data));
        at += count;
    }
    output.sha256 = digest.finish();
    output.size_bytes = static_cast<std::int64_t>(target->size());
    return target->publish();
}

}  // namespace

// A row of the journal.
struct OutputFiles::Begun {
    std::int64_t id = 0;
    std::string operation;
    Output source;  // what it is, or was, called
    std::string target;
};

Result<OutputFiles> OutputFiles::open(Catalog& catalog, const fs::path& folder) {
    OutputFiles files(catalog, fs::absolute(folder).lexically_normal());
    DUBPLATE_TRY(const auto begun,
                 catalog.database.find_integer("SELECT count(*) FROM file_journal WHERE folder = ?",
                                               {files.folder_.string()}));
    if (begun.value_or(0) > 0) DUBPLATE_CHECK(files.recover());
    return files;
}

Result<OutputFiles::Begun> OutputFiles::begin(const std::string& operation, const Output& source,
                                              const std::string& target) {
    DUBPLATE_TRY(const auto id,
                 catalog_->database.find_integer(
                     "INSERT INTO file_journal (folder, operation, source, target, sha256, size_bytes, "
                     "job_id, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                     {folder_.string(), operation, source.path, target, source.sha256, source.size_bytes,
                      source.job_id, source.created}));
    return Begun{id.value_or(0), operation, source, target};
}

Status OutputFiles::strike_out(const Begun& begun) {
    DUBPLATE_CHECK(catalog_->database.execute("DELETE FROM file_journal WHERE id = ?", {begun.id}));
    return {};
}

// ---- store and copy ----

Status OutputFiles::finish_store(const Begun& begun, const Output& output) {
    return catalog_->database.in_transaction([&]() -> Status {
        DUBPLATE_CHECK(catalog_->database.execute(
            fmt::format("INSERT INTO outputs ({}) VALUES (?, ?, ?, ?, ?)", output_columns),
            {output.path, output.job_id, output.sha256, output.size_bytes, output.created}));
        return strike_out(begun);
    });
}

Result<Output> OutputFiles::copy_in(const std::string& source, const fs::path& from, Output target) {
    DUBPLATE_TRY(const FolderLock locked, lock(folder_));
    if (exists(target.path))
        return fail(ErrorCode::already_exists, target.path + " exists already among the outputs");
    Output told = target;
    told.path = source;
    DUBPLATE_TRY(const Begun begun, begin("store", told, target.path));
    Status copied = copy_bytes(from, full_path(target.path), target);
    if (copied) copied = finish_store(begun, target);
    if (copied) return target;
    // A file that has no row yet is taken back as after a kill.
    const bool of_another = copied.error().code == ErrorCode::already_exists;
    DUBPLATE_CHECK(of_another ? strike_out(begun) : recover_one(begun));
    return std::move(copied).error();
}

Result<Output> OutputFiles::store(const std::string& job_id, const fs::path& source) {
    Output output{.job_id = job_id, .created = catalog_->now()};
    std::string extension = source.extension().string();
    if (!extension.empty()) extension.erase(0, 1);
    DUBPLATE_TRY(output.path, output_name(job_id, extension, output.created));
    return copy_in("", source, std::move(output));
}

Result<Output> OutputFiles::copy(const std::string& path, const std::string& to) {
    DUBPLATE_CHECK(check_relative_path(to));
    DUBPLATE_TRY(Output output, find(path));
    const std::string from = std::exchange(output.path, to);
    output.created = catalog_->now();
    return copy_in(from, full_path(from), std::move(output));
}

// ---- move ----

Status OutputFiles::finish_move(const Begun& begun) {
    return catalog_->database.in_transaction([&]() -> Status {
        const std::string from = full_path(begun.source.path).string();
        const std::string to = full_path(begun.target).string();
        DUBPLATE_CHECK(catalog_->database.execute("UPDATE outputs SET path = ? WHERE path = ?",
                                                  {begun.target, begun.source.path}));
        DUBPLATE_CHECK(rename_file(*catalog_, from, to));
        DUBPLATE_CHECK(catalog_->database.execute("UPDATE generations SET file_path = ? WHERE file_path = ?",
                                                  {to, from}));
        DUBPLATE_CHECK(
            record_event(*catalog_, "moved", begun.source.job_id, begun.source.path + " to " + begun.target));
        return strike_out(begun);
    });
}

Result<Output> OutputFiles::move(const std::string& path, const std::string& to) {
    DUBPLATE_CHECK(check_relative_path(to));
    DUBPLATE_TRY(const FolderLock locked, lock(folder_));
    DUBPLATE_TRY(Output output, find(path));
    if (output.path == to) return output;
    if (exists(to)) return fail(ErrorCode::already_exists, to + " exists already among the outputs");
    DUBPLATE_TRY(const Begun begun, begin("move", output, to));
    Status moved = move_entry(full_path(output.path), full_path(to));
    if (moved) moved = finish_move(begun);
    if (!moved) {
        DUBPLATE_CHECK(recover_one(begun));
        return std::move(moved).error();
    }
    output.path = to;
    return output;
}

// ---- delete ----

Status OutputFiles::finish_delete(const Begun& begun) {
    return catalog_->database.in_transaction([&]() -> Status {
        const std::string path = full_path(begun.source.path).string();
        DUBPLATE_CHECK(catalog_->database.execute("DELETE FROM outputs WHERE path = ?", {begun.source.path}));
        DUBPLATE_CHECK(catalog_->database.execute(
            "UPDATE generations SET file_path = NULL WHERE file_path = ?", {path}));
        DUBPLATE_CHECK(forget_file(*catalog_, path));
        DUBPLATE_CHECK(record_event(*catalog_, "deleted", begun.source.job_id, begun.source.path));
        return strike_out(begun);
    });
}

Result<bool> OutputFiles::is_needed(const Output& output) {
    DUBPLATE_TRY(const auto id,
                 catalog_->database.find_text("SELECT id FROM assets WHERE sha256 = ?", {output.sha256}));
    return id.has_value();
}

Result<bool> OutputFiles::remove_locked(const Output& output) {
    DUBPLATE_TRY(const bool needed, is_needed(output));
    if (needed)
        return fail(ErrorCode::already_exists,
                    fmt::format("{}: the library needs it, as the asset {}", output.path,
                                output.sha256.substr(0, 16)),
                    "dubplate library rm forgets the asset");
    DUBPLATE_TRY(const Begun begun, begin("delete", output, ""));
    DUBPLATE_TRY(const bool removed, remove_entry(full_path(output.path)));
    DUBPLATE_CHECK(finish_delete(begun));
    return removed;
}

Result<bool> OutputFiles::remove(const std::string& path) {
    DUBPLATE_TRY(const FolderLock locked, lock(folder_));
    const Result<Output> output = find(path);
    if (!output && output.error().code == ErrorCode::not_found) return false;
    if (!output) return output.error();
    return remove_locked(*output);
}

Result<Cleaning> OutputFiles::clean(std::int64_t older_than_days, bool dry_run) {
    DUBPLATE_TRY(const FolderLock locked, lock(folder_));
    constexpr std::int64_t day_ms = 86'400'000;
    OutputFilter old;
    old.to = catalog_->now() - older_than_days * day_ms;
    std::vector<Output> candidates;
    DUBPLATE_CHECK(list(old, [&](const Output& output) -> Status {
        candidates.push_back(output);
        return {};
    }));
    Cleaning cleaning;
    for (Output& output : candidates) {
        DUBPLATE_TRY(const bool needed, is_needed(output));
        cleaning.kept += needed;
        if (needed) continue;
        if (!dry_run) DUBPLATE_CHECK(remove_locked(output));
        cleaning.bytes += output.size_bytes;
        cleaning.deleted.push_back(std::move(output));
    }
    DUBPLATE_TRY(cleaning.folders, remove_empty_folders(folder_, dry_run));
    return cleaning;
}

// ---- after a kill ----

Status OutputFiles::recover() {
    DUBPLATE_TRY(const FolderLock locked, lock(folder_));
    std::vector<Begun> all;
    constexpr std::array types{ColumnType::integer, ColumnType::text,   ColumnType::text,
                               ColumnType::text,    ColumnType::text,   ColumnType::integer,
                               ColumnType::text,    ColumnType::integer};
    // Whoever wrote these rows held the lock, and does not any more.
    DUBPLATE_CHECK(catalog_->database.query(
        "SELECT id, operation, source, target, sha256, size_bytes, job_id, created FROM file_journal WHERE "
        "folder = ? ORDER BY id",
        {folder_.string()}, types, [&](const Row& row) -> Status {
            all.push_back({row.integer(0),
                           row.text(1),
                           {row.text(2), row.text(6), row.text(4), row.integer(5), row.integer(7)},
                           row.text(3)});
            return {};
        }));
    for (const Begun& begun : all) DUBPLATE_CHECK(recover_one(begun));
    recovered_ = static_cast<int>(all.size());
    return {};
}

Status OutputFiles::recover_one(const Begun& begun) {
    if (begun.operation == "move") {
        const bool moved = exists(begun.target) && !exists(begun.source.path);
        return moved ? finish_move(begun) : strike_out(begun);
    }
    if (begun.operation == "delete") {
        DUBPLATE_TRY(const bool needed, is_needed(begun.source));
        if (needed && exists(begun.source.path)) return strike_out(begun);
        DUBPLATE_CHECK(remove_entry(full_path(begun.source.path)));
        return finish_delete(begun);
    }
    const fs::path target = full_path(begun.target);
    // What is there under its final name is whole; what is not there has at most a hidden part.
    if (exists(begun.target)) {
        FileStore store;
        DUBPLATE_TRY(const auto source, store.open(target));
        Output output = begun.source;
        output.path = begun.target;
        output.size_bytes = static_cast<std::int64_t>(source->size());
        DUBPLATE_TRY(output.sha256, sha256_of(*source));
        return finish_store(begun, output);
    }
    DUBPLATE_CHECK(remove_entry(target.parent_path() / ("." + target.filename().string() + ".part")));
    return strike_out(begun);
}

// ---- questions ----

bool OutputFiles::exists(const std::string& path) const {
    std::error_code ignored;
    return fs::is_regular_file(full_path(path), ignored);
}

Result<Output> OutputFiles::find(const std::string& path_or_job) {
    std::vector<Output> found;
    for (const char* column : {"path", "job_id"}) {
        if (!found.empty()) break;
        DUBPLATE_CHECK(catalog_->database.query(
            fmt::format("SELECT {} FROM outputs WHERE {} = ? ORDER BY path LIMIT 2", output_columns, column),
            {path_or_job}, output_types, [&](const Row& row) -> Status {
                found.push_back(output_of(row));
                return {};
            }));
    }
    if (found.empty())
        return fail(ErrorCode::not_found,
                    fmt::format("no output is \"{}\", or of a job of that name", escape_control(path_or_job)),
                    "see dubplate library files list");
    if (found.size() > 1)
        return fail(ErrorCode::invalid_argument, fmt::format("the job {} has several files", path_or_job),
                    "give the file's path");
    return std::move(found.front());
}

std::string OutputFiles::list_sql(const OutputFilter& filter, Values& values) {
    std::string sql = fmt::format("SELECT {} FROM outputs WHERE 1 = 1", output_columns);
    const auto add = [&](std::string_view condition, Value value) {
        sql += condition;
        values.push_back(std::move(value));
    };
    if (filter.from) add(" AND created >= ?", *filter.from);
    if (filter.to) add(" AND created < ?", *filter.to);
    if (!filter.extension.empty()) add(" AND path LIKE ?", "%." + to_lower_ascii(filter.extension));
    sql += " ORDER BY created DESC, path DESC";
    if (filter.limit > 0) add(" LIMIT ?", filter.limit);
    return sql;
}

Status OutputFiles::list(const OutputFilter& filter, const std::function<Status(const Output&)>& take) {
    Values values;
    const std::string sql = list_sql(filter, values);
    return catalog_->database.query(sql, values, output_types,
                                    [&](const Row& row) { return take(output_of(row)); });
}

Result<OutputStats> OutputFiles::compute_stats() {
    OutputStats stats;
    std::map<std::string, std::int64_t> types;
    DUBPLATE_CHECK(list({}, [&](const Output& output) -> Status {
        ++stats.total_files;
        stats.total_bytes += output.size_bytes;
        if (!stats.newest) stats.newest = output.created;
        stats.oldest = output.created;
        std::string type = fs::path(output.path).extension().string();
        ++types[type.erase(0, 1)];  // "" where there is none
        return {};
    }));
    stats.file_types.assign(types.begin(), types.end());
    return stats;
}

}  // namespace dubplate
