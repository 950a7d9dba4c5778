#include "formats/audio/pcm_codec.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "audio/kernels/samples.h"

namespace dubplate {

namespace {

constexpr std::size_t buffer_bytes = 64 * 1024;

template <int Bytes, ByteOrder Order>
std::uint64_t load(const std::byte* at) {
    std::uint64_t value = 0;
    for (int i = 0; i < Bytes; ++i) {
        const int place = Order == ByteOrder::big ? Bytes - 1 - i : i;
        value |= std::to_integer<std::uint64_t>(at[i]) << (8 * place);
    }
    return value;
}

template <int Bytes, ByteOrder Order>
void store(std::uint32_t value, std::byte* at) {
    for (int i = 0; i < Bytes; ++i) {
        const int place = Order == ByteOrder::big ? Bytes - 1 - i : i;
        at[i] = static_cast<std::byte>(value >> (8 * place));
    }
}

// In the upper bytes of 32 bits, so that the sign stands where it belongs; the scale is then 2^-31 for all widths,
// and exact: a power of two.
template <int Bytes, ByteOrder Order>
float load_signed(const std::byte* at) {
    const auto raw = static_cast<std::uint32_t>(load<Bytes, Order>(at)) << (32 - 8 * Bytes);
    return static_cast<float>(static_cast<std::int32_t>(raw)) * 0x1p-31f;
}

float load_unsigned8(const std::byte* at) {
    return static_cast<float>(std::to_integer<int>(*at) - 128) * 0x1p-7f;
}

template <ByteOrder Order>
float load_float32(const std::byte* at) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(load<4, Order>(at)));
}

template <ByteOrder Order>
float load_float64(const std::byte* at) {
    return static_cast<float>(std::bit_cast<double>(load<8, Order>(at)));
}

constexpr int a_law_value(int code) {
    const int bits = code ^ 0x55;  // even bits are inverted on the line
    const int exponent = (bits >> 4) & 7;
    const int mantissa = ((bits & 15) << 4) + 8;
    const int size = exponent == 0 ? mantissa : (mantissa + 256) << (exponent - 1);
    return (bits & 0x80) != 0 ? size : -size;
}

constexpr int u_law_value(int code) {
    const int bits = ~code & 0xFF;
    const int exponent = (bits >> 4) & 7;
    const int size = ((((bits & 15) << 3) + 132) << exponent) - 132;
    return (bits & 0x80) != 0 ? -size : size;
}

template <int (*Value)(int)>
constexpr std::array<float, 256> make_table() {
    std::array<float, 256> table{};
    for (int code = 0; code < 256; ++code)
        table[static_cast<std::size_t>(code)] = static_cast<float>(Value(code)) * 0x1p-15f;
    return table;
}

constexpr std::array<float, 256> a_law_table = make_table<a_law_value>();
constexpr std::array<float, 256> u_law_table = make_table<u_law_value>();

float load_a_law(const std::byte* at) {
    return a_law_table[std::to_integer<std::size_t>(*at)];
}
float load_u_law(const std::byte* at) {
    return u_law_table[std::to_integer<std::size_t>(*at)];
}

template <float (*Load)(const std::byte*), int Bytes>
void decode(const std::byte* from, BlockView<float> target) {
    const std::size_t stride = static_cast<std::size_t>(target.channels()) * Bytes;
    for (int c = 0; c < target.channels(); ++c) {
        const std::byte* at = from + static_cast<std::size_t>(c) * Bytes;
        for (float& sample : target.channel(c)) {
            sample = Load(at);
            at += stride;
        }
    }
}

// The usual cases: both samples of a frame are in one word, in the order of this processor. The loops of 16 bits are such
// that the compiler makes vectors of them.
bool is_native_stereo(const PcmEncoding& encoding, int bytes, int channels) {
    return encoding.code == PcmCode::signed_int && encoding.bytes == bytes && channels == 2 &&
           encoding.order == ByteOrder::little && std::endian::native == std::endian::little;
}

void decode_stereo16(const std::byte* from, std::int64_t frames, float* left, float* right) {
    for (std::int64_t i = 0; i < frames; ++i) {
        std::uint32_t frame = 0;
        std::memcpy(&frame, from + 4 * i, 4);
        left[i] = static_cast<float>(static_cast<std::int32_t>(frame << 16)) * 0x1p-31f;
        right[i] = static_cast<float>(static_cast<std::int32_t>(frame & 0xFFFF'0000U)) * 0x1p-31f;
    }
}

void encode_stereo16(const std::int32_t* left, const std::int32_t* right, std::int64_t frames,
                     std::byte* to) {
    for (std::int64_t i = 0; i < frames; ++i) {
        const std::uint32_t frame =
            (static_cast<std::uint32_t>(left[i]) & 0xFFFFU) | static_cast<std::uint32_t>(right[i]) << 16;
        std::memcpy(to + 4 * i, &frame, 4);
    }
}

// A frame in the low 48 bits; 8 Bytes where two more stand behind it, which takes one store instead of two.
template <std::size_t Bytes>
void encode_frame24(std::int32_t left, std::int32_t right, std::byte* to) {
    const std::uint64_t frame =
        (static_cast<std::uint32_t>(left) & 0xFF'FFFFU) | static_cast<std::uint64_t>(right) << 24;
    std::memcpy(to, &frame, Bytes);
}

void encode_stereo24(const std::int32_t* left, const std::int32_t* right, std::int64_t frames,
                     std::byte* to) {
    std::int64_t i = 0;
    for (; i + 1 < frames; ++i) encode_frame24<8>(left[i], right[i], to + 6 * i);
    if (i < frames) encode_frame24<6>(left[i], right[i], to + 6 * i);
}

using Decoder = void (*)(const std::byte*, BlockView<float>);

template <ByteOrder Order>
Decoder decoder_of(const PcmEncoding& encoding) {
    switch (encoding.code) {
        case PcmCode::unsigned_int:
            return encoding.bytes == 1 ? decode<load_unsigned8, 1> : nullptr;
        case PcmCode::signed_int:
            switch (encoding.bytes) {
                case 1:
                    return decode<load_signed<1, Order>, 1>;
                case 2:
                    return decode<load_signed<2, Order>, 2>;
                case 3:
                    return decode<load_signed<3, Order>, 3>;
                case 4:
                    return decode<load_signed<4, Order>, 4>;
                default:
                    return nullptr;
            }
        case PcmCode::floating:
            if (encoding.bytes == 4) return decode<load_float32<Order>, 4>;
            return encoding.bytes == 8 ? decode<load_float64<Order>, 8> : nullptr;
        case PcmCode::a_law:
            return encoding.bytes == 1 ? decode<load_a_law, 1> : nullptr;
        case PcmCode::u_law:
            return encoding.bytes == 1 ? decode<load_u_law, 1> : nullptr;
    }
    return nullptr;
}

std::uint32_t bits_to_store(std::int32_t sample) {
    return static_cast<std::uint32_t>(sample);
}
std::uint32_t bits_to_store(float sample) {
    return std::bit_cast<std::uint32_t>(sample);
}

template <int Bytes, ByteOrder Order, class T>
void encode(BlockView<const T> block, std::byte* to) {
    const std::size_t stride = static_cast<std::size_t>(block.channels()) * Bytes;
    for (int c = 0; c < block.channels(); ++c) {
        std::byte* at = to + static_cast<std::size_t>(c) * Bytes;
        for (const T sample : block.channel(c)) {
            store<Bytes, Order>(bits_to_store(sample), at);
            at += stride;
        }
    }
}

template <ByteOrder Order>
void encode_integers(int bytes, BlockView<const std::int32_t> block, std::byte* to) {
    DUBPLATE_ASSERT(bytes >= 2 && bytes <= 4);
    if (bytes == 2) return encode<2, Order>(block, to);
    if (bytes == 3) return encode<3, Order>(block, to);
    return encode<4, Order>(block, to);
}

std::size_t frame_bytes_of(const PcmEncoding& encoding, int channels) {
    return static_cast<std::size_t>(channels) * static_cast<std::size_t>(encoding.bytes);
}

class PcmReader final : public AudioReader {
  public:
    PcmReader(const ByteSource& source, SourceInfo info, const PcmEncoding& encoding,
              std::uint64_t data_offset)
        : source_(source),
          info_(std::move(info)),
          encoding_(encoding),
          data_offset_(data_offset),
          frame_bytes_(frame_bytes_of(encoding, info_.stream.channels)),
          buffer_(buffer_bytes / frame_bytes_ * frame_bytes_) {}

    const SourceInfo& info() const override { return info_; }

    Result<std::int64_t> read(BlockView<float> target) override {
        DUBPLATE_ASSERT(target.channels() == info_.stream.channels);
        const std::int64_t wanted = std::min(target.frames(), info_.frames - position_);
        const auto step = static_cast<std::int64_t>(buffer_.size() / frame_bytes_);
        for (std::int64_t done = 0; done < wanted;) {
            const std::int64_t part = std::min(wanted - done, step);
            DUBPLATE_TRY(const std::span<const std::byte> bytes, fetch(part));
            decode_pcm(encoding_, bytes, SubBlock<float>(target, done, part).view());
            done += part;
            position_ += part;
        }
        return wanted;
    }

    Status rewind() override {
        position_ = 0;
        return {};
    }

  private:
    Result<std::span<const std::byte>> fetch(std::int64_t frames) {
        const std::span<std::byte> target =
            std::span(buffer_).first(static_cast<std::size_t>(frames) * frame_bytes_);
        const std::uint64_t offset = data_offset_ + static_cast<std::uint64_t>(position_) * frame_bytes_;
        for (std::size_t done = 0; done < target.size();) {
            DUBPLATE_TRY(const std::size_t got, source_.read_at(offset + done, target.subspan(done)));
            if (got == 0) return fail(ErrorCode::io, "the file became shorter while it was read");
            done += got;
        }
        return std::span<const std::byte>(target);
    }

    const ByteSource& source_;
    SourceInfo info_;
    PcmEncoding encoding_;
    std::uint64_t data_offset_;
    std::size_t frame_bytes_;
    Bytes buffer_;
    std::int64_t position_ = 0;
};

}  // namespace

void decode_pcm(const PcmEncoding& encoding, std::span<const std::byte> interleaved,
                BlockView<float> target) {
    const Decoder decoder = encoding.order == ByteOrder::little ? decoder_of<ByteOrder::little>(encoding)
                                                                : decoder_of<ByteOrder::big>(encoding);
    DUBPLATE_ASSERT(decoder != nullptr);
    DUBPLATE_ASSERT(interleaved.size() >=
                    static_cast<std::size_t>(target.frames()) * frame_bytes_of(encoding, target.channels()));
    if (is_native_stereo(encoding, 2, target.channels()))
        return decode_stereo16(interleaved.data(), target.frames(), target.channel(0).data(),
                               target.channel(1).data());
    if (is_native_stereo(encoding, 3, target.channels()))
        return stereo24_to_floats(interleaved.data(), target.channel(0).data(), target.channel(1).data(),
                                  target.frames());
    decoder(interleaved.data(), target);
}

void encode_pcm(const PcmEncoding& encoding, BlockView<const std::int32_t> block,
                std::span<std::byte> interleaved) {
    DUBPLATE_ASSERT(encoding.code == PcmCode::signed_int);
    DUBPLATE_ASSERT(interleaved.size() >=
                    static_cast<std::size_t>(block.frames()) * frame_bytes_of(encoding, block.channels()));
    if (is_native_stereo(encoding, 2, block.channels()))
        return encode_stereo16(block.channel(0).data(), block.channel(1).data(), block.frames(),
                               interleaved.data());
    if (is_native_stereo(encoding, 3, block.channels()))
        return encode_stereo24(block.channel(0).data(), block.channel(1).data(), block.frames(),
                               interleaved.data());
    if (encoding.order == ByteOrder::little) {
        encode_integers<ByteOrder::little>(encoding.bytes, block, interleaved.data());
    } else {
        encode_integers<ByteOrder::big>(encoding.bytes, block, interleaved.data());
    }
}

void encode_pcm(const PcmEncoding& encoding, BlockView<const float> block, std::span<std::byte> interleaved) {
    DUBPLATE_ASSERT(encoding.code == PcmCode::floating && encoding.bytes == 4);
    DUBPLATE_ASSERT(interleaved.size() >=
                    static_cast<std::size_t>(block.frames()) * frame_bytes_of(encoding, block.channels()));
    if (encoding.order == ByteOrder::little) {
        encode<4, ByteOrder::little>(block, interleaved.data());
    } else {
        encode<4, ByteOrder::big>(block, interleaved.data());
    }
}

PcmEncoding encoding_of(BitDepth depth, ByteOrder order) {
    const PcmCode code = depth == BitDepth::float32 ? PcmCode::floating : PcmCode::signed_int;
    return {code, bits_of(depth) / 8, order};
}

std::unique_ptr<AudioReader> make_pcm_reader(const ByteSource& source, SourceInfo info,
                                             const PcmEncoding& encoding, std::uint64_t data_offset) {
    return std::make_unique<PcmReader>(source, std::move(info), encoding, data_offset);
}

std::string cut_short_warning(std::uint64_t stated_frames, std::uint64_t held_frames, int sample_rate_hz) {
    return fmt::format("the header says {:.3f} s, the file holds {:.3f} s",
                       static_cast<double>(stated_frames) / sample_rate_hz,
                       static_cast<double>(held_frames) / sample_rate_hz);
}

PcmAppender::PcmAppender(PendingFile& file, const PcmEncoding& encoding, const WriterSettings& settings)
    : file_(file),
      encoding_(encoding),
      promised_frames_(settings.frames),
      frame_bytes_(frame_bytes_of(encoding, settings.stream.channels)),
      buffer_(buffer_bytes / frame_bytes_ * frame_bytes_) {}

template <class T>
Status PcmAppender::append_block(BlockView<const T> block) {
    if (block.frames() > promised_frames_ - frames_) {
        return fail(ErrorCode::internal, fmt::format("{} frames came where {} were promised",
                                                     frames_ + block.frames(), promised_frames_));
    }
    const auto step = static_cast<std::int64_t>(buffer_.size() / frame_bytes_);
    for (std::int64_t done = 0; done < block.frames();) {
        const std::int64_t part = std::min(block.frames() - done, step);
        const std::span<std::byte> bytes =
            std::span(buffer_).first(static_cast<std::size_t>(part) * frame_bytes_);
        encode_pcm(encoding_, SubBlock<const T>(block, done, part).view(), bytes);
        DUBPLATE_CHECK(file_.append(bytes));
        done += part;
    }
    frames_ += block.frames();
    return {};
}

template Status PcmAppender::append_block(BlockView<const std::int32_t>);
template Status PcmAppender::append_block(BlockView<const float>);

Status PcmAppender::check_complete() const {
    if (frames_ == promised_frames_) return {};
    return fail(ErrorCode::internal,
                fmt::format("{} frames came where {} were promised", frames_, promised_frames_));
}

}  // namespace dubplate
