#include "exports/video/segment_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/hash.h"
#include "core/version.h"
#include "exports/video/plan.h"
#include "exports/video/run.h"

namespace dubplate {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view magic("DPSEG1\0\0", 8);
constexpr std::string_view ending = ".segment";
constexpr std::size_t print_digits = 32;
constexpr std::uint64_t segment_limit_bytes = std::uint64_t{4} << 30U;

void put(Bytes& bytes, std::int64_t number) {
    auto left = static_cast<std::uint64_t>(number);
    for (int i = 0; i < 8; ++i, left >>= 8U) bytes.push_back(static_cast<std::byte>(left & 0xFFU));
}

void put(Bytes& bytes, const Bytes& data) {
    bytes.insert(bytes.end(), data.begin(), data.end());
}

std::string print_of(std::span<const std::byte> data) {
    Fingerprint print;
    print.update(data);
    return print.finish();
}

// Nothing is read past the end: what is missing makes all of it bad.
struct SegmentBytes {
    std::span<const std::byte> left;
    bool is_good = true;

    std::int64_t number() {
        const Bytes eight = data(8);
        std::uint64_t value = 0;
        for (std::size_t i = eight.size(); i-- > 0;)
            value = value << 8U | std::to_integer<std::uint64_t>(eight[i]);
        return static_cast<std::int64_t>(value);
    }
    Bytes data(std::int64_t size) {
        is_good = is_good && size >= 0 && static_cast<std::uint64_t>(size) <= left.size();
        if (!is_good) return {};
        const auto part = left.first(static_cast<std::size_t>(size));
        left = left.subspan(part.size());
        return {part.begin(), part.end()};
    }
};

}  // namespace

std::string key_of(const VideoPlan& plan) {
    Sha256 hash;
    const std::string facts =
        fmt::format("{} {} {} {} {}", version(), plan.renderer.name, write_video_spec(plan.spec).dump(),
                    encoder_text(plan.settings), plan.frames);
    hash.update(std::as_bytes(std::span(facts)));
    FileStore store;
    if (const auto input = store.open(plan.spec.input))
        if (const auto content = sha256_of(**input)) hash.update(std::as_bytes(std::span(*content)));
    return hash.finish().substr(0, 32);
}

Bytes write_segment(const EncodedVideo& video) {
    Bytes bytes;
    for (const char c : magic) bytes.push_back(static_cast<std::byte>(c));
    put(bytes, static_cast<std::int64_t>(video.header.size()));
    put(bytes, static_cast<std::int64_t>(video.packets.size()));
    put(bytes, video.header);
    for (const VideoPacket& packet : video.packets) {
        put(bytes, static_cast<std::int64_t>(packet.data.size()));
        put(bytes, packet.pts);
        put(bytes, packet.dts);
        put(bytes, packet.is_key ? 1 : 0);
        put(bytes, packet.data);
    }
    for (const char digit : print_of(bytes)) bytes.push_back(static_cast<std::byte>(digit));
    return bytes;
}

std::optional<EncodedVideo> read_segment(const Bytes& bytes) {
    if (bytes.size() < magic.size() + print_digits) return std::nullopt;
    const auto content = std::span(bytes).first(bytes.size() - print_digits);
    const std::string_view print(reinterpret_cast<const char*>(bytes.data()) + content.size(), print_digits);
    if (std::memcmp(bytes.data(), magic.data(), magic.size()) != 0 || print_of(content) != print)
        return std::nullopt;
    SegmentBytes from{content.subspan(magic.size())};
    EncodedVideo video;
    const std::int64_t header_size = from.number();
    const std::int64_t packets = from.number();
    video.header = from.data(header_size);
    for (std::int64_t i = 0; i < packets && from.is_good; ++i) {
        VideoPacket packet;
        const std::int64_t size = from.number();
        packet.pts = from.number();
        packet.dts = from.number();
        packet.is_key = from.number() != 0;
        packet.data = from.data(size);
        video.packets.push_back(std::move(packet));
    }
    if (!from.is_good) return std::nullopt;
    return video;
}

std::filesystem::path segments_beside(const fs::path& file) {
    return file.parent_path() / ("." + file.filename().string() + ".segments");
}

SegmentFolder::SegmentFolder(fs::path folder, std::string key)
    : folder_(std::move(folder)), key_(std::move(key)) {
    if (folder_.empty()) return;
    std::error_code ignored;
    for (fs::directory_iterator it(folder_, ignored), end; it != end; it.increment(ignored)) {
        const std::string name = it->path().filename().string();
        if (name.ends_with(ending) && !name.starts_with(key_)) fs::remove(it->path(), ignored);
    }
}

SegmentFolder::~SegmentFolder() {
    if (folder_.empty()) return;
    std::error_code ignored;
    for (fs::directory_iterator it(folder_, ignored), end; it != end; it.increment(ignored)) {
        const std::string name = it->path().filename().string();
        if (name.ends_with(ending) || name.ends_with(std::string(ending) + ".part"))
            fs::remove(it->path(), ignored);
    }
    fs::remove(folder_, ignored);  // where nothing else is in it
}

fs::path SegmentFolder::path_of(std::int64_t segment) const {
    return folder_ / fmt::format("{}-{}{}", key_, segment, ending);
}

std::optional<EncodedVideo> SegmentFolder::find(std::int64_t segment) {
    if (folder_.empty()) return std::nullopt;
    FileStore store;
    const auto source = store.open(path_of(segment));
    if (!source) return std::nullopt;
    const auto bytes = read_all(**source, segment_limit_bytes);
    if (!bytes) return std::nullopt;
    auto video = read_segment(*bytes);
    if (video) ++found_;
    return video;
}

Status SegmentFolder::keep(std::int64_t segment, const EncodedVideo& video) {
    if (folder_.empty()) return {};
    FileStore store;
    DUBPLATE_TRY(const auto file, store.create(path_of(segment), {.overwrite = true}));
    DUBPLATE_CHECK(file->append(write_segment(video)));
    return file->publish();
}

}  // namespace dubplate
