// store.h: the only way in which Dubplate reads and writes files.
//
// What     ByteSource reads at any place; PendingFile is written under a hidden name and appears under its
//          final one, whole, when it is published; Store opens both. FileStore is the real thing; MemoryStore
//          keeps all in memory; FailingStore (tests/support) fails at the n-th write.
// Why      a deliverable never appears before it is whole, and every failure of a disk can be rehearsed.
// Publish  the bytes are synced, then renamed without replacing (or with, when overwriting was asked for),
//          then the folder is synced. A PendingFile that is destroyed unpublished removes what it wrote.
// Names    the hidden name is ".<name>.part" in the same folder, cut where the file system's 255 bytes end.
// Threads  a Store is thread-safe; ByteSource::read_at is thread-safe; PendingFile is thread-compatible.
// Errors   io (with the system's words), not_found, already_exists, limit_exceeded (a source of unknown
//          size).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/result.h"

namespace dubplate {

using Bytes = std::vector<std::byte>;

class ByteSource {
  public:
    ByteSource() = default;
    ByteSource(const ByteSource&) = delete;
    ByteSource& operator=(const ByteSource&) = delete;
    virtual ~ByteSource() = default;

    virtual std::uint64_t size() const = 0;
    // Reads up to target.size() bytes at `offset`; fewer only at the end (0 at or past it).
    virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> target) const = 0;
    // What to call it in messages: the path as the user gave it, or "standard input".
    virtual std::string name() const = 0;
};

class PendingFile {
  public:
    PendingFile() = default;
    PendingFile(const PendingFile&) = delete;
    PendingFile& operator=(const PendingFile&) = delete;
    virtual ~PendingFile() = default;  // removes what was written, unless published

    virtual Status append(std::span<const std::byte> data) = 0;
    // Overwrites bytes that were written before: offset + data.size() <= size().
    virtual Status write_at(std::uint64_t offset, std::span<const std::byte> data) = 0;
    virtual std::uint64_t size() const = 0;
    // What was written so far, to be read back before it is published. Valid while this file lives.
    virtual Result<std::unique_ptr<ByteSource>> read_back() = 0;
    virtual Status publish() = 0;  // at most once; nothing is written after it
};

struct CreateOptions {
    bool overwrite = false;
};

class Store {
  public:
    Store() = default;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    virtual ~Store() = default;

    virtual Result<std::unique_ptr<ByteSource>> open(const std::filesystem::path& path) = 0;
    // Makes the missing folders above it. Fails at once with already_exists where overwrite is off.
    virtual Result<std::unique_ptr<PendingFile>> create(const std::filesystem::path& path,
                                                        CreateOptions options = {}) = 0;
    virtual bool exists(const std::filesystem::path& path) = 0;
    // Publishes many files as publish() does, each in its own right, but waits for the disk once for all of them: for hundreds
    // of small ones. They are of this store. A status for each.
    virtual std::vector<Status> publish_all(std::span<PendingFile* const> files);
    // A symbolic link at `path` to `target`, which is relative to the link's folder and need not be there. One that is there
    // already and points to it is left; anything else is already_exists. Errors also: unsupported, where there are none.
    virtual Status link(const std::filesystem::path& path, const std::filesystem::path& target);
    // Free bytes for this user at the nearest existing folder at or above `folder`.
    virtual Result<std::uint64_t> free_bytes(const std::filesystem::path& folder) = 0;
};

class MadeFolders;

// Folders that create() made are removed again where no file was published in them.
class FileStore final : public Store {
  public:
    FileStore();
    ~FileStore() override;

    Result<std::unique_ptr<ByteSource>> open(const std::filesystem::path& path) override;
    Result<std::unique_ptr<PendingFile>> create(const std::filesystem::path& path,
                                                CreateOptions options = {}) override;
    bool exists(const std::filesystem::path& path) override;
    std::vector<Status> publish_all(std::span<PendingFile* const> files) override;
    Status link(const std::filesystem::path& path, const std::filesystem::path& target) override;
    Result<std::uint64_t> free_bytes(const std::filesystem::path& folder) override;

  private:
    std::shared_ptr<MadeFolders> made_;
};

// Files as byte vectors by path. Thread-safe.
class MemoryStore final : public Store {
  public:
    Result<std::unique_ptr<ByteSource>> open(const std::filesystem::path& path) override;
    Result<std::unique_ptr<PendingFile>> create(const std::filesystem::path& path,
                                                CreateOptions options = {}) override;
    bool exists(const std::filesystem::path& path) override;
    Result<std::uint64_t> free_bytes(const std::filesystem::path& folder) override;

    void put(const std::filesystem::path& path, Bytes content);
    Result<Bytes> take(const std::filesystem::path& path);  // and forgets it
    std::vector<std::filesystem::path> list() const;        // published files, sorted

  private:
    friend class MemoryPendingFile;
    mutable std::mutex mutex_;
    std::map<std::filesystem::path, std::shared_ptr<const Bytes>> files_;  // guarded by mutex_
};

// Bytes that are already in memory, as a source. Shares ownership of them.
std::unique_ptr<ByteSource> make_memory_source(std::shared_ptr<const Bytes> bytes, std::string name);

// Standard input, or any other stream of unknown length: copied to an unnamed temporary file (in $TMPDIR,
// else /tmp), because measuring comes before writing and both read it all. limit_bytes bounds it.
Result<std::unique_ptr<ByteSource>> spool(int file_descriptor, std::string name, std::uint64_t limit_bytes,
                                          std::stop_token stop = {});

// All of a source, refused with limit_exceeded where it is longer than limit_bytes.
Result<Bytes> read_all(const ByteSource& source, std::uint64_t limit_bytes);

}  // namespace dubplate
