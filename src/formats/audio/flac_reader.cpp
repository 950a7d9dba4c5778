#include "formats/audio/flac_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "audio/kernels/samples.h"
#include "core/hash.h"
#include "core/units.h"
#include "formats/audio/chunks.h"
#include "formats/audio/flac_metadata.h"
#include "formats/audio/flac_stream.h"
#include "formats/audio/pcm_codec.h"

namespace dubplate {

namespace {

constexpr int fewest_bits = 4;

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

// The MD5 sum of the samples as a WAV file would hold them, which STREAMINFO tells of the whole stream.
class SampleSum {
  public:
    SampleSum(int channels, int bits) : encoding_{PcmCode::signed_int, (bits + 7) / 8, ByteOrder::little} {
        frame_bytes_ = static_cast<std::size_t>(channels * encoding_.bytes);
    }

    void add(BlockView<const std::int32_t> block) {
        interleaved_.resize(static_cast<std::size_t>(block.frames()) * frame_bytes_);
        if (encoding_.bytes == 1) {
            std::size_t place = 0;
            for (std::size_t i = 0; i < static_cast<std::size_t>(block.frames()); ++i)
                for (int c = 0; c < block.channels(); ++c)
                    interleaved_[place++] = static_cast<std::byte>(block.channel(c)[i]);
        } else {
            encode_pcm(encoding_, block, interleaved_);
        }
        md5_.update(interleaved_);
    }
    bool is(std::span<const std::byte> sum) { return std::ranges::equal(md5_.finish_bytes(), sum); }

  private:
    PcmEncoding encoding_;
    std::size_t frame_bytes_;
    Bytes interleaved_;
    Md5 md5_;
};

class FlacReader final : public AudioReader {
  public:
    FlacReader(const ByteSource& source, bool checks_sum) : source_(source), checks_sum_(checks_sum) {}

    Status open() {
        DUBPLATE_TRY(layout_, scan_flac(source_));
        if (layout_.info.bits < fewest_bits)
            return fail(ErrorCode::corrupt,
                        fmt::format("its STREAMINFO tells {} bits; FLAC has 4 to 32", layout_.info.bits));
        info_.format = "flac";
        info_.codec = "FLAC";
        info_.stream = {layout_.info.sample_rate_hz, layout_.info.channels};
        info_.bits = layout_.info.bits;
        info_.frames = layout_.info.frames;
        info_.frames_exact = layout_.info.frames > 0;
        DUBPLATE_CHECK(read_metadata(source_, layout_, info_));
        return rewind();
    }

    const SourceInfo& info() const override { return info_; }

    Result<std::int64_t> read(BlockView<float> target) override {
        DUBPLATE_ASSERT(target.channels() == info_.stream.channels);
        std::int64_t done = 0;
        while (done < target.frames()) {
            if (cursor_ == held_.frames()) {
                // What came before the damage is delivered first, whatever the block size is.
                if (auto read = read_frame(); !read && done == 0) return std::move(read).error();
                if (cursor_ == held_.frames()) break;
            }
            const std::int64_t count = std::min(held_.frames() - cursor_, target.frames() - done);
            for (int c = 0; c < target.channels(); ++c)
                to_floats(held_.channel(c).data() + cursor_, target.channel(c).data() + done, count,
                          info_.bits);
            cursor_ += count;
            done += count;
        }
        return done;
    }

    Status rewind() override {
        stream_.emplace(source_, layout_.info, layout_.audio_begin, source_.size());
        const bool has_sum = layout_.info.md5 != decltype(layout_.info.md5){};
        if (checks_sum_ && has_sum) sum_.emplace(info_.stream.channels, info_.bits);
        held_ = {};
        cursor_ = 0;
        error_.reset();
        ended_ = false;
        return {};
    }

  private:
    // Until there is something to hand out, or the end.
    Status read_frame() {
        held_ = {};
        cursor_ = 0;
        if (ended_) return {};
        if (error_) return *error_;
        auto read = stream_->next();
        if (!read) return *(error_ = std::move(read).error());
        held_ = *read;
        if (held_.frames() == 0) {
            end_pass();
        } else if (sum_) {
            sum_->add(held_);
        }
        return {};
    }

    void end_pass() {
        ended_ = true;
        const std::int64_t frames = stream_->position();
        const int rate = info_.stream.sample_rate_hz;
        if (info_.frames_exact && info_.frames != frames) {
            info_.warnings.push_back(fmt::format(
                "the header says {} frames ({:.3f} s), the file holds {} ({:.3f} s)", info_.frames,
                frames_to_seconds(info_.frames, rate), frames, frames_to_seconds(frames, rate)));
        } else if (sum_ && !sum_->is(layout_.info.md5)) {
            info_.warnings.push_back("its samples are not those that the MD5 sum in its header was made of");
        }
        info_.frames = frames;
        info_.frames_exact = true;
        checks_sum_ = false;  // once is enough
        sum_.reset();
    }

    const ByteSource& source_;
    bool checks_sum_;
    FlacLayout layout_;
    SourceInfo info_;
    std::optional<FlacStream> stream_;
    std::optional<SampleSum> sum_;
    BlockView<const std::int32_t> held_;  // a frame of the stream's
    std::int64_t cursor_ = 0;             // frames of it that were delivered
    std::optional<Error> error_;
    bool ended_ = false;
};

Result<std::unique_ptr<AudioReader>> open_reader(const ByteSource& source, bool checks_sum) {
    auto reader = std::make_unique<FlacReader>(source, checks_sum);
    DUBPLATE_CHECK(reader->open());
    return std::unique_ptr<AudioReader>(std::move(reader));
}

}  // namespace

Result<std::unique_ptr<AudioReader>> open_flac(const ByteSource& source) {
    return open_reader(source, true);
}

Result<std::unique_ptr<AudioReader>> open_flac_samples(const ByteSource& source) {
    return open_reader(source, false);
}

}  // namespace dubplate
