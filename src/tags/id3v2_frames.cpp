#include "tags/id3v2_frames.h"

#include "tags/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace dubplate {

namespace {

constexpr std::size_t header_bytes = 10;
constexpr std::size_t max_frames = 5000;

constexpr std::uint32_t unsynchronized_tag = 0x80;
constexpr std::uint32_t extended_header = 0x40;  // in version 2.2: compressed, never specified
constexpr std::uint32_t footer_present = 0x10;

std::optional<std::size_t> synchsafe(ByteView data, std::size_t at) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const std::uint32_t byte = u8(data, at + i);
        if (byte > 0x7F) return std::nullopt;
        value = (value << 7) | byte;
    }
    return value;
}

// 0xFF 0x00 stood for 0xFF.
Bytes resynchronized(ByteView data) {
    Bytes plain;
    plain.reserve(data.size());
    for (std::size_t i = 0; i < data.size(); ++i) {
        plain.push_back(data[i]);
        if (data[i] == std::byte{0xFF} && i + 1 < data.size() && data[i + 1] == std::byte{0}) ++i;
    }
    return plain;
}

bool is_frame_id(std::string_view id) {
    return std::ranges::all_of(id, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

struct FrameHeader {
    std::string id;
    std::size_t bytes = 0;  // of the header itself
    std::size_t size = 0;
    std::uint32_t flags = 0;
};

// Whether a frame, padding or the end follows at `at`.
bool plausible_next(ByteView data, std::size_t at) {
    if (at == data.size()) return true;
    if (at > data.size()) return false;
    const auto id = as_text(slice(data, at, 4));
    return id[0] == '\0' || (id.size() == 4 && is_frame_id(id));
}

std::size_t frame_size_v24(ByteView data, std::size_t at) {
    const std::size_t plain = be32(data, at + 4);
    const auto safe = synchsafe(data, at + 4);
    if (!safe) return plain;
    if (plain == *safe || plausible_next(data, at + 10 + *safe)) return *safe;
    return plausible_next(data, at + 10 + plain) ? plain : *safe;
}

std::optional<FrameHeader> header_at(ByteView data, std::size_t at, int version) {
    const std::size_t bytes = version == 2 ? 6 : 10;
    const std::size_t id_bytes = version == 2 ? 3 : 4;
    if (data.size() - at < bytes) return std::nullopt;
    FrameHeader header{std::string(as_text(slice(data, at, id_bytes))), bytes, 0, 0};
    if (!is_frame_id(header.id)) return std::nullopt;
    header.size = version == 2   ? be24(data, at + 3)
                  : version == 3 ? be32(data, at + 4)
                                 : frame_size_v24(data, at);
    if (version > 2) header.flags = be16(data, at + 8);
    return header;
}

struct FrameFlags {
    std::uint32_t compressed;
    std::uint32_t encrypted;
    std::uint32_t grouped;
    std::uint32_t unsynchronized;
    std::uint32_t has_length;
};
constexpr FrameFlags flags_v23{0x80, 0x40, 0x20, 0, 0};
constexpr FrameFlags flags_v24{0x08, 0x04, 0x40, 0x02, 0x01};

// The content of a frame without what its flags put in front; none: we do not read it.
std::optional<Bytes> frame_body(ByteView body, const FrameHeader& header, int version, bool unsynchronized) {
    const FrameFlags& flags = version == 3 ? flags_v23 : flags_v24;
    if (version > 2) {
        if ((header.flags & (flags.compressed | flags.encrypted)) != 0) return std::nullopt;
        if ((header.flags & flags.grouped) != 0) body = slice(body, 1);
        if ((header.flags & flags.has_length) != 0) body = slice(body, 4);
        unsynchronized = unsynchronized || (header.flags & flags.unsynchronized) != 0;
    }
    if (version == 4 && unsynchronized) return resynchronized(body);
    return Bytes(body.begin(), body.end());
}

ByteView without_extended_header(ByteView data, int version) {
    if (data.size() < 4) return {};
    // The size counts itself in version 2.4 and not in 2.3.
    const std::size_t size =
        version == 4 ? synchsafe(data, 0).value_or(data.size()) : std::size_t{4} + be32(data, 0);
    return slice(data, size);
}

void split_frames(Id3Tag& tag, ByteView data, bool unsynchronized, std::vector<Loss>& losses) {
    std::size_t at = 0;
    bool cut = false;
    while (at < data.size() && tag.frames.size() < max_frames) {
        const auto header = header_at(data, at, tag.version);
        if (!header) break;
        at += header->bytes;
        cut = header->size > data.size() - at;
        const ByteView body = slice(data, at, header->size);
        at += body.size();
        if (body.empty()) continue;
        auto content = frame_body(body, *header, tag.version, unsynchronized);
        if (content) {
            tag.frames.push_back({header->id, *std::move(content)});
        } else if (losses.size() < max_frames) {
            losses.push_back({fmt::format("frame {}", header->id), std::string(sealed_frame)});
        }
    }
    if (cut) losses.push_back({"ID3v2 tag", "its last frame is cut off"});
    if (tag.frames.size() == max_frames) {
        losses.push_back({"ID3v2 tag", fmt::format("holds more than {} frames", max_frames)});
    }
}

// Byte order mark, or what the encoding says.
std::string utf16_text(ByteView text, bool big_endian) {
    std::string utf8;
    for (std::size_t at = 0; at + 2 <= text.size(); at += 2) {
        char32_t unit = big_endian ? be16(text, at) : le16(text, at);
        if (unit == 0xFEFF) continue;
        if (unit == 0xFFFE) {  // a mark in the other order, in front of each value
            big_endian = !big_endian;
            continue;
        }
        if (unit >= 0xD800 && unit < 0xDC00 && at + 4 <= text.size()) {
            const char32_t low = big_endian ? be16(text, at + 2) : le16(text, at + 2);
            if (low >= 0xDC00 && low < 0xE000) {
                unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                at += 2;
            }
        }
        append_utf8(utf8, unit);
    }
    return utf8;
}

bool is_wide(std::byte encoding) {
    return encoding == std::byte{1} || encoding == std::byte{2};
}

}  // namespace

std::optional<std::size_t> id3v2_length(ByteView head) {
    if (head.size() < header_bytes || !has_text(head, 0, "ID3")) return std::nullopt;
    const std::uint32_t version = u8(head, 3);
    const auto size = synchsafe(head, 6);
    if (version < 2 || version > 4 || !size) return std::nullopt;
    const bool has_footer = version == 4 && (u8(head, 5) & footer_present) != 0;
    return header_bytes + *size + (has_footer ? header_bytes : 0);
}

Result<Id3Tag> split_id3v2(ByteView data, std::vector<Loss>& losses) {
    const auto length = id3v2_length(data);
    if (!length) return fail(ErrorCode::corrupt, "there is no ID3v2 tag of version 2.2 to 2.4");
    if (*length > max_id3_bytes) {
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("an ID3v2 tag of {} bytes is longer than {}", *length, max_id3_bytes));
    }
    if (*length > data.size()) {
        losses.push_back({"ID3v2 tag", fmt::format("{} of {} bytes are there", data.size(), *length)});
    }
    Id3Tag tag;
    tag.version = static_cast<int>(u8(data, 3));
    const std::uint32_t flags = u8(data, 5);
    if (tag.version == 2 && (flags & extended_header) != 0) {
        return fail(ErrorCode::unsupported, "the ID3v2.2 tag is compressed");
    }
    const bool unsynchronized = (flags & unsynchronized_tag) != 0;
    ByteView content = slice(data, header_bytes, *synchsafe(data, 6));
    Bytes plain;
    if (unsynchronized && tag.version < 4) {  // version 2.4 does it frame by frame
        plain = resynchronized(content);
        content = plain;
    }
    if (tag.version > 2 && (flags & extended_header) != 0)
        content = without_extended_header(content, tag.version);
    split_frames(tag, content, unsynchronized, losses);
    return tag;
}

std::string id3_text(std::byte encoding, ByteView text) {
    switch (std::to_integer<int>(encoding)) {
        case 0:
            return latin1_to_utf8(as_text(text));
        case 1:
            return utf16_text(text, false);
        case 2:
            return utf16_text(text, true);
        default:
            return std::string(as_text(text));
    }
}

std::size_t id3_terminated_bytes(std::byte encoding, ByteView text) {
    if (!is_wide(encoding)) return std::min(until_zero(text).size() + 1, text.size());
    for (std::size_t at = 0; at + 2 <= text.size(); at += 2) {
        if (be16(text, at) == 0) return at + 2;
    }
    return text.size();
}

std::optional<Id3Described> id3_described(ByteView body, std::size_t begin) {
    if (body.size() <= begin) return std::nullopt;
    const ByteView rest = slice(body, begin);
    const std::size_t length = id3_terminated_bytes(body[0], rest);
    Id3Described parts{id3_text(body[0], slice(rest, 0, length)), id3_text(body[0], slice(rest, length))};
    // The terminator, and zeros that some programs write after the text.
    std::erase(parts.description, '\0');
    while (parts.text.ends_with('\0')) parts.text.pop_back();
    std::ranges::replace(parts.text, '\0', '\n');
    return parts;
}

}  // namespace dubplate
