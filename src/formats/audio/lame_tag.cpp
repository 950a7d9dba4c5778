#include "formats/audio/lame_tag.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "core/units.h"
#include "formats/audio/chunks.h"

namespace dubplate {

namespace {

constexpr unsigned has_frames = 1;
constexpr unsigned has_bytes = 2;
constexpr unsigned has_toc = 4;
constexpr unsigned has_quality = 8;
constexpr unsigned has_all = 15;
constexpr std::size_t toc_bytes = 100;

// Counted from the mark.
constexpr std::size_t frames_place = 8;
constexpr std::size_t bytes_place = 12;
constexpr std::size_t toc_place = 16;
constexpr std::size_t peak_place = 131;
constexpr std::size_t delays_place = 141;
constexpr std::size_t music_place = 148;
constexpr std::size_t checksum_place = 154;
constexpr std::size_t whole_bytes = 156;

constexpr unsigned radio_kind = 1;
constexpr unsigned origin_measured = 3;
constexpr int largest_gain_tenths = 511;  // nine bits

void put(std::span<std::byte> target, std::uint32_t value) {
    for (std::byte& byte : target) {
        byte = static_cast<std::byte>(value >> 8 * (target.size() - 1) & 0xFF);
        value <<= 8;
    }
}

std::optional<double> parse_gain(unsigned bits) {
    if (bits >> 13 != radio_kind) return {};
    const double gain = (bits & 0x1FF) / 10.0;
    return (bits & 0x200) != 0 ? -gain : gain;
}

LameTag::Extension parse_extension(std::span<const std::byte> tag) {
    ByteReader reader(tag, ByteOrder::big);
    reader.skip(120);
    LameTag::Extension extension;
    const auto name = reader.take(9);
    extension.encoder.assign(reinterpret_cast<const char*>(name.data()), name.size());
    extension.encoder.resize(std::strlen(extension.encoder.c_str()));
    reader.skip(2);
    extension.peak = reader.u32() * 0x1p-23;
    extension.gain_db = parse_gain(reader.u16());
    reader.skip(2 + 1 + 1);
    const unsigned delay_high = reader.u8();
    const unsigned shared = reader.u8();
    extension.delay = static_cast<int>(delay_high << 4 | shared >> 4);
    extension.padding = static_cast<int>((shared & 15) << 8 | reader.u8());
    return extension;
}

// An encoder's name begins with a letter; zeros or sound stand there otherwise.
bool has_extension(std::span<const std::byte> tag, unsigned flags) {
    if (flags != has_all || tag.size() < whole_bytes) return false;
    const auto letter = std::to_integer<char>(tag[120]);
    return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z');
}

}  // namespace

std::uint16_t crc16_arc(std::span<const std::byte> data, std::uint16_t before) {
    static constexpr auto table = [] {
        std::array<std::uint16_t, 256> made{};
        for (unsigned byte = 0; byte < made.size(); ++byte) {
            unsigned crc = byte;
            for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xA001 : crc >> 1;
            made[byte] = static_cast<std::uint16_t>(crc);
        }
        return made;
    }();
    unsigned crc = before;
    for (const std::byte byte : data) crc = crc >> 8 ^ table[(crc ^ std::to_integer<unsigned>(byte)) & 0xFF];
    return static_cast<std::uint16_t>(crc);
}

std::optional<LameTag> parse_lame_tag(std::span<const std::byte> frame) {
    const auto header = parse_mp3_header(frame);
    if (!header) return {};
    frame = frame.first(std::min(frame.size(), static_cast<std::size_t>(header->frame_bytes)));
    LameTag tag;
    tag.mark = mp3_header_bytes + static_cast<std::size_t>(header->side_info_bytes);
    if (tag.mark + 8 > frame.size()) return {};
    const auto body = frame.subspan(tag.mark);
    ByteReader reader(body, ByteOrder::big);
    const std::string mark = reader.id();
    if (mark != "Xing" && mark != "Info") return {};
    tag.is_vbr = mark == "Xing";
    const std::uint32_t flags = reader.u32();
    if ((flags & has_frames) != 0) tag.frames = reader.u32();
    if ((flags & has_bytes) != 0) tag.bytes = reader.u32();
    if ((flags & has_toc) != 0) reader.skip(toc_bytes);
    if ((flags & has_quality) != 0) reader.skip(4);
    if (!reader.ok()) return {};
    if (has_extension(body, flags)) tag.extension = parse_extension(body);
    return tag;
}

std::optional<std::int64_t> exact_frames(const Mp3Header& header, const LameTag& tag) {
    if (!tag.frames || !tag.extension) return {};
    const std::int64_t frames =
        std::int64_t{*tag.frames} * header.frame_samples - tag.extension->delay - tag.extension->padding;
    return frames < 0 ? std::nullopt : std::optional(frames);
}

std::size_t lame_tag_frame_bytes(const Mp3Header& header) {
    return mp3_header_bytes + static_cast<std::size_t>(header.side_info_bytes) + whole_bytes;
}

Bytes render_lame_tag(std::span<const std::byte> header, const CbrFacts& facts) {
    Bytes frame(header.begin(), header.begin() + mp3_header_bytes);
    frame[1] |= std::byte{1};     // no checksum behind the header
    frame[2] &= std::byte{0x0D};  // no bitrate, no padding
    auto parsed = std::optional<Mp3Header>();
    while (!parsed || static_cast<std::size_t>(parsed->frame_bytes) < lame_tag_frame_bytes(*parsed)) {
        DUBPLATE_ASSERT(frame[2] < std::byte{0xE0});
        frame[2] = static_cast<std::byte>(std::to_integer<unsigned>(frame[2]) + 0x10);
        parsed = parse_mp3_header(frame);
    }
    const auto size = static_cast<std::uint32_t>(parsed->frame_bytes);
    ByteBuilder tag(ByteOrder::big);
    tag.bytes(frame).zeros(static_cast<std::size_t>(parsed->side_info_bytes)).text("Info").u32(has_all);
    tag.u32(facts.frames).u32(facts.music_bytes + size);
    for (unsigned i = 0; i < toc_bytes; ++i) tag.u8(static_cast<std::uint8_t>(i * 256 / toc_bytes));
    constexpr std::uint32_t quality = 57;  // what LAME tells of its default, quality 3 at a constant bitrate
    constexpr std::uint8_t constant_bitrate = 1;
    tag.u32(quality)
        .text("LAME3.100")
        .u8(constant_bitrate)
        .u8(static_cast<std::uint8_t>(facts.lowpass_hz / 100));
    tag.zeros(4 + 2 + 2 + 1).u8(static_cast<std::uint8_t>(parse_mp3_header(header)->bitrate_kbps));
    const auto delays = static_cast<unsigned>(facts.delay << 12 | facts.padding);
    tag.u8(static_cast<std::uint8_t>(delays >> 16)).u16(static_cast<std::uint16_t>(delays));
    tag.zeros(1 + 1 + 2).u32(facts.music_bytes + size).u16(facts.music_crc);
    tag.u16(crc16_arc(tag.result())).zeros(size - tag.size());
    return tag.result();
}

void set_lame_facts(std::span<std::byte> frame, const CbrFacts& facts) {
    const auto tag = parse_lame_tag(frame);
    if (!tag || !tag->extension) return;
    const auto body = frame.subspan(tag->mark);
    const auto file_bytes = static_cast<std::uint32_t>(facts.music_bytes + frame.size());
    put(body.subspan(frames_place, 4), facts.frames);
    put(body.subspan(bytes_place, 4), file_bytes);
    for (unsigned i = 0; i < toc_bytes; ++i)
        body[toc_place + i] = static_cast<std::byte>(i * 256 / toc_bytes);  // a constant bitrate's
    put(body.subspan(delays_place, 3), static_cast<std::uint32_t>(facts.delay << 12 | facts.padding));
    put(body.subspan(music_place, 4), file_bytes);
    put(body.subspan(music_place + 4, 2), facts.music_crc);
    put(body.subspan(checksum_place, 2), crc16_arc(frame.first(tag->mark + checksum_place)));
}

void set_lame_loudness(std::span<std::byte> frame, const LoudnessFacts& loudness) {
    const auto tag = parse_lame_tag(frame);
    if (!tag || !tag->extension) return;
    const double peak = std::clamp(db_to_gain(loudness.true_peak_dbtp), 0.0, 511.0);
    const double gain = replay_gain_reference_lufs - loudness.integrated_lufs;
    const int tenths =
        std::clamp(static_cast<int>(std::lround(gain * 10)), -largest_gain_tenths, largest_gain_tenths);
    const unsigned bits = radio_kind << 13 | origin_measured << 10 | (tenths < 0 ? 1U : 0U) << 9 |
                          static_cast<unsigned>(std::abs(tenths));
    const auto body = frame.subspan(tag->mark);
    put(body.subspan(peak_place, 4), static_cast<std::uint32_t>(std::llround(peak * 0x1p23)));
    put(body.subspan(peak_place + 4, 2), bits);
    put(body.subspan(checksum_place, 2), crc16_arc(frame.first(tag->mark + checksum_place)));
}

}  // namespace dubplate
