#include "core/store.h"

#include "core/pending_disk_file.h"
#include "core/posix_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>

namespace dubplate {

namespace fs = std::filesystem;

namespace {

Error already_exists(const fs::path& path) {
    return fail(ErrorCode::already_exists, path.string() + " exists already",
                "use --overwrite, or choose another name with --name");
}

// What stands under the final name already, looked at without following a link: a link would be replaced
// itself.
Status check_final_name(int folder, const PendingDiskFile::Place& place) {
    struct stat found {};
    if (::fstatat(folder, place.name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT) return {};
        return system_error(errno, "cannot write " + place.path.string());
    }
    if (S_ISDIR(found.st_mode))
        return fail(ErrorCode::invalid_argument, place.path.string() + " is a folder, not a file");
    if (!S_ISREG(found.st_mode) && !S_ISLNK(found.st_mode))
        return fail(ErrorCode::unsupported, place.path.string() + " is a device or a pipe, not a file",
                    "choose the name of a file");
    if (!place.overwrite) return already_exists(place.path);
    return {};
}

Result<PendingDiskFile::Place> find_place(const fs::path& path, bool overwrite) {
    const fs::path name = path.filename();
    if (name.empty() || name == "." || name == ".." || path.native().find('\0') != std::string::npos)
        return fail(ErrorCode::invalid_argument, "'" + path.string() + "' does not name a file");
    std::error_code error;
    const fs::path absolute = fs::absolute(path, error);
    if (error) return system_error(error.value(), path.string());
    return PendingDiskFile::Place{path, absolute.parent_path(), name.string(), overwrite};
}

Result<std::unique_ptr<PendingFile>> create_in(const std::shared_ptr<MadeFolders>& made,
                                               PendingDiskFile::Place place, FileDescriptor folder) {
    DUBPLATE_CHECK(check_final_name(folder.get(), place));
    DUBPLATE_TRY(HiddenFile hidden, create_hidden_file(folder.get(), place.name, place.path.string()));
    return std::make_unique<PendingDiskFile>(std::move(place), std::move(folder), std::move(hidden), made);
}

}  // namespace

FileStore::FileStore() : made_(std::make_shared<MadeFolders>()) {}
FileStore::~FileStore() = default;

Result<std::unique_ptr<ByteSource>> FileStore::open(const fs::path& path) {
    // Not blocking, because opening a pipe would wait for its writer.
    FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) return system_error(errno, path.string());
    struct stat found {};
    if (::fstat(file.get(), &found) != 0) return system_error(errno, path.string());
    if (S_ISDIR(found.st_mode))
        return fail(ErrorCode::invalid_argument, path.string() + " is a folder, not a file");
    if (!S_ISREG(found.st_mode))
        return fail(ErrorCode::unsupported,
                    path.string() + " is a device or a pipe, which cannot be read twice",
                    "pass it through standard input: '-'");
    ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
    return make_file_source(std::move(file), static_cast<std::uint64_t>(found.st_size), path.string());
}

Result<std::unique_ptr<PendingFile>> FileStore::create(const fs::path& path, CreateOptions options) {
    DUBPLATE_TRY(PendingDiskFile::Place place, find_place(path, options.overwrite));
    const fs::path folder_path = place.folder;
    auto file = [&]() -> Result<std::unique_ptr<PendingFile>> {
        DUBPLATE_TRY(FileDescriptor folder, made_->open(folder_path));
        return create_in(made_, std::move(place), std::move(folder));
    }();
    if (!file) made_->remove_unused(folder_path);
    return file;
}

bool FileStore::exists(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(fs::symlink_status(path, ignored));
}

std::vector<Status> Store::publish_all(std::span<PendingFile* const> files) {
    std::vector<Status> statuses;
    for (PendingFile* file : files) statuses.push_back(file->publish());
    return statuses;
}

std::vector<Status> FileStore::publish_all(std::span<PendingFile* const> files) {
    std::vector<PendingDiskFile*> on_disk;
    for (PendingFile* file : files)
        on_disk.push_back(static_cast<PendingDiskFile*>(file));  // all of ours are
    return PendingDiskFile::publish_together(on_disk);
}

Status Store::link(const fs::path& path, const fs::path&) {
    return fail(ErrorCode::unsupported, path.string() + ": there are no links here");
}

Status FileStore::link(const fs::path& path, const fs::path& target) {
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error) return system_error(error.value(), path.parent_path().string());
    fs::create_symlink(target, path, error);
    if (!error) return {};
    std::error_code ignored;
    if (error == std::errc::file_exists && fs::read_symlink(path, ignored) == target) return {};
    return system_error(error.value(), path.string());
}

Result<std::uint64_t> FileStore::free_bytes(const fs::path& folder) {
    std::error_code error;
    fs::path at = fs::absolute(folder, error);
    if (error) return system_error(error.value(), folder.string());
    while (!fs::is_directory(at, error) && at != at.parent_path()) at = at.parent_path();
    struct statvfs found {};
    if (::statvfs(at.c_str(), &found) != 0) return system_error(errno, at.string());
    return std::uint64_t{found.f_bavail} * found.f_frsize;
}

Result<Bytes> read_all(const ByteSource& source, std::uint64_t limit_bytes) {
    if (source.size() > limit_bytes)
        return fail(ErrorCode::limit_exceeded, source.name() + ": " + std::to_string(source.size()) +
                                                   " bytes are more than the limit of " +
                                                   std::to_string(limit_bytes));
    Bytes bytes(static_cast<std::size_t>(source.size()));
    DUBPLATE_TRY(const std::size_t count, source.read_at(0, bytes));
    bytes.resize(count);
    return bytes;
}

}  // namespace dubplate
