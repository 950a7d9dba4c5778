#include "formats/audio/aiff.h"
#include "formats/audio/wav.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace dubplate {

namespace {

constexpr std::uint32_t aifc_version = 0xA2805140;  // of May 1990, the only one there is
constexpr int extended_bias = 16383;

// The 80 bit float of the sample rate: sign and exponent, then 64 bits whose first is the one before the point.
double read_extended(ByteReader& reader) {
    const std::uint16_t exponent = reader.u16();
    const std::uint64_t mantissa = reader.u64();
    if ((exponent & 0x8000) != 0 || exponent == 0x7FFF) return -1;
    return std::ldexp(static_cast<double>(mantissa), exponent - extended_bias - 63);
}

void write_extended(ByteBuilder& builder, std::uint64_t value) {
    const int shift = std::countl_zero(value);
    builder.u16(static_cast<std::uint16_t>(extended_bias + 63 - shift)).u64(value << shift);
}

struct Compression {
    std::string_view type;
    PcmCode code;
    int bytes;  // 0: as the sample size tells
    ByteOrder order;
    std::string_view codec;
};

constexpr std::array<Compression, 18> compressions{{
    {"NONE", PcmCode::signed_int, 0, ByteOrder::big, "PCM"},
    {"twos", PcmCode::signed_int, 0, ByteOrder::big, "PCM"},
    {"sowt", PcmCode::signed_int, 0, ByteOrder::little, "PCM"},
    {"raw ", PcmCode::unsigned_int, 1, ByteOrder::big, "PCM"},
    {"in24", PcmCode::signed_int, 3, ByteOrder::big, "PCM"},
    {"42ni", PcmCode::signed_int, 3, ByteOrder::little, "PCM"},
    {"42n1", PcmCode::signed_int, 3, ByteOrder::little, "PCM"},  // so spelled by libsndfile
    {"in32", PcmCode::signed_int, 4, ByteOrder::big, "PCM"},
    {"23ni", PcmCode::signed_int, 4, ByteOrder::little, "PCM"},
    {"23n1", PcmCode::signed_int, 4, ByteOrder::little, "PCM"},
    {"fl32", PcmCode::floating, 4, ByteOrder::big, "PCM"},
    {"FL32", PcmCode::floating, 4, ByteOrder::big, "PCM"},
    {"fl64", PcmCode::floating, 8, ByteOrder::big, "PCM"},
    {"FL64", PcmCode::floating, 8, ByteOrder::big, "PCM"},
    {"alaw", PcmCode::a_law, 1, ByteOrder::big, "A-law"},
    {"ALAW", PcmCode::a_law, 1, ByteOrder::big, "A-law"},
    {"ulaw", PcmCode::u_law, 1, ByteOrder::big, "u-law"},
    {"ULAW", PcmCode::u_law, 1, ByteOrder::big, "u-law"},
}};

Result<Compression> find_compression(std::string_view type) {
    const auto* const found = std::find_if(compressions.begin(), compressions.end(),
                                           [&](const Compression& entry) { return entry.type == type; });
    if (found != compressions.end()) return *found;
    std::string shown;
    for (const char c : type) shown += c >= 0x20 && c < 0x7F ? c : '?';
    return fail(
        ErrorCode::unsupported,
        fmt::format("holds audio of the type '{}'; PCM, float, A-law and u-law are read from AIFF-C", shown),
        "decode it to a PCM AIFF first");
}

}  // namespace

Result<AiffFormat> parse_aiff_format(std::span<const std::byte> comm_payload, bool is_aifc) {
    ByteReader reader(comm_payload, ByteOrder::big);
    AiffFormat format;
    const std::uint16_t channels = reader.u16();
    format.stated_frames = reader.u32();
    const std::uint16_t bits = reader.u16();
    const double rate_hz = read_extended(reader);
    const std::string type = is_aifc ? reader.id() : "NONE";
    if (!reader.ok()) return fail(ErrorCode::corrupt, "the COMM chunk is cut off");
    DUBPLATE_TRY(const Compression compression, find_compression(type));
    // Everything from 2^31 on is refused alike, and this keeps the conversion defined.
    const bool countable = rate_hz >= 0 && rate_hz < 0x1p31;
    DUBPLATE_CHECK(
        check_sound_stream(countable ? static_cast<std::uint32_t>(std::lround(rate_hz)) : 0, channels));
    const bool tells_bits =
        compression.code == PcmCode::signed_int || compression.code == PcmCode::unsigned_int;
    const int bytes = compression.bytes != 0 ? compression.bytes : (bits + 7) / 8;
    if (tells_bits && (bits < 1 || bits > 32))
        return fail(ErrorCode::corrupt,
                    fmt::format("the header says {} bits for a sample; 1 to 32 are sound", bits));
    format.stream = {static_cast<int>(std::lround(rate_hz)), channels};
    format.encoding = {compression.code, bytes, compression.order};
    format.valid_bits = tells_bits ? std::min<int>(bits, bytes * 8) : bytes * 8;
    format.codec = compression.codec;
    return format;
}

Bytes render_aiff_format(const WriterSettings& settings) {
    const bool is_float = settings.depth == BitDepth::float32;
    ByteBuilder comm(ByteOrder::big);
    comm.u16(static_cast<std::uint16_t>(settings.stream.channels))
        .u32(static_cast<std::uint32_t>(settings.frames));
    comm.u16(static_cast<std::uint16_t>(bits_of(settings.depth)));
    write_extended(comm, static_cast<std::uint64_t>(settings.stream.sample_rate_hz));
    ByteBuilder chunks(ByteOrder::big);
    if (is_float) {
        constexpr std::string_view name = "IEEE 32-bit float";
        static_assert(name.size() % 2 == 1, "with its length byte it must be even");
        comm.text("fl32").u8(name.size()).text(name);
        ByteBuilder version(ByteOrder::big);
        chunks.chunk("FVER", version.u32(aifc_version).result());
    }
    return chunks.chunk("COMM", comm.result()).result();
}

}  // namespace dubplate
