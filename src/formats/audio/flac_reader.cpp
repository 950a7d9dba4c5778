#include "formats/audio/flac_reader.h"

#include <FLAC/stream_decoder.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "core/units.h"
#include "formats/audio/chunks.h"
#include "formats/audio/flac_metadata.h"

namespace dubplate {

namespace {

struct DeleteDecoder {
    void operator()(FLAC__StreamDecoder* decoder) const { FLAC__stream_decoder_delete(decoder); }
};

void read_pictures(const ByteSource& source, const FlacLayout& layout, SourceInfo& info) {
    std::optional<FlacPicture> best;
    int pictures = 0;
    for (const FlacBlock& block : layout.blocks) {
        if (block.type != FlacBlockType::picture) continue;
        ++pictures;
        if (best && best->kind == front_cover_kind) continue;
        auto payload = read_range(source, block.offset, block.size);
        auto picture = payload ? parse_flac_picture(*payload) : std::nullopt;
        if (picture && (!best || picture->kind == front_cover_kind)) best = std::move(picture);
    }
    if (pictures > 1)
        info.losses.push_back({"pictures", fmt::format("one of {} is kept, the cover", pictures)});
    if (!best) {
        if (pictures > 0) info.losses.push_back({"cover", "its block is damaged or a link"});
        return;
    }
    if (auto checked = check_picture(std::move(best->picture.data)))
        info.metadata.cover = std::move(*checked);
    else
        info.losses.push_back({"cover", checked.error().message});
}

Status read_metadata(const ByteSource& source, const FlacLayout& layout, SourceInfo& info) {
    std::vector<std::string> comments;
    std::vector<Marker> cues;
    for (const FlacBlock& block : layout.blocks) {
        if (block.type != FlacBlockType::vorbis_comment && block.type != FlacBlockType::cue_sheet) continue;
        DUBPLATE_TRY(const Bytes payload, read_range(source, block.offset, block.size));
        if (block.type == FlacBlockType::cue_sheet)
            cues = parse_cue_sheet(payload, layout.info.frames);
        else
            std::ranges::move(parse_flac_comments(payload).comments, std::back_inserter(comments));
    }
    info.markers = take_chapters(comments, layout.info.sample_rate_hz);
    if (info.markers.empty()) info.markers = std::move(cues);
    const auto is_behind = [&](const Marker& marker) { return marker.frame > info.frames; };
    if (info.frames_exact && std::erase_if(info.markers, is_behind) > 0)
        info.losses.push_back({"markers", "some stand behind the end"});
    info.metadata = metadata_from_vorbis_comments(comments, info.losses);
    read_pictures(source, layout, info);
    return {};
}

class FlacReader final : public AudioReader {
  public:
    explicit FlacReader(const ByteSource& source) : source_(source) {}

    Status open() {
        DUBPLATE_TRY(layout_, scan_flac(source_));
        info_.format = "flac";
        info_.codec = "FLAC";
        info_.stream = {layout_.info.sample_rate_hz, layout_.info.channels};
        info_.bits = layout_.info.bits;
        info_.frames = layout_.info.frames;
        info_.frames_exact = layout_.info.frames > 0;
        DUBPLATE_CHECK(read_metadata(source_, layout_, info_));
        return start_pass();
    }

    const SourceInfo& info() const override { return info_; }

    Result<std::int64_t> read(BlockView<float> target) override {
        DUBPLATE_ASSERT(target.channels() == info_.stream.channels);
        std::int64_t done = 0;
        while (done < target.frames()) {
            if (cursor_ == held_frames_) {
                // What came before the damage is delivered first, whatever the block size is.
                if (auto decoded = decode_frame(); !decoded && done == 0) return std::move(decoded).error();
                if (cursor_ == held_frames_) break;
            }
            const std::int64_t count = std::min(held_frames_ - cursor_, target.frames() - done);
            for (int c = 0; c < target.channels(); ++c)
                std::copy_n(held_[static_cast<std::size_t>(c)].begin() + cursor_, count,
                            target.channel(c).begin() + done);
            cursor_ += count;
            done += count;
            position_ += count;
        }
        return done;
    }

    Status rewind() override { return start_pass(); }

  private:
    Status start_pass() {
        decoder_.reset(FLAC__stream_decoder_new());
        if (!decoder_) return fail(ErrorCode::limit_exceeded, "out of memory");
        offset_ = layout_.begin;
        held_.assign(static_cast<std::size_t>(info_.stream.channels), {});
        held_frames_ = cursor_ = position_ = 0;
        error_.reset();
        has_gap_ = false;
        const auto status = FLAC__stream_decoder_init_stream(
            decoder_.get(), &FlacReader::on_read, nullptr, nullptr, nullptr, &FlacReader::on_end_asked,
            &FlacReader::on_frame, nullptr, &FlacReader::on_error, this);
        if (status != FLAC__STREAM_DECODER_INIT_STATUS_OK)
            return fail(ErrorCode::internal, FLAC__StreamDecoderInitStatusString[status]);
        return {};
    }

    // Decodes until there is something to hand out, or the end.
    Status decode_frame() {
        held_frames_ = cursor_ = 0;
        while (!error_ && held_frames_ == 0) {
            const bool is_good = FLAC__stream_decoder_process_single(decoder_.get()) != 0;
            const auto state = FLAC__stream_decoder_get_state(decoder_.get());
            if (error_) break;
            if (state == FLAC__STREAM_DECODER_END_OF_STREAM) {
                end_pass();
                break;
            }
            if (!is_good || state >= FLAC__STREAM_DECODER_OGG_ERROR)
                error_ =
                    fail(ErrorCode::corrupt, fmt::format("the audio is damaged at {:.3f} s: {}", seconds(),
                                                         FLAC__StreamDecoderStateString[state]));
        }
        if (error_) return *error_;
        return {};
    }

    double seconds() const { return frames_to_seconds(position_, info_.stream.sample_rate_hz); }

    void end_pass() {
        if (info_.frames_exact && info_.frames != position_)
            info_.warnings.push_back(fmt::format(
                "the header says {} frames ({:.3f} s), the file holds {} ({:.3f} s)", info_.frames,
                frames_to_seconds(info_.frames, info_.stream.sample_rate_hz), position_, seconds()));
        info_.frames = position_;
        info_.frames_exact = true;
    }

    static FLAC__StreamDecoderReadStatus on_read(const FLAC__StreamDecoder*, FLAC__byte buffer[],
                                                 std::size_t* size, void* self) {
        auto& reader = *static_cast<FlacReader*>(self);
        auto got = reader.source_.read_at(reader.offset_, std::as_writable_bytes(std::span(buffer, *size)));
        if (!got) {
            reader.error_ = std::move(got).error();
            *size = 0;
            return FLAC__STREAM_DECODER_READ_STATUS_ABORT;
        }
        reader.offset_ += *got;
        *size = *got;
        return *got == 0 ? FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM
                         : FLAC__STREAM_DECODER_READ_STATUS_CONTINUE;
    }

    static FLAC__bool on_end_asked(const FLAC__StreamDecoder*, void* self) {
        const auto& reader = *static_cast<FlacReader*>(self);
        return reader.offset_ >= reader.source_.size() ? 1 : 0;
    }

    static FLAC__StreamDecoderWriteStatus on_frame(const FLAC__StreamDecoder*, const FLAC__Frame* frame,
                                                   const FLAC__int32* const channels[], void* self) {
        return static_cast<FlacReader*>(self)->take_frame(frame->header, channels)
                   ? FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE
                   : FLAC__STREAM_DECODER_WRITE_STATUS_ABORT;
    }

    bool take_frame(const FLAC__FrameHeader& header, const FLAC__int32* const channels[]) {
        if (has_gap_) {
            error_ = fail(ErrorCode::corrupt,
                          fmt::format("the audio is damaged at {:.3f} s: a stretch is no FLAC", seconds()));
            return false;
        }
        if (header.channels != static_cast<unsigned>(info_.stream.channels) ||
            header.bits_per_sample != static_cast<unsigned>(info_.bits) ||
            header.sample_rate != static_cast<unsigned>(info_.stream.sample_rate_hz)) {
            error_ =
                fail(ErrorCode::corrupt,
                     fmt::format(
                         "the frame at {:.3f} s has {} channels, {} bits, {} Hz; the header says {}, {}, {}",
                         seconds(), header.channels, header.bits_per_sample, header.sample_rate,
                         info_.stream.channels, info_.bits, info_.stream.sample_rate_hz));
            return false;
        }
        const float scale = std::ldexp(1.0F, 1 - info_.bits);
        held_frames_ = header.blocksize;
        for (std::size_t c = 0; c < held_.size(); ++c) {
            held_[c].resize(header.blocksize);
            std::transform(channels[c], channels[c] + header.blocksize, held_[c].begin(),
                           [scale](FLAC__int32 sample) { return static_cast<float>(sample) * scale; });
        }
        return true;
    }

    static void on_error(const FLAC__StreamDecoder*, FLAC__StreamDecoderErrorStatus status, void* self) {
        auto& reader = *static_cast<FlacReader*>(self);
        if (reader.error_) return;
        if (status == FLAC__STREAM_DECODER_ERROR_STATUS_FRAME_CRC_MISMATCH)
            reader.error_ = fail(
                ErrorCode::corrupt,
                fmt::format("the audio is damaged at {:.3f} s: the checksum is wrong", reader.seconds()));
        else
            reader.has_gap_ =
                true;  // harmless where no frame follows: an ID3v1 tag at the end, or a file cut short
    }

    const ByteSource& source_;
    FlacLayout layout_;
    SourceInfo info_;
    std::unique_ptr<FLAC__StreamDecoder, DeleteDecoder> decoder_;
    std::uint64_t offset_ = 0;
    std::vector<std::vector<float>> held_;  // one decoded frame, planar
    std::int64_t held_frames_ = 0;
    std::int64_t cursor_ = 0;
    std::int64_t position_ = 0;  // frames delivered
    std::optional<Error> error_;
    bool has_gap_ = false;
};

}  // namespace

Result<std::unique_ptr<AudioReader>> open_flac(const ByteSource& source) {
    auto reader = std::make_unique<FlacReader>(source);
    DUBPLATE_CHECK(reader->open());
    return std::unique_ptr<AudioReader>(std::move(reader));
}

}  // namespace dubplate
