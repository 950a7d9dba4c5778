#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <deque>
#include <utility>

#include "core/hash.h"
#include "core/ordered_work.h"
#include "formats/audio/format.h"
#include "formats/audio/lame_encoder.h"
#include "formats/audio/lame_tag.h"
#include "formats/audio/mp3.h"
#include "formats/audio/mp3_header.h"
#include "formats/audio/mp3_segment.h"

namespace dubplate {

extern const AudioFormat mp3_format;

namespace {

// What an encoder that runs over the whole stream is given at once.
constexpr std::int64_t run_frames = 4 * block_frames;

Status check_bitrate(const WriterSettings& settings) {
    if (settings.mp3.vbr_quality) {
        const int quality = *settings.mp3.vbr_quality;
        if (quality >= 0 && quality <= 9) return {};
        return fail(ErrorCode::invalid_argument,
                    fmt::format("the VBR quality {} is outside 0 to 9", quality));
    }
    const std::vector<int> allowed = mp3_bitrates(settings.stream.sample_rate_hz);
    const int asked = settings.mp3.bitrate_kbps;
    if (std::ranges::find(allowed, asked) != allowed.end()) return {};
    const int nearest =
        *std::ranges::min_element(allowed, {}, [asked](int rate) { return std::abs(rate - asked); });
    return fail(ErrorCode::invalid_argument,
                fmt::format("MP3 at {} Hz has no bitrate of {} kbit/s: it has {}",
                            settings.stream.sample_rate_hz, asked, fmt::join(allowed, ", ")),
                fmt::format("use --bitrate {}", nearest));
}

// LAME's tag for streams of these settings; what it tells of this stream is filled in later.
Result<Bytes> make_tag(const WriterSettings& settings) {
    DUBPLATE_TRY(LameEncoder encoder, LameEncoder::make(settings, {.reservoir = false, .tag = true}));
    Bytes ignored;
    const BlockBuffer<float> silence(settings.stream.channels, run_frames);
    DUBPLATE_CHECK(encoder.encode(silence.const_view(run_frames), ignored));
    DUBPLATE_CHECK(encoder.flush(ignored));
    Bytes tag = encoder.tag();
    if (tag.empty()) return fail(ErrorCode::internal, "LAME gives no tag");
    return tag;
}

// Gathers samples; what LAME makes of them happens on other threads. At the highest bitrates in segments, side by side
// (mp3_segment.h), else in one run whose pieces follow each other.
class Mp3Writer final : public AudioWriter {
  public:
    Mp3Writer(PendingFile& file, const WriterSettings& settings)
        : file_(file),
          settings_(settings),
          is_split_(can_split_mp3(settings)),
          piece_frames_(is_split_
                            ? mp3_segment_input_frames * mp3_frame_samples(settings.stream.sample_rate_hz)
                            : run_frames),
          work_(is_split_ ? settings.threads : 1, settings.stop,
                [this](const Mp3Segment& made) { return take(made); }) {
        begin_piece();
    }

    Status start(const TagSet& tags) {
        if (is_split_) {
            DUBPLATE_TRY(tag_, make_tag(settings_));
        } else {
            tag_.resize(bytes_of_own_tag());
            DUBPLATE_TRY(LameEncoder run, LameEncoder::make(settings_, {.tag = tag_.empty()}));
            run_ = std::make_unique<LameEncoder>(std::move(run));
        }
        DUBPLATE_TRY(const Bytes id3, render_id3v2(tags));
        id3_bytes_ = id3.size();
        id3_offset_ = file_.size();
        DUBPLATE_CHECK(file_.append(id3));
        return file_.append(tag_);
    }

    using AudioWriter::write;
    Status write(BlockView<const float> block) override {
        DUBPLATE_ASSERT(block.channels() == settings_.stream.channels);
        DUBPLATE_CHECK(check_samples(block));
        for (std::int64_t begin = 0; begin < block.frames();) {
            const std::int64_t count = std::min(block.frames() - begin, piece_frames_ - staged_);
            for (int c = 0; c < block.channels(); ++c)
                std::copy_n(block.channel(c).data() + begin, count, piece_->channel(c).data() + staged_);
            begin += count;
            staged_ += count;
            if (staged_ == piece_frames_) DUBPLATE_CHECK(encode_piece(false));
        }
        written_ += block.frames();
        return {};
    }

    Status finish(const TagSet& tags) override {
        DUBPLATE_CHECK(encode_piece(true));
        DUBPLATE_CHECK(work_.finish());
        piece_.reset();
        if (is_again_) DUBPLATE_CHECK(check_music());
        if (is_split_) {
            set_lame_facts(tag_, facts_);
        } else if (tag_.empty()) {
            tag_ = run_->tag();
            if (tag_.empty() || id3_offset_ + id3_bytes_ + tag_.size() > file_.size())
                return fail(ErrorCode::internal, fmt::format("LAME gives a tag of {} bytes", tag_.size()));
        } else {
            tag_ = render_lame_tag(frame_header(), facts_);
        }
        if (tags.loudness) set_lame_loudness(tag_, *tags.loudness);
        DUBPLATE_CHECK(file_.write_at(id3_offset_ + id3_bytes_, tag_));
        DUBPLATE_TRY(const Bytes id3, render_id3v2(tags, id3_bytes_));
        return file_.write_at(id3_offset_, id3);
    }

    bool begin_again() override {
        if (!is_split_) return false;
        is_again_ = true;
        is_first_ = true;
        written_ = 0;
        next_ = 0;
        begin_piece();
        return true;
    }

  private:
    using Piece = BlockBuffer<float>;

    // Where a segment of the stream went.
    struct Written {
        std::string input;  // the fingerprint of what it was made from
        std::uint64_t offset = 0;
        std::size_t size = 0;
    };

    void begin_piece() {
        piece_ = std::make_shared<Piece>(settings_.stream.channels, piece_frames_);
        staged_ = 0;
    }

    Status encode_piece(bool is_last) {
        const std::shared_ptr<const Piece> piece = piece_;
        if (is_split_) {
            DUBPLATE_CHECK(encode_segment(piece, is_last));
        } else {
            DUBPLATE_CHECK(work_.add(part_of_run(piece, is_last)));
        }
        begin_piece();
        if (is_split_ && !is_last) repeat_overlap(*piece);
        return {};
    }

    // What is as it was before stays in the file as it is.
    Status encode_segment(const std::shared_ptr<const Piece>& piece, bool is_last) {
        const Mp3Place place{.is_first = std::exchange(is_first_, false), .is_last = is_last};
        std::string input = fingerprint_of(piece->const_view(staged_));
        const std::size_t index = next_++;
        if (index == segments_.size()) segments_.emplace_back();
        if (segments_[index].input == input) return {};
        segments_[index].input = std::move(input);
        under_way_.push_back(index);
        return work_.add(segment_of(piece, place));
    }

    static std::string fingerprint_of(BlockView<const float> samples) {
        Fingerprint fingerprint;
        for (int c = 0; c < samples.channels(); ++c) fingerprint.update(std::as_bytes(samples.channel(c)));
        return fingerprint.finish();
    }

    OrderedWork<Mp3Segment>::Work segment_of(std::shared_ptr<const Piece> piece, Mp3Place place) {
        return
            [piece = std::move(piece), frames = staged_, settings = settings_, place](std::stop_token stop) {
                return encode_mp3_segment(piece->const_view(frames), settings, place, std::move(stop));
            };
    }

    // Its pieces are worked on one after the other: there is one thread for them.
    OrderedWork<Mp3Segment>::Work part_of_run(std::shared_ptr<const Piece> piece, bool is_last) {
        return [piece = std::move(piece), frames = staged_, is_last,
                run = run_.get()](const std::stop_token&) -> Result<Mp3Segment> {
            Mp3Segment made;
            const std::uint32_t before = run->frames();
            DUBPLATE_CHECK(run->encode(piece->const_view(frames), made.bytes));
            if (is_last) DUBPLATE_CHECK(run->flush(made.bytes));
            made.frames = run->frames() - before;
            made.delay = run->delay();
            made.padding = run->padding();
            made.lowpass_hz = run->lowpass_hz();
            return made;
        };
    }

    // The next segment begins with the end of the one before.
    void repeat_overlap(const Piece& before) {
        staged_ = mp3_overlap_frames * mp3_frame_samples(settings_.stream.sample_rate_hz);
        for (int c = 0; c < settings_.stream.channels; ++c)
            std::ranges::copy(
                before.const_view(piece_frames_).channel(c).last(static_cast<std::size_t>(staged_)),
                piece_->channel(c).begin());
    }

    Status take(const Mp3Segment& made) {
        if (!is_split_) return append(made);
        Written& segment = segments_[under_way_.front()];
        under_way_.pop_front();
        if (is_again_) return replace(made, segment);
        segment.offset = file_.size();
        segment.size = made.bytes.size();
        return append(made);
    }

    // Without a reservoir, the size of frames does not depend on what is in them.
    Status replace(const Mp3Segment& made, const Written& segment) {
        if (made.bytes.size() == segment.size) return file_.write_at(segment.offset, made.bytes);
        return fail(ErrorCode::internal,
                    fmt::format("a segment of {} bytes takes {} when it is encoded again", segment.size,
                                made.bytes.size()));
    }

    // The checksum over all frames, after some of them were replaced.
    Status check_music() {
        DUBPLATE_TRY(const auto written, file_.read_back());
        facts_.music_crc = 0;
        Bytes bytes;
        for (const Written& segment : segments_) {
            bytes.resize(segment.size);
            DUBPLATE_TRY(const std::size_t got, written->read_at(segment.offset, bytes));
            if (got != segment.size)
                return fail(ErrorCode::io, "the file became shorter while it was written");
            facts_.music_crc = crc16_arc(bytes, facts_.music_crc);
        }
        return {};
    }

    Status append(const Mp3Segment& made) {
        facts_.frames += made.frames;
        facts_.music_bytes += static_cast<std::uint32_t>(made.bytes.size());
        if (!tag_.empty()) facts_.music_crc = crc16_arc(made.bytes, facts_.music_crc);
        facts_.delay = made.delay;
        facts_.padding = made.padding;
        facts_.lowpass_hz = made.lowpass_hz;
        return file_.append(made.bytes);
    }

    // The four bytes in front of a frame of this stream, as LAME writes them for a constant bitrate.
    Bytes frame_header() const {
        const int rate = settings_.stream.sample_rate_hz;
        const auto rates = mp3_sample_rates();
        // 44100, 48000, 32000 and their halves and quarters: the header's order of the rates, which are sorted here.
        constexpr std::array<unsigned, 3> rate_codes{2, 0, 1};
        const auto place = static_cast<std::size_t>(std::ranges::find(rates, rate) - rates.begin());
        const auto bitrates = mp3_bitrates_of(rate);
        const auto bitrate = static_cast<unsigned>(std::ranges::find(bitrates, settings_.mp3.bitrate_kbps) -
                                                   bitrates.begin() + 1);
        constexpr std::array<unsigned, 3> versions{0xE3, 0xF3,
                                                   0xFB};  // MPEG-2.5, 2 and 1; layer III; no checksum
        const unsigned mode = settings_.stream.channels == 1 ? 0xC0 : 0x40;
        Bytes header;
        for (const unsigned byte :
             {0xFFU, versions[place / 3], bitrate << 4 | rate_codes[place % 3] << 2, mode | 4})
            header.push_back(static_cast<std::byte>(byte));
        return header;
    }

    // 0: LAME's own tag fits into a frame of this bitrate.
    std::size_t bytes_of_own_tag() const {
        if (settings_.mp3.vbr_quality) return 0;
        const auto header = parse_mp3_header(frame_header());
        if (!header || static_cast<std::size_t>(header->frame_bytes) >= lame_tag_frame_bytes(*header))
            return 0;
        return render_lame_tag(frame_header(), {}).size();
    }

    // LAME's psychoacoustics spread one NaN over the rest of the file.
    Status check_samples(BlockView<const float> block) const {
        if (written_ + block.frames() > settings_.frames)
            return fail(ErrorCode::internal,
                        fmt::format("{} frames were given to an MP3 writer that was told of {}",
                                    written_ + block.frames(), settings_.frames));
        for (int c = 0; c < block.channels(); ++c) {
            const auto samples = block.channel(c);
            const auto bad =
                std::ranges::find_if_not(samples, [](float value) { return std::isfinite(value); });
            if (bad != samples.end())
                return fail(ErrorCode::internal, fmt::format("an MP3 writer was given {} at frame {}", *bad,
                                                             written_ + (bad - samples.begin())));
        }
        return {};
    }

    PendingFile& file_;
    WriterSettings settings_;
    bool is_split_;
    Bytes tag_;  // empty: LAME leaves room for it in its run
    CbrFacts facts_;
    std::uint64_t id3_offset_ = 0;
    std::size_t id3_bytes_ = 0;
    std::int64_t written_ = 0;

    std::int64_t piece_frames_;
    std::shared_ptr<Piece> piece_;  // being filled
    std::int64_t staged_ = 0;
    bool is_first_ = true;
    bool is_again_ = false;
    std::vector<Written> segments_;
    std::size_t next_ = 0;               // of them
    std::deque<std::size_t> under_way_;  // of them, in their order
    std::unique_ptr<LameEncoder> run_;   // where it is not split
    OrderedWork<Mp3Segment> work_;       // last: its threads end before what they may use
};

}  // namespace

Result<std::unique_ptr<AudioWriter>> create_mp3(PendingFile& file, const WriterSettings& settings,
                                                const TagSet& tags) {
    DUBPLATE_CHECK(check_writer_settings(mp3_format, settings));
    DUBPLATE_CHECK(check_bitrate(settings));
    // LAME writes its tag and nothing else then, which decoders take for a damaged file.
    if (settings.frames == 0) return fail(ErrorCode::unsupported, "MP3 cannot hold a recording of 0 frames");
    auto writer = std::make_unique<Mp3Writer>(file, settings);
    DUBPLATE_CHECK(writer->start(tags));
    return std::unique_ptr<AudioWriter>(std::move(writer));
}

}  // namespace dubplate
