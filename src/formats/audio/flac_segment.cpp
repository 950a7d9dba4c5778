#include "formats/audio/flac_segment.h"

#include <FLAC/stream_encoder.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <memory>
#include <utility>

// libFLAC exports it without a word in its headers. Without it, MD5 takes an eighth of the time, once for each segment.
extern "C" FLAC__bool FLAC__stream_encoder_set_do_md5(FLAC__StreamEncoder* encoder, FLAC__bool value);

namespace dubplate {

namespace {

constexpr unsigned compression_level = 5;
constexpr std::size_t fixed_header_bytes = 4;  // in front of the coded number
constexpr std::size_t checksum_bytes = 2;

struct DeleteEncoder {
    void operator()(FLAC__StreamEncoder* encoder) const { FLAC__stream_encoder_delete(encoder); }
};

// ---- checksums: both from 0, the highest bit first ----

constexpr unsigned crc8_polynomial = 0x07;
constexpr unsigned crc16_polynomial = 0x8005;

std::byte crc8(std::span<const std::byte> data) {
    unsigned crc = 0;
    for (const std::byte byte : data) {
        crc ^= std::to_integer<unsigned>(byte);
        for (int bit = 0; bit < 8; ++bit) crc = (crc << 1 ^ ((crc & 0x80) != 0 ? crc8_polynomial : 0)) & 0xFF;
    }
    return static_cast<std::byte>(crc);
}

// Eight bytes at once: tables[k][byte] is what `byte` makes of the checksum when k more bytes follow it.
using Crc16Tables = std::array<std::array<std::uint16_t, 256>, 8>;

constexpr Crc16Tables make_crc16_tables() {
    Crc16Tables tables{};
    for (unsigned byte = 0; byte < 256; ++byte) {
        unsigned crc = byte << 8;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc << 1 ^ ((crc & 0x8000) != 0 ? crc16_polynomial : 0)) & 0xFFFF;
        tables[0][byte] = static_cast<std::uint16_t>(crc);
    }
    for (std::size_t k = 1; k < tables.size(); ++k)
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const unsigned before = tables[k - 1][byte];
            tables[k][byte] = static_cast<std::uint16_t>((before << 8 & 0xFFFF) ^ tables[0][before >> 8]);
        }
    return tables;
}

constexpr Crc16Tables crc16_tables = make_crc16_tables();

unsigned crc16(std::span<const std::byte> data) {
    unsigned crc = 0;
    std::size_t i = 0;
    const auto at = [&](std::size_t place) { return std::to_integer<std::size_t>(data[place]); };
    for (; i + 8 <= data.size(); i += 8) {
        crc = crc16_tables[7][at(i) ^ crc >> 8] ^ crc16_tables[6][at(i + 1) ^ (crc & 0xFF)] ^
              crc16_tables[5][at(i + 2)] ^ crc16_tables[4][at(i + 3)] ^ crc16_tables[3][at(i + 4)] ^
              crc16_tables[2][at(i + 5)] ^ crc16_tables[1][at(i + 6)] ^ crc16_tables[0][at(i + 7)];
    }
    for (; i < data.size(); ++i) crc = (crc << 8 & 0xFFFF) ^ crc16_tables[0][at(i) ^ crc >> 8];
    return crc;
}

// ---- frames ----

// As UTF-8 codes characters, up to 36 bits in seven bytes.
void append_coded_number(std::uint64_t number, Bytes& to) {
    if (number < 0x80) {
        to.push_back(static_cast<std::byte>(number));
        return;
    }
    int followers = 1;
    while (number >> (6 * followers + 6 - followers) != 0) ++followers;
    const unsigned mark = 0xFFU << (7 - followers) & 0xFFU;
    to.push_back(static_cast<std::byte>(mark | (followers < 6 ? number >> (6 * followers) : 0)));
    while (followers-- > 0) to.push_back(static_cast<std::byte>(0x80 | (number >> (6 * followers) & 0x3F)));
}

std::size_t coded_number_bytes(std::byte first) {
    return std::max<std::size_t>(
        1, static_cast<std::size_t>(std::countl_one(std::to_integer<unsigned char>(first))));
}

// What stands between the coded number and the header's checksum: sizes and rates that the codes do not hold.
std::size_t extra_header_bytes(std::byte codes) {
    const unsigned block = std::to_integer<unsigned>(codes) >> 4;
    const unsigned rate = std::to_integer<unsigned>(codes) & 15;
    const std::size_t block_bytes = block == 6 ? 1 : block == 7 ? 2 : 0;
    return block_bytes + (rate == 12 ? 1 : rate == 13 || rate == 14 ? 2 : 0);
}

// Collects what libFLAC gives out, a frame at a time.
struct Collector {
    FlacSegment segment;
    std::uint64_t number = 0;
    Status status;

    static FLAC__StreamEncoderWriteStatus on_bytes(const FLAC__StreamEncoder*, const FLAC__byte buffer[],
                                                   std::size_t size, std::uint32_t samples, std::uint32_t,
                                                   void* self) {
        auto& collector = *static_cast<Collector*>(self);
        if (samples == 0)
            return FLAC__STREAM_ENCODER_WRITE_STATUS_OK;  // its metadata, which ours stands in for
        const std::size_t before = collector.segment.bytes.size();
        collector.status = append_flac_frame(std::as_bytes(std::span(buffer, size)), collector.number++,
                                             collector.segment.bytes);
        collector.segment.frame_bytes.push_back(collector.segment.bytes.size() - before);
        return collector.status ? FLAC__STREAM_ENCODER_WRITE_STATUS_OK
                                : FLAC__STREAM_ENCODER_WRITE_STATUS_FATAL_ERROR;
    }
};

Status start_encoder(FLAC__StreamEncoder* encoder, const WriterSettings& settings, Collector& collector) {
    const auto rate = static_cast<unsigned>(settings.stream.sample_rate_hz);
    FLAC__stream_encoder_set_channels(encoder, static_cast<unsigned>(settings.stream.channels));
    FLAC__stream_encoder_set_bits_per_sample(encoder, static_cast<unsigned>(bits_of(settings.depth)));
    FLAC__stream_encoder_set_sample_rate(encoder, rate);
    FLAC__stream_encoder_set_compression_level(encoder, compression_level);
    FLAC__stream_encoder_set_blocksize(encoder, flac_block_frames);
    FLAC__stream_encoder_set_do_md5(encoder, 0);  // of the whole, so its owner's
    FLAC__stream_encoder_set_streamable_subset(encoder, FLAC__format_sample_rate_is_subset(rate));
    const auto status = FLAC__stream_encoder_init_stream(encoder, &Collector::on_bytes, nullptr, nullptr,
                                                         nullptr, &collector);
    if (status == FLAC__STREAM_ENCODER_INIT_STATUS_OK) return {};
    return fail(ErrorCode::internal,
                fmt::format("libFLAC refuses {} Hz, {} channels, {} bits: {}", rate, settings.stream.channels,
                            bits_of(settings.depth), FLAC__StreamEncoderInitStatusString[status]));
}

}  // namespace

Status append_flac_frame(std::span<const std::byte> frame, std::uint64_t number, Bytes& to) {
    const auto not_a_frame = [] {
        return fail(ErrorCode::internal, "libFLAC gave out something that is no frame");
    };
    if (frame.size() <= fixed_header_bytes + 1) return not_a_frame();
    const std::size_t after_number = fixed_header_bytes + coded_number_bytes(frame[fixed_header_bytes]);
    const std::size_t header_end = after_number + extra_header_bytes(frame[2]);
    if (frame.size() < header_end + 1 + checksum_bytes || crc8(frame.first(header_end)) != frame[header_end])
        return not_a_frame();
    const std::size_t begin = to.size();
    const auto append = [&](std::span<const std::byte> part) {
        to.insert(to.end(), part.begin(), part.end());
    };
    append(frame.first(fixed_header_bytes));
    append_coded_number(number, to);
    append(frame.subspan(after_number, header_end - after_number));
    to.push_back(crc8(std::span(to).subspan(begin)));
    append(frame.subspan(header_end + 1, frame.size() - header_end - 1 - checksum_bytes));
    const unsigned checksum = crc16(std::span(to).subspan(begin));
    to.push_back(static_cast<std::byte>(checksum >> 8));
    to.push_back(static_cast<std::byte>(checksum & 0xFF));
    return {};
}

Result<FlacSegment> encode_flac_segment(BlockView<const std::int32_t> samples, const WriterSettings& settings,
                                        std::uint64_t first_number, std::stop_token stop) {
    const std::unique_ptr<FLAC__StreamEncoder, DeleteEncoder> encoder(FLAC__stream_encoder_new());
    if (!encoder) return fail(ErrorCode::limit_exceeded, "out of memory");
    Collector collector{.segment = {}, .number = first_number, .status = {}};
    DUBPLATE_CHECK(start_encoder(encoder.get(), settings, collector));
    bool ok = true;
    for (std::int64_t begin = 0; ok && begin < samples.frames(); begin += flac_block_frames) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        const std::int64_t frames = std::min<std::int64_t>(flac_block_frames, samples.frames() - begin);
        const SubBlock part(samples, begin, frames);
        ok = FLAC__stream_encoder_process(encoder.get(), part.view().pointers().data(),
                                          static_cast<unsigned>(frames)) != 0;
    }
    ok = ok && FLAC__stream_encoder_finish(encoder.get()) != 0;
    DUBPLATE_CHECK(collector.status);
    if (!ok)
        return fail(
            ErrorCode::internal,
            fmt::format("libFLAC: {}", FLAC__stream_encoder_get_resolved_state_string(encoder.get())));
    return std::move(collector.segment);
}

}  // namespace dubplate
