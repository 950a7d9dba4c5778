// failing_store.h: a store whose n-th write fails, as on a disk that is full for a moment.
//
// What     FailingStore passes everything on to another store and counts create(), append(), write_at() and
//          publish(). The one whose number was given to fail_at() fails with "No space left on device". Those
//          after it are done: so a writer that ignores an error publishes a file with a hole, and is caught.
// Use      run once and ask operations() for the number N, then run again with fail_at(1) to fail_at(N).
// Threads  thread-safe where the wrapped store is.
#pragma once

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <utility>

#include "core/store.h"

namespace dubplate {

class FailingStore final : public Store {
  public:
    explicit FailingStore(Store& store) : store_(store) {}

    // The n-th operation from now on fails, from 1; 0: none does. Starts the count again.
    void fail_at(std::int64_t n) {
        fail_at_ = n;
        operations_ = 0;
    }
    std::int64_t operations() const { return operations_; }

    Result<std::unique_ptr<ByteSource>> open(const std::filesystem::path& path) override {
        return store_.open(path);
    }
    Result<std::unique_ptr<PendingFile>> create(const std::filesystem::path& path,
                                                CreateOptions options = {}) override {
        DUBPLATE_CHECK(count());
        DUBPLATE_TRY(auto file, store_.create(path, options));
        return std::make_unique<FailingFile>(*this, std::move(file));
    }
    bool exists(const std::filesystem::path& path) override { return store_.exists(path); }
    Result<std::uint64_t> free_bytes(const std::filesystem::path& folder) override {
        return store_.free_bytes(folder);
    }

  private:
    class FailingFile final : public PendingFile {
      public:
        FailingFile(FailingStore& owner, std::unique_ptr<PendingFile> file)
            : owner_(owner), file_(std::move(file)) {}

        Status append(std::span<const std::byte> data) override {
            DUBPLATE_CHECK(owner_.count());
            return file_->append(data);
        }
        Status write_at(std::uint64_t offset, std::span<const std::byte> data) override {
            DUBPLATE_CHECK(owner_.count());
            return file_->write_at(offset, data);
        }
        std::uint64_t size() const override { return file_->size(); }
        Result<std::unique_ptr<ByteSource>> read_back() override { return file_->read_back(); }
        Status publish() override {
            DUBPLATE_CHECK(owner_.count());
            return file_->publish();
        }

      private:
        FailingStore& owner_;
        std::unique_ptr<PendingFile> file_;
    };

    Status count() {
        if (++operations_ == fail_at_) return system_error(ENOSPC, "cannot write (rehearsed)");
        return {};
    }

    Store& store_;
    std::atomic<std::int64_t> operations_{0};
    std::atomic<std::int64_t> fail_at_{0};
};

}  // namespace dubplate
