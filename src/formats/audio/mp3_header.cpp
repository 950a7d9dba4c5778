#include "formats/audio/mp3_header.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "core/text.h"

namespace dubplate {

namespace {

constexpr std::array<int, 9> sample_rates{8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000};
// By the four bits of the header; 0 is free format.
constexpr std::array<int, 15> mpeg1_bitrates{0,   32,  40,  48,  56,  64,  80, 96,
                                             112, 128, 160, 192, 224, 256, 320};
constexpr std::array<int, 15> mpeg2_bitrates{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
// MPEG-2.5 shares the table of MPEG-2, but no encoder goes past 64 kbit/s there.
constexpr std::size_t mpeg25_bitrates = 9;

constexpr std::size_t id3v2_header_bytes = 10;
constexpr std::size_t id3v1_bytes = 128;
constexpr std::size_t ape_footer_bytes = 32;
constexpr int max_leading_tags = 64;  // a file with more is made to waste time
constexpr int max_trailing_tags = 8;  // likewise
constexpr int frames_in_a_run = 3;

unsigned byte_at(std::span<const std::byte> data, std::size_t index) {
    return std::to_integer<unsigned>(data[index]);
}

bool begins_with(std::span<const std::byte> data, std::string_view text) {
    return data.size() >= text.size() && std::memcmp(data.data(), text.data(), text.size()) == 0;
}

// Does each frame from `offset` on lead to one of the same rate, version and channels, as far as `head` goes?
bool is_run_of_frames(std::span<const std::byte> head, std::size_t offset) {
    std::optional<Mp3Header> first;
    std::size_t place = offset;
    for (int i = 0; i < frames_in_a_run; ++i) {
        if (place + mp3_header_bytes > head.size()) return i >= 2 || offset == 0;
        const auto header = parse_mp3_header(head.subspan(place));
        if (!header) return false;
        if (first && (header->sample_rate_hz != first->sample_rate_hz || header->version != first->version))
            return false;
        if (!first) first = header;
        place += static_cast<std::size_t>(header->frame_bytes);
    }
    return true;
}

// The bytes of an APEv2 tag that ends at `end`; 0: there is none.
Result<std::uint64_t> ape_tag_bytes(const ByteSource& source, std::uint64_t begin, std::uint64_t end) {
    std::array<std::byte, ape_footer_bytes> footer{};
    if (end - begin < footer.size()) return 0;
    DUBPLATE_TRY(const std::size_t got, source.read_at(end - footer.size(), footer));
    if (got < footer.size() || !begins_with(footer, "APETAGEX")) return 0;
    std::uint32_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size |= byte_at(footer, 12 + i) << (8 * i);
    constexpr unsigned has_header = 0x80;  // in the highest byte of the flags; the size leaves the header out
    const std::uint64_t whole =
        std::uint64_t{size} + ((byte_at(footer, 23) & has_header) != 0 ? ape_footer_bytes : 0);
    return whole < ape_footer_bytes || whole > end - begin ? 0 : whole;
}

// The last bytes in front of `end`, at most `size` of them.
Result<Bytes> read_before(const ByteSource& source, const Mp3Extent& extent, std::uint64_t size) {
    Bytes bytes(static_cast<std::size_t>(std::min(size, extent.end - extent.begin)));
    DUBPLATE_TRY(const std::size_t got, source.read_at(extent.end - bytes.size(), bytes));
    bytes.resize(got);
    return bytes;
}

std::uint64_t lyrics3_v1_bytes(std::string_view tail) {
    const std::size_t begin = tail.rfind("LYRICSBEGIN");
    return begin == std::string_view::npos ? 0 : tail.size() - begin;
}

// Version 2 tells its size in six digits, without these and the mark behind them.
std::uint64_t lyrics3_v2_bytes(std::string_view tail, std::uint64_t most) {
    constexpr std::size_t digits = 6;
    constexpr std::size_t after_size = 9;
    if (tail.size() < digits + after_size) return 0;
    const auto size = parse_integer(tail.substr(tail.size() - digits - after_size, digits));
    if (!size || *size < 0) return 0;
    const std::uint64_t whole = static_cast<std::uint64_t>(*size) + digits + after_size;
    return whole > most ? 0 : whole;
}

// The bytes of a Lyrics3 tag that ends where the extent does; 0: there is none.
Result<std::uint64_t> lyrics3_bytes(const ByteSource& source, const Mp3Extent& extent) {
    constexpr std::uint64_t max_v1_bytes = 5100 + 11 + 9;  // the text and both marks
    DUBPLATE_TRY(const Bytes bytes, read_before(source, extent, max_v1_bytes));
    const std::string_view tail(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (tail.ends_with("LYRICSEND")) return lyrics3_v1_bytes(tail);
    if (tail.ends_with("LYRICS200")) return lyrics3_v2_bytes(tail, extent.end - extent.begin);
    return 0;
}

// They may stand in any order.
Result<std::uint64_t> trailing_tag_bytes(const ByteSource& source, const Mp3Extent& extent) {
    DUBPLATE_TRY(const Bytes tail, read_before(source, extent, id3v1_bytes));
    if (tail.size() == id3v1_bytes && begins_with(tail, "TAG")) return id3v1_bytes;
    DUBPLATE_TRY(const std::uint64_t ape, ape_tag_bytes(source, extent.begin, extent.end));
    if (ape != 0) return ape;
    return lyrics3_bytes(source, extent);
}

}  // namespace

std::span<const int> mp3_sample_rates() {
    return sample_rates;
}

std::span<const int> mp3_bitrates_of(int sample_rate_hz) {
    if (std::ranges::find(sample_rates, sample_rate_hz) == sample_rates.end()) return {};
    const std::span<const int> all =
        sample_rate_hz >= 32000 ? std::span<const int>(mpeg1_bitrates) : mpeg2_bitrates;
    return sample_rate_hz >= 16000 ? all.subspan(1) : all.subspan(1, mpeg25_bitrates - 1);
}

std::optional<Mp3Header> parse_mp3_header(std::span<const std::byte> data) {
    if (data.size() < mp3_header_bytes || byte_at(data, 0) != 0xFF || (byte_at(data, 1) & 0xE0) != 0xE0)
        return {};
    constexpr std::array<int, 4> versions{3, 0, 2, 1};
    constexpr std::array<int, 3> rates{44100, 48000, 32000};
    const int version = versions[byte_at(data, 1) >> 3 & 3];
    const unsigned layer = byte_at(data, 1) >> 1 & 3;
    const unsigned bitrate = byte_at(data, 2) >> 4;
    const unsigned rate = byte_at(data, 2) >> 2 & 3;
    if (version == 0 || layer != 1 || bitrate == 0 || bitrate == 15 || rate == 3) return {};
    if ((byte_at(data, 3) & 3) == 2) return {};  // a reserved emphasis: chance bytes, not a header

    Mp3Header header;
    header.version = version;
    header.has_checksum = (byte_at(data, 1) & 1) == 0;
    header.bitrate_kbps = version == 1 ? mpeg1_bitrates[bitrate] : mpeg2_bitrates[bitrate];
    header.sample_rate_hz = rates[rate] >> (version - 1);
    header.channels = byte_at(data, 3) >> 6 == 3 ? 1 : 2;
    header.frame_samples = version == 1 ? 1152 : 576;
    const int padding = static_cast<int>(byte_at(data, 2) >> 1 & 1);
    header.frame_bytes =
        header.frame_samples / 8 * header.bitrate_kbps * 1000 / header.sample_rate_hz + padding;
    const bool is_mono = header.channels == 1;
    header.side_info_bytes = version == 1 ? (is_mono ? 17 : 32) : (is_mono ? 9 : 17);
    return header;
}

std::optional<std::size_t> find_mp3_frames(std::span<const std::byte> head) {
    for (std::size_t i = 0; i + mp3_header_bytes <= head.size(); ++i)
        if (head[i] == std::byte{0xFF} && is_run_of_frames(head, i)) return i;
    return {};
}

bool starts_with_adts(std::span<const std::byte> head) {
    constexpr std::size_t adts_header_bytes = 7;
    std::size_t place = 0;
    for (int i = 0; i < frames_in_a_run; ++i) {
        if (place + adts_header_bytes > head.size()) return i > 0;
        const auto frame = head.subspan(place);
        // Twelve bits of sync, any MPEG version, layer 0; rates 13 to 15 do not exist.
        if (byte_at(frame, 0) != 0xFF || (byte_at(frame, 1) & 0xF6) != 0xF0 ||
            (byte_at(frame, 2) >> 2 & 15) > 12)
            return false;
        const std::size_t size =
            (byte_at(frame, 3) & 3) << 11 | byte_at(frame, 4) << 3 | byte_at(frame, 5) >> 5;
        if (size < adts_header_bytes) return false;
        place += size;
    }
    return true;
}

Result<std::uint64_t> end_of_leading_id3v2(const ByteSource& source) {
    std::uint64_t offset = 0;
    for (int i = 0; i < max_leading_tags; ++i) {
        std::array<std::byte, id3v2_header_bytes> header{};
        DUBPLATE_TRY(const std::size_t got, source.read_at(offset, header));
        if (got < header.size() || !begins_with(header, "ID3")) break;
        std::uint64_t size = 0;
        for (std::size_t k = 6; k < 10; ++k) size = size << 7 | (byte_at(header, k) & 0x7F);
        constexpr unsigned has_footer = 0x10;
        const std::uint64_t whole =
            size + id3v2_header_bytes * ((byte_at(header, 5) & has_footer) != 0 ? 2 : 1);
        if (whole > source.size() - offset) break;
        offset += whole;
    }
    return offset;
}

Result<Mp3Extent> find_mp3_extent(const ByteSource& source) {
    DUBPLATE_TRY(const std::uint64_t begin, end_of_leading_id3v2(source));
    Mp3Extent extent{begin, source.size()};
    for (int i = 0; i < max_trailing_tags; ++i) {
        DUBPLATE_TRY(const std::uint64_t bytes, trailing_tag_bytes(source, extent));
        if (bytes == 0) break;
        extent.end -= bytes;
    }
    return extent;
}

}  // namespace dubplate
