// pending_disk_file.h: the PendingFile of FileStore, and the folders that were made for it.
//
// What     HiddenFile finds a hidden name that nobody else writes; PendingDiskFile buffers, syncs and
//          publishes.
// Locks    a hidden file is held by flock() for as long as it is written. One that nobody holds was left
//          behind by a killed process and is replaced; one that is held gets a neighbor: ".song.flac.2.part".
// Folders  the folders that a FileStore made are taken away again when no file was published in them.
// Threads  MadeFolders is thread-safe; PendingDiskFile is thread-compatible.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/posix_file.h"
#include "core/store.h"

namespace dubplate {

class MadeFolders {
  public:
    // Makes what is missing of `folder` and opens it, so that no other thread takes it away in between.
    Result<FileDescriptor> open(const std::filesystem::path& folder);
    // Something was published in it: it stays.
    void keep(const std::filesystem::path& folder);
    // Takes away what was made by open(), was not kept and is empty, from `folder` upwards.
    void remove_unused(const std::filesystem::path& folder);

  private:
    std::mutex mutex_;
    std::set<std::filesystem::path> made_;  // guarded by mutex_
};

// A descriptor, opened for reading and writing, with its name in the folder.
struct HiddenFile {
    FileDescriptor descriptor;
    std::string name;
};
Result<HiddenFile> create_hidden_file(int folder, std::string_view final_name, std::string_view path);

// ".<name>.part", or ".<name>.<number>.part" from 2 on; the name is cut at a character where 255 bytes end.
std::string hidden_name(std::string_view final_name, int number);

class PendingDiskFile final : public PendingFile {
  public:
    struct Place {
        std::filesystem::path path;    // as the user gave it, for messages
        std::filesystem::path folder;  // absolute
        std::string name;
        bool overwrite = false;
    };
    PendingDiskFile(Place place, FileDescriptor folder, HiddenFile hidden, std::shared_ptr<MadeFolders> made);
    ~PendingDiskFile() override;

    Status append(std::span<const std::byte> data) override;
    Status write_at(std::uint64_t offset, std::span<const std::byte> data) override;
    std::uint64_t size() const override { return flushed_ + buffer_.size(); }
    Result<std::unique_ptr<ByteSource>> read_back() override;
    Status publish() override;
    // Several, with one wait for the disk; see Store::publish_all().
    static std::vector<Status> publish_together(std::span<PendingDiskFile* const> files);

  private:
    Status write_rest();  // all of it is with the system
    Status appear();      // under its name
    Status write(std::uint64_t offset, std::span<const std::byte> data);
    Status flush();
    Status rename_to_final();

    Place place_;
    FileDescriptor folder_;
    HiddenFile hidden_;
    std::shared_ptr<MadeFolders> made_;
    Bytes buffer_;               // appended, not yet written
    std::uint64_t flushed_ = 0;  // bytes in the file
    bool failed_ = false;        // a write went wrong: what is on the disk is not what was asked for
    bool published_ = false;
};

}  // namespace dubplate
