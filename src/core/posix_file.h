// posix_file.h: the few system calls on files that the store is made of, with errors as values.
//
// What     FileDescriptor owns a descriptor; write_fully() and read_fully() carry on after short counts and
//          signals.
// Threads  plain functions; a FileDescriptor is thread-compatible.
// Errors   io with the system's words and `name` in front.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "core/result.h"

namespace dubplate {

class ByteSource;

class FileDescriptor {
  public:
    FileDescriptor() = default;
    explicit FileDescriptor(int number) : number_(number) {}
    FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~FileDescriptor();

    int get() const { return number_; }
    explicit operator bool() const { return number_ >= 0; }

  private:
    int number_ = -1;
};

Status write_fully(int descriptor, std::uint64_t offset, std::span<const std::byte> data,
                   std::string_view name);
// Fewer than asked only at the end of the file.
Result<std::size_t> read_fully(int descriptor, std::uint64_t offset, std::span<std::byte> target,
                               std::string_view name);

// The first `size` bytes of a descriptor as a source.
std::unique_ptr<ByteSource> make_file_source(FileDescriptor descriptor, std::uint64_t size, std::string name);

}  // namespace dubplate
