#include "core/posix_file.h"
#include "core/store.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace dubplate {

namespace {

constexpr std::size_t chunk_bytes = 256 * 1024;
constexpr int poll_milliseconds = 50;  // how long a stop request may wait

std::string temporary_folder() {
    const char* folder = std::getenv("TMPDIR");
    return folder && *folder ? folder : "/tmp";
}

Result<FileDescriptor> open_unnamed_file(const std::string& folder) {
    FileDescriptor file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (file) return file;
    if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)
        return system_error(errno, "cannot write to the folder " + folder);
    std::string name = folder + "/dubplate-XXXXXX";
    FileDescriptor named(::mkostemp(name.data(), O_CLOEXEC));
    if (!named) return system_error(errno, "cannot write to the folder " + folder);
    ::unlink(name.c_str());
    return named;
}

// 0 at the end. A descriptor that blocks is asked first, so that a stop request is seen.
Result<std::size_t> read_some(int descriptor, std::span<std::byte> target, const std::string& name,
                              const std::stop_token& stop) {
    while (true) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, name + ": stopped while reading");
        pollfd wanted{descriptor, POLLIN, 0};
        const int ready = ::poll(&wanted, 1, poll_milliseconds);
        if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
        if (ready < 0) return system_error(errno, "cannot read " + name);
        const ssize_t count = ::read(descriptor, target.data(), target.size());
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno != EINTR && errno != EAGAIN) return system_error(errno, "cannot read " + name);
    }
}

}  // namespace

Result<std::unique_ptr<ByteSource>> spool(int file_descriptor, std::string name, std::uint64_t limit_bytes,
                                          std::stop_token stop) {
    // poll() passes over a negative descriptor, and would wait for ever.
    if (file_descriptor < 0) return system_error(EBADF, "cannot read " + name);
    const std::string folder = temporary_folder();
    DUBPLATE_TRY(FileDescriptor file, open_unnamed_file(folder));
    Bytes chunk(chunk_bytes);
    std::uint64_t size = 0;
    while (true) {
        DUBPLATE_TRY(const std::size_t count, read_some(file_descriptor, chunk, name, stop));
        if (count == 0) break;
        if (count > limit_bytes - size)
            return fail(ErrorCode::limit_exceeded,
                        name + ": longer than the limit of " + std::to_string(limit_bytes) + " bytes");
        Status written = write_fully(file.get(), size, std::span(chunk).first(count), folder);
        if (!written) {
            Error error = std::move(written).error();
            error.hint = "set TMPDIR to a folder with more space";
            return std::move(error).in_context("keeping a copy of " + name);
        }
        size += count;
    }
    return make_file_source(std::move(file), size, std::move(name));
}

}  // namespace dubplate
