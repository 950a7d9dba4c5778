#include "library/files/disk.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <set>
#include <thread>
#include <vector>

namespace dubplate {

namespace {

namespace fs = std::filesystem;

Status sync_folder(const fs::path& folder) {
    const FileDescriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!descriptor || ::fsync(descriptor.get()) != 0) return system_error(errno, folder.string());
    return {};
}

// The folders that are made are synced into the ones that hold them.
Status make_folders(const fs::path& folder) {
    if (fs::is_directory(folder)) return {};
    if (folder.has_parent_path() && folder != folder.parent_path())
        DUBPLATE_CHECK(make_folders(folder.parent_path()));
    if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) return system_error(errno, folder.string());
    return folder.has_parent_path() ? sync_folder(folder.parent_path()) : Status();
}

}  // namespace

Result<FolderLock> FolderLock::take(const fs::path& folder, std::chrono::milliseconds patience) {
    DUBPLATE_CHECK(make_folders(folder));
    const fs::path path = folder / lock_name;
    FileDescriptor descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!descriptor) return system_error(errno, path.string());
    constexpr std::chrono::milliseconds pause(2);
    for (auto waited = pause; ::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0; waited += pause) {
        if (errno != EWOULDBLOCK && errno != EINTR) return system_error(errno, path.string());
        if (waited > patience)
            return fail(ErrorCode::unavailable, folder.string() + ": another program works in it",
                        "try again when that has ended");
        std::this_thread::sleep_for(pause);
    }
    return FolderLock(std::move(descriptor));
}

Status move_entry(const fs::path& from, const fs::path& to) {
    DUBPLATE_CHECK(make_folders(to.parent_path()));
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
        if (errno == EEXIST) return fail(ErrorCode::already_exists, to.string() + " exists already");
        return system_error(errno, from.string());
    }
    DUBPLATE_CHECK(sync_folder(to.parent_path()));
    return sync_folder(from.parent_path());
}

Result<bool> remove_entry(const fs::path& path) {
    if (::unlink(path.c_str()) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) return false;
        return system_error(errno, path.string());
    }
    DUBPLATE_CHECK(sync_folder(path.parent_path()));
    return true;
}

Result<int> remove_empty_folders(const fs::path& folder, bool dry_run) {
    std::error_code error;
    std::vector<fs::path> folders;
    std::set<fs::path> used;
    for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->is_directory(error) && !entry->is_symlink(error)) {
            folders.push_back(entry->path());
        } else {
            for (fs::path above = entry->path().parent_path(); above != folder && used.insert(above).second;)
                above = above.parent_path();
        }
    }
    if (error) return system_error(error.value(), folder.string());
    int count = 0;
    std::ranges::sort(folders, std::greater<>());  // what is inside comes before what is around it
    for (const fs::path& each : folders) {
        if (used.contains(each)) continue;
        if (!dry_run && ::rmdir(each.c_str()) != 0) {
            if (errno == ENOTEMPTY || errno == EEXIST) continue;  // somebody put a file there just now
            return system_error(errno, each.string());
        }
        ++count;
    }
    return count;
}

}  // namespace dubplate
