#include "core/text.h"
#include "core/units.h"
#include "tags/bytes.h"
#include "tags/fields.h"
#include "tags/id3v2.h"
#include "tags/id3v2_genre.h"
#include "tags/render.h"
#include "tags/replay_gain.h"

#include <fmt/format.h>

#include <cmath>

namespace dubplate {

namespace {

constexpr std::size_t header_bytes = 10;
constexpr std::size_t room_bytes = 1024;
constexpr std::uint32_t utf8_encoding = 3;
constexpr std::size_t max_size = (std::size_t{1} << 28) - 1;  // four bytes of seven bits

// Seven bits a byte, so that no byte looks like an MPEG sync.
void put_synchsafe(TagWriter& out, std::size_t value) {
    for (int shift = 21; shift >= 0; shift -= 7) out.u8(static_cast<std::uint32_t>(value >> shift) & 0x7F);
}

void put_frame(TagWriter& out, std::string_view id, TagWriter body) {
    out.text(id);
    put_synchsafe(out, body.size());
    out.zeros(2);  // flags
    out.bytes(body.take());
}

void put_text(TagWriter& out, std::string_view id, std::string_view value) {
    if (value.empty()) return;
    TagWriter body;
    body.u8(utf8_encoding);
    body.text(value);
    put_frame(out, id, std::move(body));
}

void put_user_text(TagWriter& out, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    TagWriter body;
    body.u8(utf8_encoding);
    body.text(name);
    body.u8(0);
    body.text(value);
    put_frame(out, "TXXX", std::move(body));
}

void put_comment(TagWriter& out, std::string_view value) {
    if (value.empty()) return;
    TagWriter body;
    body.u8(utf8_encoding);
    body.text("eng");
    body.u8(0);  // no description: what players show
    body.text(value);
    put_frame(out, "COMM", std::move(body));
}

void put_cover(TagWriter& out, const Picture& cover) {
    TagWriter body;
    body.u8(0);  // Latin-1, for the empty description
    body.text(cover.mime);
    body.u8(0);
    body.u8(3);  // front cover
    body.u8(0);
    body.bytes(cover.data);
    put_frame(out, "APIC", std::move(body));
}

// TBPM is an integer by the standard; the exact value travels beside it.
void put_bpm(TagWriter& out, double bpm) {
    put_text(out, "TBPM", fmt::format("{}", std::lround(bpm)));
    if (bpm != std::round(bpm)) put_user_text(out, "BPM", format_number(bpm));
}

std::uint32_t milliseconds(std::int64_t frame, int sample_rate_hz) {
    const double ms = std::round(1000.0 * frames_to_seconds(frame, sample_rate_hz));
    return static_cast<std::uint32_t>(std::clamp(ms, 0.0, 4294967294.0));
}

// A point ends where the next marker begins; players show no chapter without a length.
std::int64_t end_of(const std::vector<Marker>& markers, std::size_t index) {
    const auto& marker = markers[index];
    if (marker.length_frames > 0 || index + 1 == markers.size()) return marker.frame + marker.length_frames;
    return std::max(marker.frame, markers[index + 1].frame);
}

void put_chapter(TagWriter& out, const TagSet& tags, std::size_t index) {
    TagWriter body;
    body.text(fmt::format("ch{:03}", index));
    body.u8(0);
    body.be32(milliseconds(tags.markers[index].frame, tags.sample_rate_hz));
    body.be32(milliseconds(end_of(tags.markers, index), tags.sample_rate_hz));
    body.be32(0xFFFFFFFF);  // byte offsets are not used
    body.be32(0xFFFFFFFF);
    put_text(body, "TIT2", tags.markers[index].label);
    put_frame(out, "CHAP", std::move(body));
}

void put_chapters(TagWriter& out, const TagSet& tags) {
    if (tags.markers.empty() || tags.sample_rate_hz <= 0) return;
    const std::size_t count = std::min(tags.markers.size(), max_id3_chapters);
    TagWriter body;
    body.text("toc");
    body.u8(0);
    body.u8(3);  // top level, ordered
    body.u8(static_cast<std::uint32_t>(count));
    for (std::size_t i = 0; i < count; ++i) {
        body.text(fmt::format("ch{:03}", i));
        body.u8(0);
    }
    put_frame(out, "CTOC", std::move(body));
    for (std::size_t i = 0; i < count; ++i) put_chapter(out, tags, i);
}

void put_custom(TagWriter& out, const Metadata& metadata) {
    for (const auto& [key, value] : metadata.custom) {
        if (const auto* frame = find_id3_frame(key)) {
            put_text(out, frame->id, value);
        } else {
            put_user_text(out, key, value);
        }
    }
}

TagWriter all_frames(const TagSet& tags) {
    const Metadata& metadata = tags.metadata;
    TagWriter out;
    put_text(out, "TIT2", metadata.title);
    put_text(out, "TPE1", metadata.artist);
    put_text(out, "TALB", metadata.album);
    put_text(out, "TPE2", metadata.album_artist);
    put_text(out, "TDRC", metadata.date);
    put_text(out, "TCON", write_id3_genre(metadata.genre));
    put_comment(out, metadata.comment);
    if (metadata.bpm) put_bpm(out, *metadata.bpm);
    put_text(out, "TKEY", metadata.key);
    put_text(out, "TSRC", metadata.isrc);
    put_text(out, "TRCK", number_of_text(metadata.track));
    put_text(out, "TPOS", number_of_text(metadata.disc));
    put_text(out, "TCOP", metadata.copyright);
    put_text(out, "TSSE", tags.encoder);
    put_custom(out, metadata);
    for (const auto& [name, value] : replay_gain_tags(tags)) put_user_text(out, name, value);
    put_chapters(out, tags);
    if (metadata.cover) put_cover(out, *metadata.cover);
    return out;
}

}  // namespace

Result<Bytes> render_id3v2(const TagSet& tags, std::size_t size) {
    TagWriter frames = all_frames(tags);
    const std::size_t needed = header_bytes + frames.size();
    if (size == 0) size = needed + room_bytes;
    if (size < needed) {
        return fail(ErrorCode::internal,
                    fmt::format("an ID3v2 tag of {} bytes does not fit into {}", needed, size));
    }
    if (size - header_bytes > max_size) {
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("an ID3v2 tag of {} bytes is longer than {}", size, max_size));
    }
    TagWriter out;
    out.text("ID3");
    out.u8(4);     // version 2.4.0
    out.zeros(2);  // revision, flags
    put_synchsafe(out, size - header_bytes);
    out.bytes(frames.take());
    out.zeros(size - needed);
    return out.take();
}

}  // namespace dubplate
