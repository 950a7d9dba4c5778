#include "formats/audio/flac_writer.h"

#include <FLAC/stream_encoder.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "formats/audio/chunks.h"
#include "formats/audio/flac_metadata.h"

namespace dubplate {

extern const AudioFormat flac_format;

namespace {

constexpr unsigned compression_level = 5;
constexpr std::int64_t seek_point_seconds = 10;
constexpr std::size_t block_header_bytes = 4;
constexpr std::size_t seek_point_bytes = 18;
constexpr std::uint64_t unused_seek_point = 0xFFFF'FFFF'FFFF'FFFF;
// The table is one block of 24 bits of size; 500 hours fit.
constexpr std::int64_t max_seek_points = max_flac_block_bytes / seek_point_bytes;

struct DeleteEncoder {
    void operator()(FLAC__StreamEncoder* encoder) const { FLAC__stream_encoder_delete(encoder); }
};

struct SeekPoint {
    std::uint64_t sample = unused_seek_point;
    std::uint64_t offset = 0;  // from the first frame
    unsigned frame_samples = 0;
};

class FlacWriter final : public AudioWriter {
  public:
    FlacWriter(PendingFile& file, const WriterSettings& settings) : file_(file), settings_(settings) {}

    Status start(const TagSet& tags) {
        const std::int64_t step = seek_point_seconds * settings_.stream.sample_rate_hz;
        seek_points_.resize(
            static_cast<std::size_t>(std::min((settings_.frames + step - 1) / step, max_seek_points)));
        DUBPLATE_TRY(const Bytes blocks, render_flac_tags(tags, settings_.stream.sample_rate_hz, vendor()));
        header_bytes_ = fixed_bytes() + blocks.size() + block_header_bytes + flac_padding_bytes;
        header_offset_ = file_.size();
        DUBPLATE_CHECK(file_.append(Bytes(header_bytes_)));
        return start_encoder();
    }

    using AudioWriter::write;
    Status write(BlockView<const std::int32_t> block) override {
        DUBPLATE_ASSERT(block.channels() == settings_.stream.channels);
        if (written_ + block.frames() > settings_.frames)
            return fail(ErrorCode::internal,
                        fmt::format("{} frames were given to a FLAC writer that was told of {}",
                                    written_ + block.frames(), settings_.frames));
        written_ += block.frames();
        if (block.frames() > 0 && FLAC__stream_encoder_process(encoder_.get(), block.pointers().data(),
                                                               static_cast<unsigned>(block.frames())) == 0)
            return encoder_error();
        return {};
    }

    Status finish(const TagSet& tags) override {
        if (FLAC__stream_encoder_finish(encoder_.get()) == 0) return encoder_error();
        DUBPLATE_TRY(const Bytes blocks, render_flac_tags(tags, settings_.stream.sample_rate_hz, vendor()));
        const std::size_t used = fixed_bytes() + blocks.size();
        if (used + block_header_bytes > header_bytes_)
            return fail(ErrorCode::internal,
                        fmt::format("the tags grew to {} bytes while writing, {} are reserved", used,
                                    header_bytes_ - block_header_bytes));
        ByteBuilder header(ByteOrder::big);
        header.text("fLaC").bytes(flac_block(FlacBlockType::stream_info, stream_info())).bytes(blocks);
        if (!seek_points_.empty()) header.bytes(flac_block(FlacBlockType::seek_table, seek_table()));
        header.bytes(
            flac_block(FlacBlockType::padding, Bytes(header_bytes_ - used - block_header_bytes), true));
        return file_.write_at(header_offset_, header.result());
    }

  private:
    static std::string vendor() { return FLAC__VENDOR_STRING; }

    // All but the tags and the padding.
    std::size_t fixed_bytes() const {
        const std::size_t table =
            seek_points_.empty() ? 0 : block_header_bytes + seek_points_.size() * seek_point_bytes;
        return 4 + block_header_bytes + flac_stream_info_bytes + table;
    }

    Status start_encoder() {
        encoder_.reset(FLAC__stream_encoder_new());
        if (!encoder_) return fail(ErrorCode::limit_exceeded, "out of memory");
        FLAC__StreamEncoder* encoder = encoder_.get();
        const auto rate = static_cast<unsigned>(settings_.stream.sample_rate_hz);
        FLAC__stream_encoder_set_channels(encoder, static_cast<unsigned>(settings_.stream.channels));
        FLAC__stream_encoder_set_bits_per_sample(encoder, static_cast<unsigned>(bits_of(settings_.depth)));
        FLAC__stream_encoder_set_sample_rate(encoder, rate);
        FLAC__stream_encoder_set_compression_level(encoder, compression_level);
        FLAC__stream_encoder_set_streamable_subset(encoder, FLAC__format_sample_rate_is_subset(rate));
        FLAC__stream_encoder_set_total_samples_estimate(encoder, static_cast<FLAC__uint64>(settings_.frames));
        const auto status = FLAC__stream_encoder_init_stream(encoder, &FlacWriter::on_bytes, nullptr, nullptr,
                                                             &FlacWriter::on_metadata, this);
        if (status != FLAC__STREAM_ENCODER_INIT_STATUS_OK)
            return fail(ErrorCode::internal,
                        fmt::format("libFLAC refuses {} Hz, {} channels, {} bits: {}", rate,
                                    settings_.stream.channels, bits_of(settings_.depth),
                                    FLAC__StreamEncoderInitStatusString[status]));
        return {};
    }

    Status encoder_error() {
        if (error_) return *error_;
        return fail(
            ErrorCode::internal,
            fmt::format("libFLAC: {}", FLAC__stream_encoder_get_resolved_state_string(encoder_.get())));
    }

    static FLAC__StreamEncoderWriteStatus on_bytes(const FLAC__StreamEncoder*, const FLAC__byte buffer[],
                                                   std::size_t size, std::uint32_t samples, std::uint32_t,
                                                   void* self) {
        auto& writer = *static_cast<FlacWriter*>(self);
        if (samples == 0)
            return FLAC__STREAM_ENCODER_WRITE_STATUS_OK;  // its own metadata, which ours stands in for
        writer.note_frame(size, samples);
        auto status = writer.file_.append(std::as_bytes(std::span(buffer, size)));
        if (status) return FLAC__STREAM_ENCODER_WRITE_STATUS_OK;
        writer.error_ = std::move(status).error();
        return FLAC__STREAM_ENCODER_WRITE_STATUS_FATAL_ERROR;
    }

    // A seek point names the frame in which its moment lies.
    void note_frame(std::size_t size, std::uint32_t samples) {
        const auto step = static_cast<std::uint64_t>(seek_point_seconds * settings_.stream.sample_rate_hz);
        while (next_seek_point_ < seek_points_.size() && next_seek_point_ * step < encoded_ + samples)
            seek_points_[next_seek_point_++] = {encoded_, audio_bytes_, samples};
        encoded_ += samples;
        audio_bytes_ += size;
    }

    static void on_metadata(const FLAC__StreamEncoder*, const FLAC__StreamMetadata* metadata, void* self) {
        if (metadata->type == FLAC__METADATA_TYPE_STREAMINFO)
            static_cast<FlacWriter*>(self)->final_info_ = metadata->data.stream_info;
    }

    Bytes stream_info() const {
        ByteBuilder builder(ByteOrder::big);
        builder.u16(static_cast<std::uint16_t>(final_info_.min_blocksize));
        builder.u16(static_cast<std::uint16_t>(final_info_.max_blocksize));
        for (const unsigned size : {final_info_.min_framesize, final_info_.max_framesize})
            builder.u8(static_cast<std::uint8_t>(size >> 16)).u16(static_cast<std::uint16_t>(size));
        builder.u64(std::uint64_t{final_info_.sample_rate} << 44 |
                    std::uint64_t{final_info_.channels - 1} << 41 |
                    std::uint64_t{final_info_.bits_per_sample - 1} << 36 | final_info_.total_samples);
        builder.bytes(std::as_bytes(std::span(final_info_.md5sum)));
        return builder.result();
    }

    Bytes seek_table() const {
        ByteBuilder builder(ByteOrder::big);
        for (const SeekPoint& point : seek_points_)
            builder.u64(point.sample).u64(point.offset).u16(static_cast<std::uint16_t>(point.frame_samples));
        return builder.result();
    }

    PendingFile& file_;
    WriterSettings settings_;
    std::unique_ptr<FLAC__StreamEncoder, DeleteEncoder> encoder_;
    FLAC__StreamMetadata_StreamInfo final_info_{};
    std::vector<SeekPoint> seek_points_;
    std::size_t next_seek_point_ = 0;
    std::uint64_t header_offset_ = 0;
    std::size_t header_bytes_ = 0;
    std::int64_t written_ = 0;   // frames that came
    std::uint64_t encoded_ = 0;  // frames that left
    std::uint64_t audio_bytes_ = 0;
    std::optional<Error> error_;
};

}  // namespace

Result<std::unique_ptr<AudioWriter>> create_flac(PendingFile& file, const WriterSettings& settings,
                                                 const TagSet& tags) {
    DUBPLATE_CHECK(check_writer_settings(flac_format, settings));
    auto writer = std::make_unique<FlacWriter>(file, settings);
    DUBPLATE_CHECK(writer->start(tags));
    return std::unique_ptr<AudioWriter>(std::move(writer));
}

}  // namespace dubplate
