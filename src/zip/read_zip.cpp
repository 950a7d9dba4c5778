#include "zip/read_zip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <optional>

#include "core/text.h"
#include "zip/deflater.h"
#include "zip/little_endian.h"

namespace dubplate {

namespace {

constexpr std::uint16_t encrypted_flag = 0x0001;

Error corrupt(std::string message) {
    return fail(ErrorCode::corrupt, std::move(message));
}

Result<Bytes> read_part(const ByteSource& archive, std::uint64_t offset, std::uint64_t size) {
    if (offset > archive.size() || size > archive.size() - offset)
        return corrupt("the ZIP archive is cut off, or its directory points outside it");
    Bytes part(size);
    std::size_t done = 0;
    while (done < part.size()) {
        DUBPLATE_TRY(const std::size_t got, archive.read_at(offset + done, std::span(part).subspan(done)));
        if (got == 0) return corrupt("the ZIP archive ends too soon");
        done += got;
    }
    return part;
}

struct Directory {
    std::uint64_t entries = 0;
    std::uint64_t size = 0;
    std::uint64_t offset = 0;
};

Result<Directory> read_end64(const ByteSource& archive, std::uint64_t end_offset) {
    if (end_offset < zip::locator64_bytes) return corrupt("the ZIP64 locator is missing");
    DUBPLATE_TRY(const Bytes locator,
                 read_part(archive, end_offset - zip::locator64_bytes, zip::locator64_bytes));
    if (zip::take(locator, 0, 4) != zip::locator64_signature) return corrupt("the ZIP64 locator is missing");
    DUBPLATE_TRY(const Bytes end, read_part(archive, zip::take(locator, 8, 8), zip::end64_bytes));
    if (zip::take(end, 0, 4) != zip::end64_signature) return corrupt("the ZIP64 end record is missing");
    return Directory{zip::take(end, 32, 8), zip::take(end, 40, 8), zip::take(end, 48, 8)};
}

Result<Directory> find_directory(const ByteSource& archive) {
    const std::uint64_t tail = std::min<std::uint64_t>(archive.size(), zip::end_bytes + zip::full16);
    DUBPLATE_TRY(const Bytes last, read_part(archive, archive.size() - tail, tail));
    if (tail < zip::end_bytes) return corrupt("this is not a ZIP archive");
    for (std::size_t place = last.size() - zip::end_bytes + 1; place-- > 0;) {
        if (zip::take(last, place, 4) != zip::end_signature) continue;
        if (place + zip::end_bytes + zip::take(last, place + 20, 2) != last.size()) continue;
        if (zip::take(last, place + 4, 4) != 0)
            return fail(ErrorCode::unsupported, "the ZIP archive is spread over several disks");
        const Directory found{zip::take(last, place + 10, 2), zip::take(last, place + 12, 4),
                              zip::take(last, place + 16, 4)};
        const bool large =
            found.entries == zip::full16 || found.size == zip::full32 || found.offset == zip::full32;
        return large ? read_end64(archive, archive.size() - tail + place) : found;
    }
    return corrupt("this is not a ZIP archive, or its end is cut off");
}

// The numbers that did not fit stand in the extra field, in this order, each only where it did not fit.
Status take_large(ZipEntry& entry, std::span<const std::byte> extra) {
    while (extra.size() >= 4) {
        const std::uint64_t id = zip::take(extra, 0, 2);
        const std::uint64_t size = zip::take(extra, 2, 2);
        if (size > extra.size() - 4)
            return corrupt(fmt::format("'{}': an extra field is cut off", entry.name));
        const auto body = extra.subspan(4, size);
        extra = extra.subspan(4 + size);
        if (id != zip::extra64) continue;
        std::size_t place = 0;
        for (std::uint64_t* number : {&entry.size, &entry.packed_size, &entry.offset}) {
            if (*number != zip::full32) continue;
            if (place + 8 > body.size())
                return corrupt(fmt::format("'{}': its ZIP64 field is too short", entry.name));
            *number = zip::take(body, place, 8);
            place += 8;
        }
        return {};
    }
    return {};
}

// The entry at the start of `data`, and how long its record is.
Result<std::pair<ZipEntry, std::size_t>> read_central(std::span<const std::byte> data) {
    if (data.size() < zip::central_bytes || zip::take(data, 0, 4) != zip::central_signature)
        return corrupt("the ZIP archive's directory is damaged");
    const std::size_t name_bytes = zip::take(data, 28, 2);
    const std::size_t extra_bytes = zip::take(data, 30, 2);
    const std::size_t record = zip::central_bytes + name_bytes + extra_bytes + zip::take(data, 32, 2);
    if (record > data.size()) return corrupt("the ZIP archive's directory is cut off");
    ZipEntry entry;
    const auto name = data.subspan(zip::central_bytes, name_bytes);
    entry.name.assign(reinterpret_cast<const char*>(name.data()), name.size());
    entry.crc = static_cast<std::uint32_t>(zip::take(data, 16, 4));
    entry.packed_size = zip::take(data, 20, 4);
    entry.size = zip::take(data, 24, 4);
    entry.offset = zip::take(data, 42, 4);
    const std::uint64_t method = zip::take(data, 10, 2);
    if (zip::take(data, 8, 2) & encrypted_flag)
        return fail(ErrorCode::unsupported, fmt::format("'{}' is encrypted", escape_control(entry.name)));
    if (method != 0 && method != 8)
        return fail(ErrorCode::unsupported,
                    fmt::format("'{}' is packed by method {}", escape_control(entry.name), method));
    entry.method = static_cast<ZipMethod>(method);
    DUBPLATE_CHECK(take_large(entry, data.subspan(zip::central_bytes + name_bytes, extra_bytes)));
    return std::pair(std::move(entry), record);
}

Status check_sizes(const ZipEntry& entry, const ByteSource& archive, const ZipLimits& limits) {
    const std::string name = escape_control(truncate_utf8(entry.name, 80));
    if (entry.packed_size > archive.size())
        return corrupt(fmt::format("'{}' would be larger than the archive", name));
    if (entry.method == ZipMethod::store && entry.size != entry.packed_size)
        return corrupt(fmt::format("'{}' is stored, but has two sizes", name));
    if (entry.size > entry.packed_size * limits.ratio)
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("'{}' unpacks to more than {} times its size", name, limits.ratio));
    return {};
}

}  // namespace

Result<std::vector<ZipEntry>> read_zip(const ByteSource& archive, const ZipLimits& limits) {
    DUBPLATE_TRY(const Directory directory, find_directory(archive));
    if (directory.entries > limits.entries || directory.size > limits.directory_bytes)
        return fail(ErrorCode::limit_exceeded, fmt::format("the ZIP archive has {} entries; {} are allowed",
                                                           directory.entries, limits.entries));
    DUBPLATE_TRY(const Bytes records, read_part(archive, directory.offset, directory.size));
    std::vector<ZipEntry> entries;
    std::span<const std::byte> rest = records;
    for (std::uint64_t i = 0; i < directory.entries; ++i) {
        DUBPLATE_TRY(auto read, read_central(rest));
        DUBPLATE_CHECK(check_sizes(read.first, archive, limits));
        rest = rest.subspan(read.second);
        entries.push_back(std::move(read.first));
    }
    return entries;
}

Result<std::uint64_t> zip_content_offset(const ByteSource& archive, const ZipEntry& entry) {
    DUBPLATE_TRY(const Bytes local, read_part(archive, entry.offset, zip::local_bytes));
    if (zip::take(local, 0, 4) != zip::local_signature)
        return corrupt(
            fmt::format("'{}' has no header where the directory says", escape_control(entry.name)));
    const std::uint64_t begin =
        entry.offset + zip::local_bytes + zip::take(local, 26, 2) + zip::take(local, 28, 2);
    if (begin > archive.size() || entry.packed_size > archive.size() - begin)
        return corrupt(fmt::format("'{}' is cut off", escape_control(entry.name)));
    return begin;
}

Result<Bytes> read_zip_entry(const ByteSource& archive, const ZipEntry& entry, const ZipLimits& limits) {
    if (std::max(entry.size, entry.packed_size) > limits.entry_bytes)
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("'{}' has {} bytes; {} are allowed", escape_control(entry.name), entry.size,
                                limits.entry_bytes));
    DUBPLATE_TRY(const std::uint64_t begin, zip_content_offset(archive, entry));
    DUBPLATE_TRY(Bytes content, read_part(archive, begin, entry.packed_size));
    if (entry.method == ZipMethod::deflate) {
        DUBPLATE_TRY(content, inflate_raw(content, entry.size));
    }
    const uLong crc = crc32(crc32(0, nullptr, 0), reinterpret_cast<const Bytef*>(content.data()),
                            static_cast<uInt>(content.size()));
    if (crc != entry.crc)
        return corrupt(
            fmt::format("'{}' does not have the CRC that the archive tells", escape_control(entry.name)));
    return content;
}

}  // namespace dubplate
