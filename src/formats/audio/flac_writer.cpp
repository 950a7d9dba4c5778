#include "formats/audio/flac_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "core/hash.h"
#include "core/ordered_work.h"
#include "core/version.h"
#include "formats/audio/chunks.h"
#include "formats/audio/flac_metadata.h"
#include "formats/audio/flac_segment.h"
#include "formats/audio/pcm_codec.h"

namespace dubplate {

extern const AudioFormat flac_format;

namespace {

constexpr std::int64_t seek_point_seconds = 5;
constexpr std::size_t block_header_bytes = 4;
constexpr std::size_t seek_point_bytes = 18;
constexpr std::uint64_t unused_seek_point = 0xFFFF'FFFF'FFFF'FFFF;
// The table is one block of 24 bits of size; 500 hours fit.
constexpr std::int64_t max_seek_points = max_flac_block_bytes / seek_point_bytes;

struct SeekPoint {
    std::uint64_t sample = unused_seek_point;
    std::uint64_t offset = 0;  // from the first frame
    unsigned frame_samples = 0;
};

class FlacWriter final : public AudioWriter {
  public:
    FlacWriter(PendingFile& file, const WriterSettings& settings)
        : file_(file),
          settings_(settings),
          segment_frames_(flac_segment_blocks(settings.stream.channels) * flac_block_frames),
          segments_(settings.threads, settings.stop,
                    [this](FlacSegment segment) { return append(segment); }) {
        begin_segment();
    }

    Status start(const TagSet& tags) {
        const std::int64_t step = seek_point_seconds * settings_.stream.sample_rate_hz;
        seek_points_.resize(
            static_cast<std::size_t>(std::min((settings_.frames + step - 1) / step, max_seek_points)));
        DUBPLATE_TRY(const Bytes blocks, render_flac_tags(tags, settings_.stream.sample_rate_hz, vendor()));
        header_bytes_ = fixed_bytes() + blocks.size() + block_header_bytes + flac_padding_bytes;
        header_offset_ = file_.size();
        return file_.append(Bytes(header_bytes_));
    }

    using AudioWriter::write;
    Status write(BlockView<const std::int32_t> block) override {
        DUBPLATE_ASSERT(block.channels() == settings_.stream.channels);
        if (written_ + block.frames() > settings_.frames)
            return fail(ErrorCode::internal,
                        fmt::format("{} frames were given to a FLAC writer that was told of {}",
                                    written_ + block.frames(), settings_.frames));
        written_ += block.frames();
        hash(block);
        for (std::int64_t begin = 0; begin < block.frames();) {
            const std::int64_t frames = std::min(block.frames() - begin, segment_frames_ - staged_);
            for (int c = 0; c < block.channels(); ++c)
                std::copy_n(block.channel(c).data() + begin, frames, segment_->channel(c).data() + staged_);
            begin += frames;
            staged_ += frames;
            if (staged_ == segment_frames_) DUBPLATE_CHECK(encode_segment());
        }
        return {};
    }

    Status finish(const TagSet& tags) override {
        if (staged_ > 0) DUBPLATE_CHECK(encode_segment());
        DUBPLATE_CHECK(segments_.finish());
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
    static std::string vendor() { return fmt::format("Dubplate {}", version()); }

    // All but the tags and the padding.
    std::size_t fixed_bytes() const {
        const std::size_t table =
            seek_points_.empty() ? 0 : block_header_bytes + seek_points_.size() * seek_point_bytes;
        return 4 + block_header_bytes + flac_stream_info_bytes + table;
    }

    // Of the samples as a WAV file would hold them.
    void hash(BlockView<const std::int32_t> block) {
        interleaved_.resize(
            static_cast<std::size_t>(block.frames() * block.channels() * bits_of(settings_.depth) / 8));
        encode_pcm(encoding_of(settings_.depth, ByteOrder::little), block, interleaved_);
        md5_.update(interleaved_);
    }

    void begin_segment() {
        staged_ = 0;
        const auto free =
            std::ranges::find_if(buffers_, [](const auto& buffer) { return buffer.use_count() == 1; });
        segment_ = free != buffers_.end() ? *free
                                          : buffers_.emplace_back(std::make_shared<BlockBuffer<std::int32_t>>(
                                                settings_.stream.channels, segment_frames_));
    }

    Status encode_segment() {
        const auto work = [segment = segment_, frames = staged_, settings = settings_,
                           number = next_number_](const std::stop_token& stop) {
            return encode_flac_segment(std::as_const(*segment).const_view(frames), settings, number, stop);
        };
        next_number_ += static_cast<std::uint64_t>(flac_segment_blocks(settings_.stream.channels));
        DUBPLATE_CHECK(segments_.add(work));
        begin_segment();
        return {};
    }

    Status append(const FlacSegment& segment) {
        for (const std::size_t size : segment.frame_bytes) note_frame(size);
        return file_.append(segment.bytes);
    }

    // A seek point names the frame in which its moment lies.
    void note_frame(std::size_t size) {
        const auto left = static_cast<std::uint64_t>(settings_.frames) - encoded_;
        const auto samples = static_cast<unsigned>(std::min<std::uint64_t>(flac_block_frames, left));
        const auto step = static_cast<std::uint64_t>(seek_point_seconds * settings_.stream.sample_rate_hz);
        while (next_seek_point_ < seek_points_.size() && next_seek_point_ * step < encoded_ + samples)
            seek_points_[next_seek_point_++] = {encoded_, audio_bytes_, samples};
        encoded_ += samples;
        audio_bytes_ += size;
        smallest_frame_ = std::min(smallest_frame_, size);
        largest_frame_ = std::max(largest_frame_, size);
    }

    Bytes stream_info() {
        const auto& [rate, channels] = settings_.stream;
        ByteBuilder builder(ByteOrder::big);
        builder.u16(flac_block_frames).u16(flac_block_frames);
        for (const std::size_t size : {encoded_ > 0 ? smallest_frame_ : 0, largest_frame_})
            builder.u8(static_cast<std::uint8_t>(size >> 16)).u16(static_cast<std::uint16_t>(size));
        builder.u64(static_cast<std::uint64_t>(rate) << 44 | static_cast<std::uint64_t>(channels - 1) << 41 |
                    static_cast<std::uint64_t>(bits_of(settings_.depth) - 1) << 36 | encoded_);
        builder.bytes(md5_.finish_bytes());
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
    std::vector<SeekPoint> seek_points_;
    std::size_t next_seek_point_ = 0;
    std::uint64_t header_offset_ = 0;
    std::size_t header_bytes_ = 0;
    std::int64_t written_ = 0;   // frames that came
    std::uint64_t encoded_ = 0;  // frames that left
    std::uint64_t audio_bytes_ = 0;
    std::size_t smallest_frame_ = std::numeric_limits<std::size_t>::max();
    std::size_t largest_frame_ = 0;
    Md5 md5_;
    Bytes interleaved_;

    std::int64_t segment_frames_;
    using Segment = std::shared_ptr<BlockBuffer<std::int32_t>>;
    std::vector<Segment> buffers_;  // of all segments, used again
    Segment segment_;               // being filled; the work that encodes it holds it too
    std::int64_t staged_ = 0;
    std::uint64_t next_number_ = 0;
    OrderedWork<FlacSegment> segments_;  // last: its threads end before what they may use
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
