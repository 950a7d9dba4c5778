#include "core/pending_disk_file.h"

#include "core/text.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <vector>

namespace dubplate {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t buffer_bytes =
    256 * 1024;                            // a system call for each of these, whatever the encoder's writes
constexpr std::size_t longest_name = 255;  // NAME_MAX of Linux
constexpr int most_writers = 100;          // of one name at a time

bool same_file(int descriptor, int folder, const std::string& name) {
    struct stat by_descriptor {};
    struct stat by_name {};
    return ::fstat(descriptor, &by_descriptor) == 0 &&
           ::fstatat(folder, name.c_str(), &by_name, AT_SYMLINK_NOFOLLOW) == 0 &&
           by_descriptor.st_ino == by_name.st_ino && by_descriptor.st_dev == by_name.st_dev;
}

enum class Lock { held, busy, unsupported };

Lock try_lock(int descriptor) {
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return Lock::held;
    return errno == EWOULDBLOCK ? Lock::busy : Lock::unsupported;
}

// Removes a hidden file that no process holds. False where somebody does, or where it cannot be told.
bool remove_left_behind(int folder, const std::string& name) {
    const FileDescriptor old(::openat(folder, name.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!old) return errno == ENOENT;
    if (try_lock(old.get()) != Lock::held) return false;
    // Only the holder of the lock removes or renames the file, so the name cannot change hands after this
    // look.
    if (!same_file(old.get(), folder, name)) return true;
    return ::unlinkat(folder, name.c_str(), 0) == 0;
}

// Nothing in `descriptor` where the name is taken.
Result<FileDescriptor> claim(int folder, const std::string& name, std::string_view path) {
    FileDescriptor file(
        ::openat(folder, name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (!file && errno == EEXIST) return FileDescriptor();
    if (!file) return system_error(errno, "cannot write " + std::string(path));
    // Between the two calls another process may have taken the file for one left behind, and removed it.
    if (try_lock(file.get()) == Lock::busy || !same_file(file.get(), folder, name)) return FileDescriptor();
    return file;
}

Status sync_folder(int folder, const fs::path& path) {
    // Some network file systems cannot sync a folder, and say so.
    if (::fsync(folder) == 0 || errno == EINVAL || errno == ENOTSUP) return {};
    return system_error(errno, "cannot sync the folder of " + path.string());
}

}  // namespace

std::string hidden_name(std::string_view final_name, int number) {
    const std::string end = number == 1 ? ".part" : "." + std::to_string(number) + ".part";
    return "." + std::string(truncate_utf8(final_name, longest_name - 1 - end.size())) + end;
}

Result<HiddenFile> create_hidden_file(int folder, std::string_view final_name, std::string_view path) {
    for (int number = 1; number <= most_writers; ++number) {
        const std::string name = hidden_name(final_name, number);
        DUBPLATE_TRY(FileDescriptor file, claim(folder, name, path));
        if (!file && remove_left_behind(folder, name)) {
            DUBPLATE_TRY(FileDescriptor again, claim(folder, name, path));
            file = std::move(again);
        }
        if (file) return HiddenFile{std::move(file), name};
    }
    return fail(ErrorCode::unavailable,
                std::string(path) + ": " + std::to_string(most_writers) + " others are writing this file",
                "remove the hidden files that end in .part beside it, if nothing writes them");
}

Result<FileDescriptor> MadeFolders::open(const fs::path& folder) {
    const std::lock_guard lock(mutex_);
    std::vector<fs::path> missing;
    std::error_code ignored;
    for (fs::path at = folder; !at.empty() && !fs::exists(at, ignored); at = at.parent_path()) {
        missing.push_back(at);
        if (at == at.parent_path()) break;
    }
    for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
        if (::mkdir(at->c_str(), 0777) == 0) {
            made_.insert(*at);
        } else if (errno != EEXIST) {
            return system_error(errno, "cannot make the folder " + at->string());
        }
    }
    FileDescriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!descriptor && errno == ENOTDIR)
        return fail(ErrorCode::invalid_argument, folder.string() + " is a file, not a folder");
    if (!descriptor) return system_error(errno, "cannot open the folder " + folder.string());
    return descriptor;
}

void MadeFolders::keep(const fs::path& folder) {
    const std::lock_guard lock(mutex_);
    for (fs::path at = folder; made_.erase(at) > 0;) at = at.parent_path();
}

void MadeFolders::remove_unused(const fs::path& folder) {
    const std::lock_guard lock(mutex_);
    for (fs::path at = folder; made_.contains(at) && ::rmdir(at.c_str()) == 0; at = at.parent_path())
        made_.erase(at);
}

PendingDiskFile::PendingDiskFile(Place place, FileDescriptor folder, HiddenFile hidden,
                                 std::shared_ptr<MadeFolders> made)
    : place_(std::move(place)),
      folder_(std::move(folder)),
      hidden_(std::move(hidden)),
      made_(std::move(made)) {}

PendingDiskFile::~PendingDiskFile() {
    if (published_) return;
    ::unlinkat(folder_.get(), hidden_.name.c_str(), 0);
    made_->remove_unused(place_.folder);
}

Status PendingDiskFile::write(std::uint64_t offset, std::span<const std::byte> data) {
    Status status = write_fully(hidden_.descriptor.get(), offset, data, place_.path.string());
    failed_ = failed_ || !status;
    return status;
}

Status PendingDiskFile::flush() {
    DUBPLATE_CHECK(write(flushed_, buffer_));
    flushed_ += buffer_.size();
    buffer_.clear();
    return {};
}

Status PendingDiskFile::append(std::span<const std::byte> data) {
    DUBPLATE_ASSERT(!published_);
    if (buffer_.size() + data.size() > buffer_bytes) DUBPLATE_CHECK(flush());
    if (data.size() >= buffer_bytes) {
        DUBPLATE_CHECK(write(flushed_, data));
        flushed_ += data.size();
        return {};
    }
    if (buffer_.capacity() == 0) buffer_.reserve(buffer_bytes);
    buffer_.insert(buffer_.end(), data.begin(), data.end());
    return {};
}

Status PendingDiskFile::write_at(std::uint64_t offset, std::span<const std::byte> data) {
    DUBPLATE_ASSERT(!published_);
    DUBPLATE_ASSERT(offset <= size() && data.size() <= size() - offset);
    DUBPLATE_CHECK(flush());
    return write(offset, data);
}

Result<std::unique_ptr<ByteSource>> PendingDiskFile::read_back() {
    DUBPLATE_CHECK(flush());
    buffer_ = {};  // many files may wait, read back, to be published together
    FileDescriptor copy(::fcntl(hidden_.descriptor.get(), F_DUPFD_CLOEXEC, 0));
    if (!copy) return system_error(errno, "cannot read " + place_.path.string());
    return make_file_source(std::move(copy), flushed_, place_.path.string());
}

Status PendingDiskFile::rename_to_final() {
    const char* from = hidden_.name.c_str();
    const char* to = place_.name.c_str();
    const int folder = folder_.get();
    const unsigned flags = place_.overwrite ? 0U : RENAME_NOREPLACE;
    if (::renameat2(folder, from, folder, to, flags) == 0) return {};
    // File systems that cannot rename without replacing: a hard link never replaces.
    if (!place_.overwrite && (errno == EINVAL || errno == ENOSYS)) {
        if (::linkat(folder, from, folder, to, 0) == 0) {
            ::unlinkat(folder, from, 0);
            return {};
        }
    }
    if (errno == EEXIST)
        return fail(ErrorCode::already_exists, place_.path.string() + " exists already",
                    "use --overwrite, or choose another name with --name");
    return system_error(errno, "cannot publish " + place_.path.string());
}

Status PendingDiskFile::write_rest() {
    DUBPLATE_ASSERT(!published_);
    if (failed_)
        return fail(ErrorCode::io, place_.path.string() + ": an earlier write failed, it is not published");
    return flush();
}

Status PendingDiskFile::appear() {
    DUBPLATE_CHECK(rename_to_final());
    published_ = true;
    made_->keep(place_.folder);
    return {};
}

Status PendingDiskFile::publish() {
    DUBPLATE_CHECK(write_rest());
    if (::fdatasync(hidden_.descriptor.get()) != 0) {
        failed_ = true;
        return system_error(errno, "cannot sync " + place_.path.string());
    }
    DUBPLATE_CHECK(appear());
    return sync_folder(folder_.get(), place_.path);
}

std::vector<Status> PendingDiskFile::publish_together(std::span<PendingDiskFile* const> files) {
    std::vector<Status> statuses;
    for (PendingDiskFile* file : files) statuses.push_back(file->write_rest());
    std::set<dev_t> synced;
    std::set<fs::path> folders;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (!statuses[i]) continue;
        const PendingDiskFile& file = *files[i];
        struct stat info {};
        const int descriptor = file.hidden_.descriptor.get();
        const bool known = ::fstat(descriptor, &info) == 0 && synced.contains(info.st_dev);
        if (!known && ::syncfs(descriptor) != 0)
            statuses[i] = system_error(errno, "cannot sync " + file.place_.path.string());
        if (statuses[i]) synced.insert(info.st_dev);
    }
    for (std::size_t i = 0; i < files.size(); ++i)
        if (statuses[i]) statuses[i] = files[i]->appear();
    for (std::size_t i = 0; i < files.size(); ++i)
        if (statuses[i] && folders.insert(files[i]->place_.folder).second)
            statuses[i] = sync_folder(files[i]->folder_.get(), files[i]->place_.path);
    return statuses;
}

}  // namespace dubplate
