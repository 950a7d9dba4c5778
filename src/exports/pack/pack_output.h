// pack_output.h: where a pack's files go: a folder, or one ZIP archive.
//
// Folder   each file appears whole under its own name when it is delivered.
// Archive  files are made in a hidden folder beside it, which is gone at the end, and stored in it one after the other: samples
//          are not packed (a tenth at most would be saved), text is. Its directory is sorted. It appears, whole, at finish().
// Threads  create() and deliver_all() are thread-safe; one caller at a time for an archive.
// Errors   those of the store and of the archive.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "core/store.h"
#include "exports/pack/plan.h"
#include "zip/zip_writer.h"

namespace dubplate {

class PackOutput {
  public:
    static Result<std::unique_ptr<PackOutput>> open(const PackPlan& plan, std::stop_token stop);

    bool is_archive() const { return writer_ != nullptr; }
    Result<std::unique_ptr<PendingFile>> create(const std::filesystem::path& path) const;
    // The manifest may replace that of packs before this one: it holds what that one held.
    Status deliver_manifest(std::span<const std::byte> content);
    // Into the archive.
    Status deliver(const std::filesystem::path& path, PendingFile& file);
    // Into the folder, all at once: the disk is waited for once. A status for each.
    std::vector<Status> deliver_all(std::span<PendingFile* const> files);
    // All of a small file, and the same read back.
    Result<Bytes> deliver(const std::filesystem::path& path, std::span<const std::byte> content);
    Status finish();

  private:
    Result<Bytes> deliver(const std::filesystem::path& path, std::span<const std::byte> content,
                          std::unique_ptr<PendingFile> file);
    PackOutput(const PackPlan& plan, std::stop_token stop) : target_(plan.target), stop_(std::move(stop)) {}

    ExportTarget target_;
    std::stop_token stop_;
    std::unique_ptr<PendingFile> archive_;  // null: a folder
    std::unique_ptr<ZipWriter> writer_;
};

}  // namespace dubplate
