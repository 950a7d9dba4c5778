#include "zip/zip_writer.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>

#include "zip/deflater.h"
#include "zip/little_endian.h"

namespace dubplate {

namespace {

constexpr std::size_t block_bytes = 65'536;
constexpr std::uint16_t utf8_flag = 0x0800;
constexpr std::uint16_t dos_date = 0x0021;                         // 1980-01-01, the first that there is
constexpr std::uint32_t file_mode = std::uint32_t{0100644} << 16;  // as Unix has it
constexpr std::uint16_t made_by_unix = 3 << 8;
constexpr std::uint64_t packed_may_grow_by = 0x100'0000;  // deflate adds 5 bytes to 16 KiB that do not shrink

std::uint16_t version_needed(bool zip64) {
    return zip64 ? 45 : 20;
}

// What local and central headers have in common, from the version on.
void put_common(Bytes& header, const ZipEntry& entry, bool zip64, std::uint64_t packed, std::uint64_t size,
                std::size_t extra_bytes) {
    zip::put(header, version_needed(zip64), 2);
    zip::put(header, utf8_flag, 2);
    zip::put(header, static_cast<std::uint64_t>(entry.method), 2);
    zip::put(header, 0, 2);  // time
    zip::put(header, dos_date, 2);
    zip::put(header, entry.crc, 4);
    zip::put(header, packed, 4);
    zip::put(header, size, 4);
    zip::put(header, entry.name.size(), 2);
    zip::put(header, extra_bytes, 2);
}

void put_text(Bytes& header, std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    header.insert(header.end(), bytes.begin(), bytes.end());
}

Bytes local_header(const ZipEntry& entry) {
    Bytes header;
    zip::put(header, zip::local_signature, 4);
    if (!entry.zip64) {
        put_common(header, entry, false, entry.packed_size, entry.size, 0);
        put_text(header, entry.name);
        return header;
    }
    put_common(header, entry, true, zip::full32, zip::full32, 20);
    put_text(header, entry.name);
    zip::put(header, zip::extra64, 2);
    zip::put(header, 16, 2);
    zip::put(header, entry.size, 8);
    zip::put(header, entry.packed_size, 8);
    return header;
}

Bytes central_header(const ZipEntry& entry, bool always) {
    const bool large = always || std::max({entry.size, entry.packed_size, entry.offset}) >= zip::full32;
    Bytes header;
    zip::put(header, zip::central_signature, 4);
    zip::put(header, made_by_unix | version_needed(large), 2);
    put_common(header, entry, large || entry.zip64, large ? zip::full32 : entry.packed_size,
               large ? zip::full32 : entry.size, large ? 28 : 0);
    zip::put(header, 0, 2);  // comment
    zip::put(header, 0, 2);  // disk
    zip::put(header, 0, 2);  // internal attributes
    zip::put(header, file_mode, 4);
    zip::put(header, large ? zip::full32 : entry.offset, 4);
    put_text(header, entry.name);
    if (!large) return header;
    zip::put(header, zip::extra64, 2);
    zip::put(header, 24, 2);
    zip::put(header, entry.size, 8);
    zip::put(header, entry.packed_size, 8);
    zip::put(header, entry.offset, 8);
    return header;
}

Bytes end_of_directory(std::uint64_t entries, std::uint64_t size, std::uint64_t offset, bool always) {
    const bool large = always || entries >= zip::full16 || size >= zip::full32 || offset >= zip::full32;
    Bytes end;
    if (large) {
        zip::put(end, zip::end64_signature, 4);
        zip::put(end, zip::end64_bytes - 12, 8);
        zip::put(end, made_by_unix | version_needed(true), 2);
        zip::put(end, version_needed(true), 2);
        zip::put(end, 0, 8);  // disks
        zip::put(end, entries, 8);
        zip::put(end, entries, 8);
        zip::put(end, size, 8);
        zip::put(end, offset, 8);
        zip::put(end, zip::locator64_signature, 4);
        zip::put(end, 0, 4);
        zip::put(end, offset + size, 8);
        zip::put(end, 1, 4);
    }
    zip::put(end, zip::end_signature, 4);
    zip::put(end, 0, 4);  // disks
    zip::put(end, large ? zip::full16 : entries, 2);
    zip::put(end, large ? zip::full16 : entries, 2);
    zip::put(end, large ? zip::full32 : size, 4);
    zip::put(end, large ? zip::full32 : offset, 4);
    zip::put(end, 0, 2);  // comment
    return end;
}

class SpanSource final : public ByteSource {
  public:
    explicit SpanSource(std::span<const std::byte> bytes) : bytes_(bytes) {}
    std::uint64_t size() const override { return bytes_.size(); }
    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> target) const override {
        const std::size_t begin = std::min<std::uint64_t>(offset, bytes_.size());
        const std::size_t count = std::min(target.size(), bytes_.size() - begin);
        std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(begin), count, target.begin());
        return count;
    }
    std::string name() const override { return "bytes in memory"; }

  private:
    std::span<const std::byte> bytes_;
};

}  // namespace

ZipWriter::ZipWriter(PendingFile& file, bool always_zip64)
    : file_(file), always_zip64_(always_zip64), begin_(file.size()) {}

Status ZipWriter::begin_entry(std::string_view name, std::uint64_t size, ZipMethod method) {
    DUBPLATE_CHECK(check_zip_name(name));
    if (!names_.emplace(name).second)
        return fail(ErrorCode::invalid_argument, fmt::format("there are two entries '{}'", name));
    ZipEntry entry;
    entry.name = name;
    entry.method = method;
    entry.offset = file_.size() - begin_;
    entry.zip64 = always_zip64_ || size >= zip::full32 - packed_may_grow_by;
    entries_.push_back(std::move(entry));
    return file_.append(local_header(entries_.back()));
}

Status ZipWriter::append(std::span<const std::byte> data) {
    entries_.back().packed_size += data.size();
    return data.empty() ? Status{} : file_.append(data);
}

Status ZipWriter::end_entry() {
    return file_.write_at(begin_ + entries_.back().offset, local_header(entries_.back()));
}

Status ZipWriter::add(std::string_view name, const ByteSource& content, ZipMethod method,
                      std::stop_token stop) {
    const std::uint64_t size = content.size();
    DUBPLATE_CHECK(begin_entry(name, size, method));
    const std::unique_ptr<Deflater> deflater =
        method == ZipMethod::deflate ? std::make_unique<Deflater>() : nullptr;
    std::array<std::byte, block_bytes> block;
    uLong crc = crc32(0, nullptr, 0);
    std::uint64_t done = 0;
    do {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        DUBPLATE_TRY(const std::size_t got, content.read_at(done, block));
        done += got;
        if (done > size || (got == 0 && done < size))
            return fail(ErrorCode::io, fmt::format("{} is not {} bytes long any more", content.name(), size));
        const auto data = std::span<const std::byte>(block).first(got);
        crc = crc32(crc, reinterpret_cast<const Bytef*>(data.data()), static_cast<uInt>(got));
        if (!deflater) {
            DUBPLATE_CHECK(append(data));
            continue;
        }
        DUBPLATE_CHECK(deflater->pack(data, done == size,
                                      [this](std::span<const std::byte> packed) { return append(packed); }));
    } while (done < size);
    entries_.back().size = size;
    entries_.back().crc = static_cast<std::uint32_t>(crc);
    return end_entry();
}

Status ZipWriter::add(std::string_view name, std::span<const std::byte> content, ZipMethod method,
                      std::stop_token stop) {
    return add(name, SpanSource(content), method, std::move(stop));
}

Status ZipWriter::finish(bool sorted) {
    if (sorted) std::ranges::sort(entries_, {}, &ZipEntry::name);
    const std::uint64_t offset = file_.size() - begin_;
    for (const ZipEntry& entry : entries_) DUBPLATE_CHECK(file_.append(central_header(entry, always_zip64_)));
    const std::uint64_t size = file_.size() - begin_ - offset;
    return file_.append(end_of_directory(entries_.size(), size, offset, always_zip64_));
}

}  // namespace dubplate
