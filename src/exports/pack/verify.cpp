#include "exports/pack/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>

#include "core/hash.h"
#include "core/text.h"
#include "zip/read_zip.h"

namespace dubplate {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_manifest_bytes = 64U << 20U;
constexpr const char* manifest_name = "manifest.json";

// The files of a pack, wherever they lie.
class PackFiles {
  public:
    PackFiles() = default;
    PackFiles(const PackFiles&) = delete;
    PackFiles& operator=(const PackFiles&) = delete;
    virtual ~PackFiles() = default;
    virtual std::vector<std::string> names() const = 0;
    virtual Result<std::string> sha256(const std::string& name, std::uint64_t& bytes,
                                       const std::stop_token& stop) = 0;
    virtual Result<Bytes> read(const std::string& name) = 0;
};

class FolderFiles final : public PackFiles {
  public:
    FolderFiles(Store& store, fs::path folder) : store_(store), folder_(std::move(folder)) {}

    std::vector<std::string> names() const override {
        std::vector<std::string> names;
        std::error_code error;
        for (fs::recursive_directory_iterator entry(folder_, error), end; !error && entry != end;
             entry.increment(error))
            if (entry->is_regular_file(error))
                names.push_back(entry->path().lexically_relative(folder_).generic_string());
        std::ranges::sort(names);
        return names;
    }
    Result<std::string> sha256(const std::string& name, std::uint64_t& bytes,
                               const std::stop_token& stop) override {
        DUBPLATE_TRY(const auto source, store_.open(folder_ / name));
        bytes = source->size();
        return sha256_of(*source, stop);
    }
    Result<Bytes> read(const std::string& name) override {
        DUBPLATE_TRY(const auto source, store_.open(folder_ / name));
        return read_all(*source, most_manifest_bytes);
    }

  private:
    Store& store_;
    fs::path folder_;
};

// A stored entry, in place.
class StoredEntry final : public ByteSource {
  public:
    StoredEntry(const ByteSource& archive, std::uint64_t offset, std::uint64_t size, std::string name)
        : archive_(archive), offset_(offset), size_(size), name_(std::move(name)) {}
    std::uint64_t size() const override { return size_; }
    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> target) const override {
        if (offset >= size_) return std::size_t{0};
        const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(target.size(), size_ - offset));
        return archive_.read_at(offset_ + offset, target.first(most));
    }
    std::string name() const override { return name_; }

  private:
    const ByteSource& archive_;
    std::uint64_t offset_;
    std::uint64_t size_;
    std::string name_;
};

class ArchiveFiles final : public PackFiles {
  public:
    ArchiveFiles(std::unique_ptr<ByteSource> archive, std::vector<ZipEntry> entries)
        : archive_(std::move(archive)), entries_(std::move(entries)) {}

    std::vector<std::string> names() const override {
        std::vector<std::string> names;
        for (const ZipEntry& entry : entries_) names.push_back(entry.name);
        return names;
    }
    Result<std::string> sha256(const std::string& name, std::uint64_t& bytes,
                               const std::stop_token& stop) override {
        DUBPLATE_TRY(const ZipEntry* const entry, find(name));
        bytes = entry->size;
        if (entry->method == ZipMethod::store) {
            DUBPLATE_TRY(const std::uint64_t offset, zip_content_offset(*archive_, *entry));
            return sha256_of(StoredEntry(*archive_, offset, entry->size, name), stop);
        }
        DUBPLATE_TRY(const Bytes content, read_zip_entry(*archive_, *entry));
        return sha256_of(content);
    }
    Result<Bytes> read(const std::string& name) override {
        DUBPLATE_TRY(const ZipEntry* const entry, find(name));
        return read_zip_entry(*archive_, *entry);
    }

  private:
    Result<const ZipEntry*> find(const std::string& name) const {
        const auto found = std::ranges::find(entries_, name, &ZipEntry::name);
        if (found == entries_.end()) return fail(ErrorCode::not_found, name + ": is not in the archive");
        return &*found;
    }

    std::unique_ptr<ByteSource> archive_;
    std::vector<ZipEntry> entries_;
};

Result<std::unique_ptr<PackFiles>> open_pack(Store& store, const fs::path& pack) {
    std::error_code error;
    if (fs::is_directory(pack, error)) return std::make_unique<FolderFiles>(store, pack);
    DUBPLATE_TRY(auto archive, store.open(pack));
    Result<std::vector<ZipEntry>> entries = read_zip(*archive);
    if (!entries) return std::move(entries).error().in_context(pack.string());
    return std::make_unique<ArchiveFiles>(std::move(archive), *std::move(entries));
}

Result<Json> read_manifest(PackFiles& files, const fs::path& pack) {
    const Result<Bytes> bytes = files.read(manifest_name);
    if (!bytes)
        return fail(ErrorCode::not_found, fmt::format("{}: holds no {}", pack.string(), manifest_name),
                    "name a folder or a ZIP that `dubplate pack` made");
    const auto* const text = reinterpret_cast<const char*>(bytes->data());
    Result<Json> json = parse_json({text, bytes->size()});
    if (!json) return std::move(json).error().in_context(manifest_name);
    if (!json->is_object() || !json->contains("files") || !(*json)["files"].is_array())
        return fail(ErrorCode::corrupt, fmt::format("{}: is no manifest of a pack", manifest_name));
    return json;
}

Result<std::string> status_of(PackFiles& files, const Json& entry, const std::string& path,
                              const std::stop_token& stop) {
    std::uint64_t bytes = 0;
    const Result<std::string> sha256 = files.sha256(path, bytes, stop);
    if (!sha256 && sha256.error().code == ErrorCode::canceled) return sha256.error();
    if (!sha256) return sha256.error().code == ErrorCode::not_found ? "missing" : "unreadable";
    const bool same =
        entry.value("bytes", Json()) == Json(bytes) && entry.value("sha256", Json()) == Json(*sha256);
    return same ? "ok" : "changed";
}

}  // namespace

bool stays_inside(const std::string& name) {
    const fs::path path(name);
    return !name.empty() && path.is_relative() &&
           std::ranges::none_of(path, [](const fs::path& part) { return part == ".." || part == "."; });
}

std::size_t VerifiedPack::wrong_count() const {
    return static_cast<std::size_t>(std::ranges::count_if(files, [](const VerifiedFile& file) {
        return file.status != "ok" && file.status != "not in the manifest";
    }));
}

Result<VerifiedPack> verify_pack(Store& store, const fs::path& pack, std::stop_token stop) {
    DUBPLATE_TRY(const auto files, open_pack(store, pack));
    DUBPLATE_TRY(const Json manifest, read_manifest(*files, pack));
    VerifiedPack verified;
    if (const auto device = manifest.find("device"); device != manifest.end() && device->is_string())
        verified.device = device->get<std::string>();
    std::set<std::string> known{manifest_name};
    for (const Json& entry : manifest["files"]) {
        const Json path = entry.is_object() ? entry.value("path", Json()) : Json();
        if (!path.is_string() || !stays_inside(path.get<std::string>()))
            return fail(ErrorCode::corrupt,
                        fmt::format("{}: names a file that is not in the pack", manifest_name));
        const auto name = path.get<std::string>();
        DUBPLATE_TRY(std::string status, status_of(*files, entry, name, stop));
        verified.files.push_back({name, std::move(status)});
        known.insert(name);
    }
    for (const std::string& name : files->names())
        if (!known.contains(name)) verified.files.push_back({name, "not in the manifest"});
    return verified;
}

Json to_json(const VerifiedPack& verified) {
    Json items = Json::array();
    for (const VerifiedFile& file : verified.files)
        items.push_back({{"path", file.path}, {"status", file.status}});
    return {
        {"items", std::move(items)},
        {"summary",
         {{"device", verified.device}, {"files", verified.files.size()}, {"wrong", verified.wrong_count()}}}};
}

}  // namespace dubplate
