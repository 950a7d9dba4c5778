#include "formats/audio/flac_frame_reader.h"

#include <algorithm>
#include <array>
#include <bit>

#include "formats/audio/flac_checksum.h"

namespace dubplate {

namespace {

constexpr std::uint64_t sync = 0b11111111111110;
constexpr unsigned sync_bits = 14;
constexpr std::size_t longest_header = 16;  // 4, a number of 7, a size of 2, a rate of 2, a checksum
constexpr std::size_t checksum_bytes = 2;
constexpr std::int64_t most_block_frames = 65535;
constexpr int most_independent = 7;  // channels less one
constexpr int widest_of_32_bits = 32;

constexpr std::array<int, 12> rates_hz{0,     88200, 176400, 192000, 8000,  16000,
                                       22050, 24000, 32000,  44100,  48000, 96000};
constexpr std::array<int, 8> depths{0, 8, 12, -1, 16, 20, 24, 32};  // -1: reserved

// The number of a frame, or of its first sample, as UTF-8 writes numbers, up to 36 bits: seven bytes. It is not used.
bool skip_number(BitReader& reader) {
    const auto first = static_cast<std::uint8_t>(reader.take(8));
    const int ones = std::countl_one(first);
    if (ones == 1 || ones == 8) return false;
    for (int i = 1; i < ones; ++i)
        if (reader.take(2) != 0b10) {
            return false;
        } else {
            reader.skip(6);
        }
    return true;
}

// 0: not allowed.
std::int64_t block_frames_of(unsigned code, BitReader& reader) {
    if (code == 0) return 0;
    if (code == 1) return 192;
    if (code <= 5) return 576 << (code - 2);
    if (code == 6) return static_cast<std::int64_t>(reader.take(8)) + 1;
    if (code == 7) return static_cast<std::int64_t>(reader.take(16)) + 1;
    return 256 << (code - 8);
}

int rate_of(unsigned code, BitReader& reader, int of_stream) {
    constexpr unsigned in_khz = 12;
    constexpr unsigned in_hz = 13;
    if (code == 0) return of_stream;
    if (code < rates_hz.size()) return rates_hz[code];
    if (code == in_khz) return static_cast<int>(reader.take(8)) * 1000;
    const int number = static_cast<int>(reader.take(16));
    return code == in_hz ? number : number * 10;
}

// False: reserved.
bool set_channels(int code, FlacFrameHeader& header) {
    constexpr int left_and_side = 8;
    constexpr int mid_and_side = 10;
    header.channels = code <= most_independent ? code + 1 : 2;
    if (code >= left_and_side) header.stereo = static_cast<StereoCode>(code - left_and_side);
    return code <= mid_and_side;
}

}  // namespace

std::optional<FlacFrameHeader> parse_flac_frame_header(std::span<const std::byte> data,
                                                       const FlacStreamInfo& info) {
    // The end of the data may be near: what is behind it is zeros.
    std::array<std::byte, longest_header + BitReader::slack_bytes> head{};
    const std::size_t size = std::min(data.size(), longest_header);
    std::copy_n(data.begin(), size, head.begin());
    BitReader reader(head.data(), size);
    if (reader.take(sync_bits) != sync || reader.take(1) != 0) return {};
    reader.skip(1);  // whether the number is of frames or of samples
    const auto frames_code = static_cast<unsigned>(reader.take(4));
    const auto rate_code = static_cast<unsigned>(reader.take(4));
    const auto channels_code = static_cast<int>(reader.take(4));
    const auto depth = depths[reader.take(3)];
    FlacFrameHeader header;
    const bool is_known = depth >= 0 && rate_code != 15 && set_channels(channels_code, header);
    if (!is_known || reader.take(1) != 0 || !skip_number(reader)) return {};
    header.bits = depth == 0 ? info.bits : depth;
    header.frames = block_frames_of(frames_code, reader);
    header.sample_rate_hz = rate_of(rate_code, reader, info.sample_rate_hz);
    header.bytes = reader.bytes() + 1;
    if (header.frames < 1 || header.frames > most_block_frames || header.bytes > size) return {};
    const auto checksum = static_cast<std::uint8_t>(reader.take(8));
    if (checksum != flac_crc8(std::span(head).first(header.bytes - 1))) return {};
    return header;
}

FlacFrameState FlacFrameReader::read(const FlacFrameHeader& header, std::span<const std::byte> data) {
    channels_.resize(static_cast<std::size_t>(header.channels));
    pointers_.clear();
    frames_ = header.frames;
    for (auto& channel : channels_) {
        if (std::ssize(channel) < frames_) channel.resize(static_cast<std::size_t>(frames_));
        pointers_.push_back(channel.data());
    }
    BitReader reader(data.data(), data.size());
    reader.skip(8 * header.bytes);
    if (!read_channels(header, reader))
        return reader.overran() ? FlacFrameState::cut_short : FlacFrameState::bad_samples;
    reader.align();
    const std::size_t end = reader.bytes();
    const auto checksum = static_cast<std::uint16_t>(reader.take(8 * checksum_bytes));
    if (reader.overran()) return FlacFrameState::cut_short;
    bytes_ = end + checksum_bytes;
    return checksum == flac_crc16(data.first(end)) ? FlacFrameState::good : FlacFrameState::bad_checksum;
}

bool FlacFrameReader::read_channels(const FlacFrameHeader& header, BitReader& reader) {
    const std::size_t side = header.stereo == StereoCode::side_and_right ? 0 : 1;
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        const int bits = header.bits + (header.stereo && c == side ? 1 : 0);
        if (!subframe_.read(reader, bits, frames_, channels_[c].data())) return false;
    }
    if (!header.stereo) return true;
    if (header.bits == widest_of_32_bits && header.stereo == StereoCode::mid_and_side) {
        restore_wide_mid_and_side();
    } else {
        restore_stereo(*header.stereo, channels_[0].data(), channels_[1].data(), frames_);
    }
    return true;
}

// The difference has 33 bits here, and its half is needed. The other codes do with its lower 32, because sums of 32 bits that
// run over come back when they are taken apart.
void FlacFrameReader::restore_wide_mid_and_side() {
    const std::int64_t* const side = subframe_.samples();
    for (std::int64_t i = 0; i < frames_; ++i) {
        const auto place = static_cast<std::size_t>(i);
        const std::int64_t left = channels_[0][place] + (side[i] >> 1) + (side[i] & 1);
        channels_[0][place] = static_cast<std::int32_t>(left);
        channels_[1][place] = static_cast<std::int32_t>(left - side[i]);
    }
}

}  // namespace dubplate
