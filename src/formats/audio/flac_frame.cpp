#include "formats/audio/flac_frame.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "formats/audio/flac_checksum.h"

namespace dubplate {

namespace {

constexpr std::size_t most_header_bytes = 16;
constexpr std::size_t checksum_bytes = 2;
// Below, an autocorrelation tells nothing.
constexpr std::size_t shortest_predicted = 32;

// What stands in four bits of the header, and what follows the number where these do not tell it.
struct Code {
    unsigned code = 0;
    unsigned value = 0;
    unsigned bits = 0;
};

Code code_of_frames(std::size_t frames) {
    if (frames == flac_block_frames) return {.code = 12};
    const auto less_one = static_cast<unsigned>(frames - 1);
    if (frames <= 256) return {.code = 6, .value = less_one, .bits = 8};
    return {.code = 7, .value = less_one, .bits = 16};
}

Code code_of_rate(int rate_hz) {
    static constexpr std::array<int, 12> known{0,      88'200, 176'400, 192'000, 8'000,  16'000,
                                               22'050, 24'000, 32'000,  44'100,  48'000, 96'000};
    const auto rate = static_cast<unsigned>(rate_hz);
    if (const auto* place = std::ranges::find(known, rate_hz); place != known.end())
        return {.code = static_cast<unsigned>(place - known.begin())};
    if (rate % 1000 == 0 && rate / 1000 < 0x100) return {.code = 12, .value = rate / 1000, .bits = 8};
    if (rate < 0x10000) return {.code = 13, .value = rate, .bits = 16};
    if (rate % 10 == 0 && rate / 10 < 0x10000) return {.code = 14, .value = rate / 10, .bits = 16};
    return {};  // STREAMINFO alone tells it
}

// As UTF-8 codes characters, up to 36 bits in seven bytes.
void put_coded_number(std::uint64_t number, BitWriter& writer) {
    if (number < 0x80) {
        writer.put(number, 8);
        return;
    }
    int followers = 1;
    while (number >> (6 * followers + 6 - followers) != 0) ++followers;
    const unsigned mark = 0xFFU << (7 - followers) & 0xFFU;
    writer.put(mark | (followers < 6 ? number >> (6 * followers) : 0), 8);
    while (followers-- > 0) writer.put(0x80 | (number >> (6 * followers) & 0x3F), 8);
}

// How two channels are stored.
constexpr unsigned left_and_side = 8;
constexpr unsigned side_and_right = 9;
constexpr unsigned mid_and_side_code = 10;

// Of half the sum, where the difference's is known: the energies of sum and difference come to twice those of both.
Autocorrelation correlation_of_mid(const Autocorrelation& left, const Autocorrelation& right,
                                   const Autocorrelation& side) {
    Autocorrelation mid{};
    for (std::size_t lag = 0; lag < mid.size(); ++lag)
        mid[lag] = (left[lag] + right[lag]) / 2 - side[lag] / 4;
    return mid;
}

}  // namespace

FlacFrameEncoder::Windowed::Windowed()
    : values_(most_prediction_order + flac_block_frames + autocorrelation_columns) {}

FlacFrameEncoder::FlacFrameEncoder(StreamFormat stream, int bits)
    : stream_(stream),
      bits_(bits),
      mid_(flac_block_frames),
      side_(flac_block_frames),
      subframe_(flac_block_frames),
      frame_(most_header_bytes + checksum_bytes + BitWriter::slack_bytes +
             static_cast<std::size_t>(stream.channels) *
                 FlacSubframe::most_bytes(flac_block_frames, bits + 1)) {}

void FlacFrameEncoder::set_window(std::size_t frames) {
    if (window_.size() == frames) return;
    window_ = make_flac_window(static_cast<std::int64_t>(frames));
    for (Windowed& windowed : windowed_)
        std::fill_n(windowed.samples() + frames, autocorrelation_columns, 0.0);
}

Autocorrelation FlacFrameEncoder::correlate(Channel channel, Windowed& windowed) {
    const auto frames = static_cast<std::int64_t>(channel.size());
    apply_window(channel.data(), window_.data(), windowed.samples(), frames);
    return autocorrelate(windowed.samples(), frames);
}

void FlacFrameEncoder::append_header(std::size_t frames, unsigned channels, std::uint64_t number,
                                     BitWriter& writer) const {
    const Code block = code_of_frames(frames);
    const Code rate = code_of_rate(stream_.sample_rate_hz);
    writer.put(0xFFF8, 16);  // a frame of a stream of blocks of one size
    writer.put(block.code, 4);
    writer.put(rate.code, 4);
    writer.put(channels, 4);
    writer.put(bits_ == 16 ? 4 : 6, 3);
    writer.put(0, 1);
    put_coded_number(number, writer);
    for (const Code& code : {block, rate})
        if (code.bits > 0) writer.put(code.value, code.bits);
    writer.put(flac_crc8(std::span(frame_).first(writer.bytes())), 8);
}

void FlacFrameEncoder::append_channel(Channel channel, BitWriter& writer) {
    if (channel.size() < shortest_predicted) {
        subframe_.append(channel, bits_, nullptr, writer);
        return;
    }
    const auto frames = static_cast<std::int64_t>(channel.size());
    const FlacPrediction prediction = predict_flac(correlate(channel, windowed_[0]), frames, bits_);
    subframe_.append(channel, bits_, &prediction, writer);
}

void FlacFrameEncoder::append_pair(Channel left, Channel right, std::uint64_t number, BitWriter& writer) {
    const auto frames = static_cast<std::int64_t>(left.size());
    const Autocorrelation of_left = correlate(left, windowed_[0]);
    const Autocorrelation of_right = correlate(right, windowed_[1]);
    subtract(windowed_[0].samples(), windowed_[1].samples(), windowed_[0].samples(), frames);
    const Autocorrelation of_side = autocorrelate(windowed_[0].samples(), frames);
    const FlacPrediction l = predict_flac(of_left, frames, bits_);
    const FlacPrediction r = predict_flac(of_right, frames, bits_);
    const FlacPrediction m = predict_flac(correlation_of_mid(of_left, of_right, of_side), frames, bits_);
    const FlacPrediction s = predict_flac(of_side, frames, bits_ + 1);

    const double apart = l.bits() + r.bits();
    const double least = std::min({apart, l.bits() + s.bits(), s.bits() + r.bits(), m.bits() + s.bits()});
    if (apart == least) {
        append_header(left.size(), 1, number, writer);
        subframe_.append(left, bits_, &l, writer);
        subframe_.append(right, bits_, &r, writer);
        return;
    }
    mid_and_side(left.data(), right.data(), mid_.data(), side_.data(), frames);
    const Channel side = Channel(side_).first(left.size());
    if (s.bits() + r.bits() == least) {
        append_header(left.size(), side_and_right, number, writer);
        subframe_.append(side, bits_ + 1, &s, writer);
        subframe_.append(right, bits_, &r, writer);
        return;
    }
    const bool has_mid = m.bits() + s.bits() == least;
    append_header(left.size(), has_mid ? mid_and_side_code : left_and_side, number, writer);
    subframe_.append(has_mid ? Channel(mid_).first(left.size()) : left, bits_, has_mid ? &m : &l, writer);
    subframe_.append(side, bits_ + 1, &s, writer);
}

void FlacFrameEncoder::append(BlockView<const std::int32_t> samples, std::uint64_t number, Bytes& to) {
    const auto frames = static_cast<std::size_t>(samples.frames());
    BitWriter writer(frame_.data());
    set_window(frames);
    if (samples.channels() == 2 && frames >= shortest_predicted) {
        append_pair(samples.channel(0), samples.channel(1), number, writer);
    } else {
        append_header(frames, static_cast<unsigned>(samples.channels() - 1), number, writer);
        for (int c = 0; c < samples.channels(); ++c) append_channel(samples.channel(c), writer);
    }
    writer.align();
    writer.put(flac_crc16(std::span(frame_).first(writer.bytes())), 8 * checksum_bytes);
    to.insert(to.end(), frame_.begin(), frame_.begin() + static_cast<std::ptrdiff_t>(writer.bytes()));
}

}  // namespace dubplate
