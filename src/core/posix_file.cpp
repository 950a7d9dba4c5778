#include "core/posix_file.h"

#include "core/store.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace dubplate {

namespace {

class FileSource final : public ByteSource {
  public:
    FileSource(FileDescriptor descriptor, std::uint64_t size, std::string name)
        : descriptor_(std::move(descriptor)), size_(size), name_(std::move(name)) {}

    std::uint64_t size() const override { return size_; }
    std::string name() const override { return name_; }

    // A file that grows while it is read keeps the size that it was opened with, so that all readers agree.
    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> target) const override {
        if (offset >= size_) return std::size_t{0};
        const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(target.size(), size_ - offset));
        return read_fully(descriptor_.get(), offset, target.first(length), name_);
    }

  private:
    FileDescriptor descriptor_;
    std::uint64_t size_;
    std::string name_;
};

}  // namespace

FileDescriptor::~FileDescriptor() {
    if (number_ >= 0) ::close(number_);
}

Status write_fully(int descriptor, std::uint64_t offset, std::span<const std::byte> data,
                   std::string_view name) {
    while (!data.empty()) {
        const ssize_t written = ::pwrite(descriptor, data.data(), data.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return system_error(errno, "cannot write " + std::string(name));
        data = data.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return {};
}

Result<std::size_t> read_fully(int descriptor, std::uint64_t offset, std::span<std::byte> target,
                               std::string_view name) {
    std::size_t done = 0;
    while (done < target.size()) {
        const ssize_t count = ::pread(descriptor, target.data() + done, target.size() - done,
                                      static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_error(errno, "cannot read " + std::string(name));
        if (count == 0) break;
        done += static_cast<std::size_t>(count);
    }
    return done;
}

std::unique_ptr<ByteSource> make_file_source(FileDescriptor descriptor, std::uint64_t size,
                                             std::string name) {
    return std::make_unique<FileSource>(std::move(descriptor), size, std::move(name));
}

}  // namespace dubplate
