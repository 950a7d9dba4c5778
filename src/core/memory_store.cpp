#include "core/store.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace dubplate {

namespace fs = std::filesystem;

namespace {

Error already_exists(const fs::path& path) {
    return fail(ErrorCode::already_exists, path.string() + " exists already",
                "use --overwrite, or choose another name with --name");
}

// "out/a" and "./out/a" are one file.
fs::path key_of(const fs::path& path) {
    return path.lexically_normal();
}

// Looks at the bytes through the vector, because the vector may still grow and move.
class MemorySource final : public ByteSource {
  public:
    MemorySource(std::shared_ptr<const Bytes> bytes, std::string name)
        : bytes_(std::move(bytes)), size_(bytes_->size()), name_(std::move(name)) {}

    std::uint64_t size() const override { return size_; }
    std::string name() const override { return name_; }

    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> target) const override {
        if (offset >= size_ || target.empty()) return std::size_t{0};
        const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(target.size(), size_ - offset));
        std::memcpy(target.data(), bytes_->data() + offset, length);
        return length;
    }

  private:
    std::shared_ptr<const Bytes> bytes_;
    std::uint64_t size_;
    std::string name_;
};

}  // namespace

class MemoryPendingFile final : public PendingFile {
  public:
    MemoryPendingFile(MemoryStore& store, fs::path path, bool overwrite)
        : store_(store), path_(std::move(path)), overwrite_(overwrite) {}

    Status append(std::span<const std::byte> data) override {
        DUBPLATE_ASSERT(bytes_);
        bytes_->insert(bytes_->end(), data.begin(), data.end());
        return {};
    }
    Status write_at(std::uint64_t offset, std::span<const std::byte> data) override {
        DUBPLATE_ASSERT(bytes_ && offset <= bytes_->size() && data.size() <= bytes_->size() - offset);
        std::ranges::copy(data, bytes_->begin() + static_cast<std::ptrdiff_t>(offset));
        return {};
    }
    std::uint64_t size() const override { return bytes_ ? bytes_->size() : published_size_; }
    Result<std::unique_ptr<ByteSource>> read_back() override {
        DUBPLATE_ASSERT(bytes_);
        return make_memory_source(bytes_, path_.string());
    }
    Status publish() override {
        DUBPLATE_ASSERT(bytes_);
        const std::lock_guard lock(store_.mutex_);
        if (!overwrite_ && store_.files_.contains(key_of(path_))) return already_exists(path_);
        published_size_ = bytes_->size();
        store_.files_[key_of(path_)] = std::move(bytes_);
        return {};
    }

  private:
    MemoryStore& store_;
    fs::path path_;
    bool overwrite_;
    std::shared_ptr<Bytes> bytes_ = std::make_shared<Bytes>();  // null once published
    std::uint64_t published_size_ = 0;
};

Result<std::unique_ptr<ByteSource>> MemoryStore::open(const fs::path& path) {
    const std::lock_guard lock(mutex_);
    const auto found = files_.find(key_of(path));
    if (found == files_.end()) return fail(ErrorCode::not_found, path.string() + ": no such file in memory");
    return make_memory_source(found->second, path.string());
}

Result<std::unique_ptr<PendingFile>> MemoryStore::create(const fs::path& path, CreateOptions options) {
    if (path.filename().empty())
        return fail(ErrorCode::invalid_argument, "'" + path.string() + "' does not name a file");
    if (!options.overwrite && exists(path)) return already_exists(path);
    return std::make_unique<MemoryPendingFile>(*this, path, options.overwrite);
}

bool MemoryStore::exists(const fs::path& path) {
    const std::lock_guard lock(mutex_);
    return files_.contains(key_of(path));
}

Result<std::uint64_t> MemoryStore::free_bytes(const fs::path&) {
    return std::numeric_limits<std::uint64_t>::max();
}

void MemoryStore::put(const fs::path& path, Bytes content) {
    auto bytes = std::make_shared<Bytes>(std::move(content));
    const std::lock_guard lock(mutex_);
    files_[key_of(path)] = std::move(bytes);
}

Result<Bytes> MemoryStore::take(const fs::path& path) {
    const std::lock_guard lock(mutex_);
    const auto found = files_.find(key_of(path));
    if (found == files_.end()) return fail(ErrorCode::not_found, path.string() + ": no such file in memory");
    // All files are made as vectors that may change; whoever still reads one keeps it as it is.
    const std::shared_ptr<const Bytes> bytes = std::move(found->second);
    files_.erase(found);
    if (bytes.use_count() == 1) return std::move(*std::const_pointer_cast<Bytes>(bytes));
    return Bytes(*bytes);
}

std::vector<fs::path> MemoryStore::list() const {
    const std::lock_guard lock(mutex_);
    std::vector<fs::path> paths;
    for (const auto& [path, bytes] : files_) paths.push_back(path);
    return paths;
}

std::unique_ptr<ByteSource> make_memory_source(std::shared_ptr<const Bytes> bytes, std::string name) {
    return std::make_unique<MemorySource>(std::move(bytes), std::move(name));
}

}  // namespace dubplate
