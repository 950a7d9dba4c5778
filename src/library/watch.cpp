#include "library/watch.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "library/add.h"

namespace dubplate {

namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t watched = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ONLYDIR;
constexpr int look_every_ms = 50;  // for a stop, and for files that have settled

bool is_hidden(const fs::path& path) {
    const std::string name = path.filename().string();
    return name.empty() || name.front() == '.' || path.extension() == ".part";
}

}  // namespace

Result<FolderWatcher> FolderWatcher::open(const fs::path& folder, std::chrono::milliseconds settle) {
    FileDescriptor descriptor(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (!descriptor) return system_error(errno, "watching folders");
    FolderWatcher watcher(std::move(descriptor), settle);
    const fs::path absolute = fs::absolute(folder).lexically_normal();
    std::error_code error;
    if (!fs::is_directory(absolute, error))
        return fail(ErrorCode::not_found, folder.string() + ": is no folder");
    DUBPLATE_CHECK(watcher.watch(absolute, false));
    return watcher;
}

// with_files: the folder is new, so what is in it already was not told.
Status FolderWatcher::watch(const fs::path& folder, bool with_files) {
    const int number = ::inotify_add_watch(descriptor_.get(), folder.c_str(), watched);
    if (number < 0 && errno == ENOSPC)
        return fail(ErrorCode::limit_exceeded, folder.string() + ": the system watches no more folders",
                    "raise fs.inotify.max_user_watches, or watch a smaller folder");
    if (number < 0)
        return errno == ENOENT || errno == ENOTDIR ? Status() : Status(system_error(errno, folder.string()));
    folders_[number] = folder;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        if (is_hidden(entry->path())) continue;
        std::error_code ignored;
        if (entry->is_directory(ignored) && !entry->is_symlink(ignored)) {
            DUBPLATE_CHECK(watch(entry->path(), with_files));
        } else if (with_files) {
            begin_waiting(entry->path().string());
        }
    }
    return {};
}

void FolderWatcher::begin_waiting(const std::string& path) {
    pending_[path] = {.since = std::chrono::steady_clock::now()};
}

Status FolderWatcher::read_events(bool& lost) {
    alignas(inotify_event) std::array<char, 16 * 1024> buffer;
    for (ssize_t count = 0; (count = ::read(descriptor_.get(), buffer.data(), buffer.size())) > 0;) {
        for (std::size_t at = 0; at < static_cast<std::size_t>(count);) {
            inotify_event event;
            std::memcpy(&event, buffer.data() + at, sizeof event);
            const char* name = buffer.data() + at + sizeof event;
            at += sizeof event + event.len;
            lost = lost || (event.mask & IN_Q_OVERFLOW) != 0;
            if ((event.mask & IN_IGNORED) != 0) folders_.erase(event.wd);
            const auto folder = folders_.find(event.wd);
            if (event.len == 0 || folder == folders_.end()) continue;
            const fs::path path = folder->second / name;
            if (is_hidden(path)) continue;
            if ((event.mask & IN_ISDIR) != 0) {
                DUBPLATE_CHECK(watch(path, true));
            } else if ((event.mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) != 0) {
                begin_waiting(path.string());
            }
        }
    }
    return {};
}

void FolderWatcher::take_whole(std::vector<std::string>& files) {
    const auto now = std::chrono::steady_clock::now();
    for (auto each = pending_.begin(); each != pending_.end();) {
        auto& [path, pending] = *each;
        const auto state = state_of(path);
        if (!state) {
            each = pending_.erase(each);  // gone again
        } else if (state->size_bytes != pending.size_bytes || state->mtime_ns != pending.mtime_ns) {
            pending = {state->size_bytes, state->mtime_ns, now};
            ++each;
        } else if (now - pending.since >= settle_) {
            files.push_back(path);
            each = pending_.erase(each);
        } else {
            ++each;
        }
    }
}

Result<FolderWatcher::News> FolderWatcher::next(std::stop_token stop) {
    News news;
    while (!stop.stop_requested() && news.files.empty() && !news.lost) {
        pollfd waiting{descriptor_.get(), POLLIN, 0};
        if (::poll(&waiting, 1, look_every_ms) < 0 && errno != EINTR)
            return system_error(errno, "watching folders");
        DUBPLATE_CHECK(read_events(news.lost));
        take_whole(news.files);
    }
    return news;
}

}  // namespace dubplate
