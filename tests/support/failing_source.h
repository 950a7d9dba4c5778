// failing_source.h: a source that fails behind a certain byte, as a disk that is taken away does.
//
// Threads  thread-compatible.
#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "core/store.h"

namespace dubplate {

class FailingSource final : public ByteSource {
  public:
    FailingSource(Bytes bytes, std::uint64_t fails_from)
        : bytes_(std::move(bytes)), fails_from_(fails_from) {}

    std::uint64_t size() const override { return bytes_.size(); }
    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> target) const override {
        const std::size_t count =
            offset >= bytes_.size() ? 0 : std::min<std::size_t>(target.size(), bytes_.size() - offset);
        if (offset + count > fails_from_) return fail(ErrorCode::io, "the disk went away");
        std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), count, target.begin());
        return count;
    }
    std::string name() const override { return "failing source"; }

  private:
    Bytes bytes_;
    std::uint64_t fails_from_;
};

}  // namespace dubplate
