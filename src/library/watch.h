// watch.h: tells the files of a folder that are new and whole.
//
// What     the folder and all below it are watched. A file is whole when it was closed after writing or moved in, and its size
//          and time of change have then stayed the same for `settle`; files that copying programs write under another name
//          first (".part", hidden ones) show up when they get their own.
// Lost     where the system lost events (too many at once), next() says so and the caller looks through the folder again.
// Threads  one thread at a time.
// Errors   not_found, io; limit_exceeded: more folders than the system lets a user watch.
// Source   inotify(7).
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "core/posix_file.h"
#include "core/result.h"

namespace dubplate {

class FolderWatcher {
  public:
    static Result<FolderWatcher> open(const std::filesystem::path& folder,
                                      std::chrono::milliseconds settle = std::chrono::milliseconds(500));

    struct News {
        std::vector<std::string> files;  // absolute, sorted
        bool lost = false;
    };
    // Waits until something is whole, or `stop` is asked for: then the news are empty.
    Result<News> next(std::stop_token stop);

  private:
    struct Pending {
        std::int64_t size_bytes = -1;
        std::int64_t mtime_ns = 0;
        std::chrono::steady_clock::time_point since;
    };
    FolderWatcher(FileDescriptor descriptor, std::chrono::milliseconds settle)
        : descriptor_(std::move(descriptor)), settle_(settle) {}
    Status watch(const std::filesystem::path& folder, bool with_files);
    Status read_events(bool& lost);
    void take_whole(std::vector<std::string>& files);
    void begin_waiting(const std::string& path);

    FileDescriptor descriptor_;
    std::chrono::milliseconds settle_;
    std::map<int, std::filesystem::path> folders_;  // by watch
    std::map<std::string, Pending> pending_;
};

}  // namespace dubplate
