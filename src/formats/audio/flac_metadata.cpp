#include "formats/audio/flac_metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <map>

#include "formats/audio/chunks.h"
#include "formats/audio/mp3_header.h"

namespace dubplate {

namespace {

constexpr std::size_t block_header_bytes = 4;
constexpr unsigned last_block = 0x80;
constexpr std::size_t max_chapters = 999;  // the number has three digits

std::string text_of(std::span<const std::byte> data) {
    return {reinterpret_cast<const char*>(data.data()), data.size()};
}

// A text with its 32-bit size in front; Vorbis comments are little-endian, pictures big-endian.
std::string sized_text(ByteReader& reader) {
    const std::uint32_t size = reader.u32();
    return text_of(reader.take(std::min<std::size_t>(size, reader.remaining())));
}

struct Chapter {
    std::optional<std::int64_t> milliseconds;
    std::string name;
};

bool read_number(std::string_view text, std::int64_t& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && value >= 0 && value < 1'000'000;
}

// "01:02:03.456"; the fraction may be missing or have other than three digits.
std::optional<std::int64_t> parse_chapter_time(std::string_view text) {
    const std::size_t dot = text.find('.');
    std::string fraction(dot == std::string_view::npos ? "" : text.substr(dot + 1));
    fraction.resize(3, '0');
    const std::string_view clock = text.substr(0, dot);
    if (clock.size() < 7 || clock[clock.size() - 3] != ':' || clock[clock.size() - 6] != ':') return {};
    std::int64_t hours = 0;
    std::int64_t minutes = 0;
    std::int64_t seconds = 0;
    std::int64_t milliseconds = 0;
    const bool is_good = read_number(clock.substr(0, clock.size() - 6), hours) &&
                         read_number(clock.substr(clock.size() - 5, 2), minutes) &&
                         read_number(clock.substr(clock.size() - 2), seconds) &&
                         read_number(fraction, milliseconds);
    if (!is_good) return {};
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
}

// "CHAPTER001=..." or "CHAPTER001NAME=...".
bool read_chapter(const std::string& comment, std::map<std::int64_t, Chapter>& chapters) {
    constexpr std::string_view prefix = "CHAPTER";
    const std::size_t equals = comment.find('=');
    if (equals == std::string::npos || equals < prefix.size() + 3) return false;
    std::string key = comment.substr(0, equals);
    std::ranges::transform(key, key.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    std::int64_t number = 0;
    if (!key.starts_with(prefix) || !read_number(std::string_view(key).substr(prefix.size(), 3), number))
        return false;
    const std::string rest = key.substr(prefix.size() + 3);
    if (rest == "NAME") {
        chapters[number].name = chunk_text(std::as_bytes(std::span(comment).subspan(equals + 1)));
        return true;
    }
    const auto time =
        rest.empty() ? parse_chapter_time(std::string_view(comment).substr(equals + 1)) : std::nullopt;
    if (time) chapters[number].milliseconds = *time;
    return time.has_value();
}

Status scan_blocks(const ByteSource& source, FlacLayout& layout) {
    std::uint64_t place = layout.begin + 4;
    bool is_last = false;
    while (!is_last) {
        if (layout.blocks.size() >= max_flac_blocks)
            return fail(ErrorCode::limit_exceeded,
                        fmt::format("it has more than {} metadata blocks", max_flac_blocks));
        std::array<std::byte, block_header_bytes> header{};
        DUBPLATE_TRY(const std::size_t got, source.read_at(place, header));
        if (got < header.size()) return fail(ErrorCode::corrupt, "the file ends within its metadata");
        ByteReader reader(header, ByteOrder::big);
        const std::uint32_t word = reader.u32();
        is_last = (word >> 24 & last_block) != 0;
        const auto type = static_cast<FlacBlockType>(word >> 24 & ~last_block);
        const std::uint32_t size = word & max_flac_block_bytes;
        place += header.size();
        if (size > source.size() - place)
            return fail(ErrorCode::corrupt, fmt::format("a metadata block claims {} bytes, {} are left", size,
                                                        source.size() - place));
        layout.blocks.push_back({type, place, size});
        place += size;
    }
    layout.audio_begin = place;
    return {};
}

}  // namespace

Result<FlacLayout> scan_flac(const ByteSource& source) {
    FlacLayout layout;
    DUBPLATE_TRY(layout.begin, end_of_leading_id3v2(source));
    std::array<std::byte, 4> mark{};
    DUBPLATE_TRY(const std::size_t got, source.read_at(layout.begin, mark));
    if (got < mark.size() || text_of(mark) != "fLaC")
        return fail(ErrorCode::corrupt, "the mark \"fLaC\" is missing at its start");
    DUBPLATE_CHECK(scan_blocks(source, layout));
    const FlacBlock& first = layout.blocks.front();
    if (first.type != FlacBlockType::stream_info || first.size != flac_stream_info_bytes)
        return fail(ErrorCode::corrupt, "the first metadata block is not a STREAMINFO of 34 bytes");
    DUBPLATE_TRY(const Bytes payload, read_range(source, first.offset, first.size));
    const auto info = parse_flac_stream_info(payload);
    if (!info || info->sample_rate_hz == 0)
        return fail(ErrorCode::corrupt, "its STREAMINFO tells a sample rate of 0 Hz");
    layout.info = *info;
    return layout;
}

std::optional<FlacStreamInfo> parse_flac_stream_info(std::span<const std::byte> payload) {
    if (payload.size() != flac_stream_info_bytes) return {};
    ByteReader reader(payload, ByteOrder::big);
    reader.skip(10);  // block and frame sizes
    const std::uint64_t word = reader.u64();
    FlacStreamInfo info;
    info.sample_rate_hz = static_cast<int>(word >> 44);
    info.channels = static_cast<int>(word >> 41 & 7) + 1;
    info.bits = static_cast<int>(word >> 36 & 31) + 1;
    info.frames = static_cast<std::int64_t>(word & 0xF'FFFF'FFFF);
    std::ranges::copy(reader.take(info.md5.size()), info.md5.begin());
    return info;
}

FlacComments parse_flac_comments(std::span<const std::byte> payload) {
    ByteReader reader(payload, ByteOrder::little);
    FlacComments result;
    result.vendor = sized_text(reader);
    const std::uint32_t count = reader.u32();
    // Each comment takes four bytes at least, so a count that lies ends with the bytes.
    for (std::uint32_t i = 0; i < count && reader.remaining() >= 4; ++i)
        result.comments.push_back(sized_text(reader));
    return result;
}

Bytes render_flac_comments(const FlacComments& comments) {
    ByteBuilder builder(ByteOrder::little);
    builder.u32(static_cast<std::uint32_t>(comments.vendor.size())).text(comments.vendor);
    builder.u32(static_cast<std::uint32_t>(comments.comments.size()));
    for (const std::string& comment : comments.comments)
        builder.u32(static_cast<std::uint32_t>(comment.size())).text(comment);
    return builder.result();
}

std::optional<FlacPicture> parse_flac_picture(std::span<const std::byte> payload) {
    ByteReader reader(payload, ByteOrder::big);
    FlacPicture result;
    result.kind = reader.u32();
    result.picture.mime = sized_text(reader);
    sized_text(reader);  // description
    reader.skip(16);     // width, height, depth, colors: often wrong, the picture itself tells
    const std::uint32_t size = reader.u32();
    if (!reader.ok() || size > reader.remaining() || result.picture.mime == "-->")
        return {};  // a link is never followed
    const auto data = reader.take(size);
    result.picture.data.assign(data.begin(), data.end());
    return result;
}

Bytes render_flac_picture(const Picture& front_cover) {
    ByteBuilder builder(ByteOrder::big);
    builder.u32(front_cover_kind)
        .u32(static_cast<std::uint32_t>(front_cover.mime.size()))
        .text(front_cover.mime);
    builder.u32(0);                                                                       // no description
    const PictureShape shape = picture_shape(front_cover.data).value_or(PictureShape{});  // 0: not known
    builder.u32(shape.width).u32(shape.height).u32(shape.bits_per_pixel).u32(shape.colors);
    builder.u32(static_cast<std::uint32_t>(front_cover.data.size())).bytes(front_cover.data);
    return builder.result();
}

std::vector<Marker> take_chapters(std::vector<std::string>& comments, int sample_rate_hz) {
    std::map<std::int64_t, Chapter> chapters;
    std::erase_if(comments, [&](const std::string& comment) { return read_chapter(comment, chapters); });
    std::vector<Marker> markers;
    for (const auto& [number, chapter] : chapters)
        if (chapter.milliseconds)
            markers.push_back({(*chapter.milliseconds * sample_rate_hz + 500) / 1000, 0, chapter.name});
    std::ranges::stable_sort(markers, {}, &Marker::frame);
    return markers;
}

std::vector<std::string> chapter_comments(std::span<const Marker> markers, int sample_rate_hz) {
    std::vector<std::string> comments;
    for (std::size_t i = 0; i < std::min(markers.size(), max_chapters); ++i) {
        const std::int64_t ms = (markers[i].frame * 1000 + sample_rate_hz / 2) / sample_rate_hz;
        comments.push_back(fmt::format("CHAPTER{:03}={:02}:{:02}:{:02}.{:03}", i + 1, ms / 3'600'000,
                                       ms / 60'000 % 60, ms / 1000 % 60, ms % 1000));
        if (!markers[i].label.empty())
            comments.push_back(fmt::format("CHAPTER{:03}NAME={}", i + 1, markers[i].label));
    }
    return comments;
}

std::vector<Marker> parse_cue_sheet(std::span<const std::byte> payload, std::int64_t frames) {
    ByteReader reader(payload, ByteOrder::big);
    reader.skip(128 + 8 + 1 + 258);  // catalog number, lead-in, flags, reserved
    const unsigned tracks = reader.u8();
    std::vector<Marker> markers;
    for (unsigned i = 0; i < tracks; ++i) {
        const std::uint64_t offset = reader.u64();
        const unsigned number = reader.u8();
        reader.skip(12 + 1 + 13);  // ISRC, flags, reserved
        const std::size_t points = reader.u8();
        reader.skip(points * 12);
        if (!reader.ok()) break;
        const bool is_lead_out = number == 170 || number == 255;
        if (!is_lead_out && offset < static_cast<std::uint64_t>(std::max<std::int64_t>(frames, 0)))
            markers.push_back({static_cast<std::int64_t>(offset), 0, fmt::format("Track {}", number)});
    }
    return markers;
}

Result<Bytes> render_flac_tags(const TagSet& tags, int sample_rate_hz, const std::string& vendor) {
    FlacComments comments{vendor, vorbis_comments(tags)};
    std::ranges::move(chapter_comments(tags.markers, sample_rate_hz), std::back_inserter(comments.comments));
    const Bytes text = render_flac_comments(comments);
    const Bytes picture = tags.metadata.cover ? render_flac_picture(*tags.metadata.cover) : Bytes{};
    for (const Bytes* payload : {&text, &picture})
        if (payload->size() > max_flac_block_bytes)
            return fail(ErrorCode::limit_exceeded,
                        fmt::format("{} of {} bytes, FLAC holds {}", payload == &text ? "tags" : "a cover",
                                    payload->size(), max_flac_block_bytes));
    Bytes blocks = flac_block(FlacBlockType::vorbis_comment, text);
    if (!picture.empty())
        std::ranges::copy(flac_block(FlacBlockType::picture, picture), std::back_inserter(blocks));
    return blocks;
}

Bytes flac_block(FlacBlockType type, std::span<const std::byte> payload, bool is_last) {
    DUBPLATE_ASSERT(payload.size() <= max_flac_block_bytes);
    ByteBuilder builder(ByteOrder::big);
    builder.u32((static_cast<std::uint32_t>(type) | (is_last ? last_block : 0U)) << 24 |
                static_cast<std::uint32_t>(payload.size()));
    builder.bytes(payload);
    return builder.result();
}

}  // namespace dubplate
