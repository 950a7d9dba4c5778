#include "formats/audio/wav.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dubplate {

namespace {

constexpr std::uint16_t tag_pcm = 0x0001;
constexpr std::uint16_t tag_float = 0x0003;
constexpr std::uint16_t tag_a_law = 0x0006;
constexpr std::uint16_t tag_u_law = 0x0007;
constexpr std::uint16_t tag_extensible = 0xFFFE;

// What follows the format tag in the GUID of a sub-format that is a plain format tag (RFC 2361, 4).
constexpr std::array<std::uint8_t, 14> guid_tail{0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80,
                                                 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71};

// Rates outside this range are no audio: a damaged header.
constexpr std::uint32_t min_sound_rate_hz = 1000;
constexpr std::uint32_t max_sound_rate_hz = 768000;

// The speakers of loudness_meter.h's order by count, in the bits of WAVEFORMATEXTENSIBLE.
constexpr std::array<std::uint32_t, 9> speakers_by_count{0, 0x4, 0x3, 0x7, 0x33, 0x37, 0x3F, 0x70F, 0x63F};

struct TagName {
    std::uint16_t tag;
    std::string_view name;
};

constexpr std::array<TagName, 14> compressed_tags{{
    {0x0002, "Microsoft ADPCM"},
    {0x0010, "OKI ADPCM"},
    {0x0011, "IMA ADPCM"},
    {0x0031, "GSM 6.10"},
    {0x0040, "G.721 ADPCM"},
    {0x0050, "MPEG audio"},
    {0x0055, "MP3"},
    {0x0092, "AC-3"},
    {0x00FF, "AAC"},
    {0x0161, "Windows Media Audio"},
    {0x0270, "ATRAC3"},
    {0x2000, "AC-3"},
    {0x674F, "Ogg Vorbis"},
    {0xF1AC, "FLAC"},
}};

Error refuse_tag(std::uint16_t tag) {
    const auto* const known = std::find_if(compressed_tags.begin(), compressed_tags.end(),
                                           [&](const TagName& entry) { return entry.tag == tag; });
    const std::string_view name = known == compressed_tags.end() ? "an unknown encoding" : known->name;
    return fail(ErrorCode::unsupported,
                fmt::format("holds {} (format tag 0x{:04X}); PCM, float, A-law and u-law are read from WAV",
                            name, tag),
                "decode it to a PCM WAV first");
}

struct RawFormat {
    std::uint16_t tag = 0;
    std::uint16_t channels = 0;
    std::uint32_t rate_hz = 0;
    std::uint16_t block_align = 0;
    std::uint16_t bits = 0;
    std::uint16_t valid_bits = 0;  // 0: as `bits`
    std::uint32_t speakers = 0;
};

Result<RawFormat> parse_extension(ByteReader& reader, RawFormat raw) {
    reader.skip(2);  // its own size
    raw.valid_bits = reader.u16();
    raw.speakers = reader.u32();
    raw.tag = reader.u16();
    bool is_plain = true;
    for (const std::uint8_t expected : guid_tail) is_plain &= reader.u8() == expected;
    if (!reader.ok()) return fail(ErrorCode::corrupt, "the fmt chunk is cut off");
    if (!is_plain) {
        return fail(ErrorCode::unsupported, "holds an extensible WAV of an unknown sub-format",
                    "decode it to a PCM WAV first");
    }
    return raw;
}

Result<RawFormat> parse_raw(std::span<const std::byte> payload) {
    ByteReader reader(payload, ByteOrder::little);
    RawFormat raw;
    raw.tag = reader.u16();
    raw.channels = reader.u16();
    raw.rate_hz = reader.u32();
    reader.skip(4);  // bytes in a second: follows from the others, and is often wrong
    raw.block_align = reader.u16();
    raw.bits = reader.u16();
    if (!reader.ok()) return fail(ErrorCode::corrupt, "the fmt chunk is cut off");
    if (raw.tag == tag_extensible) return parse_extension(reader, raw);
    return raw;
}

Result<int> container_bytes(const RawFormat& raw) {
    const int least = (raw.bits + 7) / 8;
    if (raw.bits < 1 || raw.bits > 64)
        return fail(ErrorCode::corrupt, fmt::format("the header says {} bits for a sample", raw.bits));
    // Samples may stand in containers wider than they are: 24 bits in 4 bytes.
    if (raw.block_align % raw.channels != 0 || raw.block_align / raw.channels < least ||
        raw.block_align / raw.channels > 8) {
        return fail(ErrorCode::corrupt,
                    fmt::format("the header says {} bytes for a frame of {} channels of {} bits",
                                raw.block_align, raw.channels, raw.bits));
    }
    return raw.block_align / raw.channels;
}

Status set_encoding(const RawFormat& raw, int bytes, WavFormat& format) {
    const auto refuse_width = [&](std::string_view kind) {
        return fail(ErrorCode::unsupported, fmt::format("holds {} samples of {} bytes", kind, bytes),
                    "convert it to 24 bit PCM or 32 bit float first");
    };
    switch (raw.tag) {
        case tag_pcm:
            if (bytes > 4) return refuse_width("integer");
            format.encoding.code = bytes == 1 ? PcmCode::unsigned_int : PcmCode::signed_int;
            format.codec = "PCM";
            break;
        case tag_float:
            if (bytes != 4 && bytes != 8) return refuse_width("float");
            format.encoding.code = PcmCode::floating;
            format.codec = "PCM";
            break;
        case tag_a_law:
        case tag_u_law:
            if (bytes != 1) return refuse_width(raw.tag == tag_a_law ? "A-law" : "u-law");
            format.encoding.code = raw.tag == tag_a_law ? PcmCode::a_law : PcmCode::u_law;
            format.codec = raw.tag == tag_a_law ? "A-law" : "u-law";
            break;
        default:
            return refuse_tag(raw.tag);
    }
    format.encoding.bytes = bytes;
    format.encoding.order = ByteOrder::little;
    return {};
}

bool is_plain_encoding(std::uint16_t tag) {
    return tag == tag_pcm || tag == tag_float || tag == tag_a_law || tag == tag_u_law;
}

}  // namespace

Status check_sound_stream(std::uint32_t rate_hz, std::uint32_t channels) {
    if (channels == 0) return fail(ErrorCode::corrupt, "the header says 0 channels");
    if (channels > static_cast<std::uint32_t>(max_channels)) {
        return fail(ErrorCode::unsupported,
                    fmt::format("has {} channels; 1 to {} are read", channels, max_channels),
                    "take the channels that you need into a file of their own first");
    }
    if (rate_hz < min_sound_rate_hz || rate_hz > max_sound_rate_hz) {
        return fail(ErrorCode::corrupt, fmt::format("the header says {} Hz; {} to {} are sound", rate_hz,
                                                    min_sound_rate_hz, max_sound_rate_hz));
    }
    return {};
}

bool are_usual_speakers(std::uint32_t speakers, int channels) {
    // Surrounds are marked as back or as side ones, by taste.
    const std::uint32_t usual = speakers_by_count[static_cast<std::size_t>(channels)];
    const std::uint32_t as_sides = (usual & 0x600) == 0 ? (usual & ~0x30U) | ((usual & 0x30) << 5) : usual;
    return channels < 3 || speakers == 0 || speakers == usual || speakers == as_sides;
}

Result<WavFormat> parse_wav_format(std::span<const std::byte> fmt_payload) {
    DUBPLATE_TRY(const RawFormat raw, parse_raw(fmt_payload));
    // Before the rest: compressed formats give the other fields a meaning of their own.
    if (!is_plain_encoding(raw.tag)) return refuse_tag(raw.tag);
    DUBPLATE_CHECK(check_sound_stream(raw.rate_hz, raw.channels));
    DUBPLATE_TRY(const int bytes, container_bytes(raw));
    WavFormat format;
    format.stream = {static_cast<int>(raw.rate_hz), raw.channels};
    format.speakers = raw.speakers;
    DUBPLATE_CHECK(set_encoding(raw, bytes, format));
    const bool told = raw.tag == tag_pcm && raw.valid_bits >= 1 && raw.valid_bits <= raw.bits;
    format.valid_bits = told ? raw.valid_bits : raw.bits;
    return format;
}

Bytes render_wav_format(const WriterSettings& settings) {
    const bool is_float = settings.depth == BitDepth::float32;
    const auto channels = static_cast<std::uint16_t>(settings.stream.channels);
    const auto rate_hz = static_cast<std::uint32_t>(settings.stream.sample_rate_hz);
    const auto bits = static_cast<std::uint16_t>(bits_of(settings.depth));
    const auto frame_bytes = static_cast<std::uint16_t>(channels * bits / 8);
    const std::uint16_t tag = is_float ? tag_float : tag_pcm;
    const bool is_extensible = channels > 2;

    ByteBuilder payload(ByteOrder::little);
    payload.u16(is_extensible ? tag_extensible : tag).u16(channels).u32(rate_hz);
    payload.u32(rate_hz * frame_bytes).u16(frame_bytes).u16(bits);
    if (is_extensible) {
        payload.u16(22).u16(bits).u32(speakers_by_count[channels]).u16(tag);
        for (const std::uint8_t byte : guid_tail) payload.u8(byte);
    } else if (is_float) {
        payload.u16(0);  // all but PCM tell the size of their extension, also where there is none
    }
    ByteBuilder result(ByteOrder::little);
    result.chunk("fmt ", payload.result());
    if (is_float) {
        ByteBuilder fact(ByteOrder::little);
        fact.u32(static_cast<std::uint32_t>(std::min<std::int64_t>(settings.frames, unknown_size)));
        result.chunk("fact", fact.result());
    }
    return result.result();
}

}  // namespace dubplate
