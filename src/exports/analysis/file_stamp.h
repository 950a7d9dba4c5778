// file_stamp.h: tells whether a file was changed while it was worked on. Internal to exports/analysis.
//
// What     size and time of the last change. A file that is gone, or no file, has an empty stamp.
// Threads  plain functions.
// Errors   unavailable: it was changed.
#pragma once

#include <cstdint>
#include <filesystem>

#include "core/result.h"

namespace dubplate {

struct FileStamp {
    std::uintmax_t bytes = 0;
    std::filesystem::file_time_type changed{};
    bool operator==(const FileStamp&) const = default;
};

inline FileStamp stamp_of(const std::filesystem::path& path) {
    std::error_code error;
    FileStamp stamp;
    stamp.bytes = std::filesystem::file_size(path, error);
    if (!error) stamp.changed = std::filesystem::last_write_time(path, error);
    return error ? FileStamp{} : stamp;
}

inline Status check_unchanged(const std::filesystem::path& path, const FileStamp& stamp) {
    if (stamp_of(path) == stamp) return {};
    return fail(ErrorCode::unavailable, "the file was changed while it was worked on",
                "try again when it is whole");
}

}  // namespace dubplate
