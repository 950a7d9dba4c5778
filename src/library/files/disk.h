// disk.h: the few changes to a folder's entries that outputs are made of, each durable when it returns.
//
// What     FolderLock keeps other processes out; move_entry() renames and never replaces; remove_entry() removes; both sync the
//          folders. remove_empty_folders() takes away what is empty below a folder, from the bottom up.
// Errors   io, not_found, already_exists; unavailable: another process holds the lock for too long.
#pragma once

#include <chrono>
#include <filesystem>

#include "core/posix_file.h"
#include "core/result.h"

namespace dubplate {

class FolderLock {
  public:
    // Makes the folder where it is not there.
    static Result<FolderLock> take(const std::filesystem::path& folder, std::chrono::milliseconds patience);

  private:
    explicit FolderLock(FileDescriptor descriptor) : descriptor_(std::move(descriptor)) {}
    FileDescriptor descriptor_;
};

Status move_entry(const std::filesystem::path& from, const std::filesystem::path& to);
// False: there was none.
Result<bool> remove_entry(const std::filesystem::path& path);
Result<int> remove_empty_folders(const std::filesystem::path& folder, bool dry_run);

// Of FolderLock: it lies in the folder itself.
inline constexpr const char* lock_name = ".lock";

}  // namespace dubplate
