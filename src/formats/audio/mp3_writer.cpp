#include <fmt/format.h>
#include <lame/lame.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdarg>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <utility>

#include "formats/audio/format.h"
#include "formats/audio/lame_tag.h"
#include "formats/audio/mp3.h"
#include "formats/audio/mp3_header.h"

namespace dubplate {

extern const AudioFormat mp3_format;

namespace {

constexpr std::int64_t step_frames = 8192;
// What LAME's manual asks for: 1.25 bytes a frame, and 7200.
constexpr std::size_t output_bytes = step_frames * 5 / 4 + 7200;

struct CloseLame {
    void operator()(lame_t encoder) const { lame_close(encoder); }
};

void be_silent(const char*, va_list) {}

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

class Mp3Writer final : public AudioWriter {
  public:
    Mp3Writer(PendingFile& file, const WriterSettings& settings)
        : file_(file), settings_(settings), output_(output_bytes) {}

    Status start(const TagSet& tags) {
        DUBPLATE_CHECK(start_encoder());
        DUBPLATE_TRY(const Bytes id3, render_id3v2(tags));
        id3_bytes_ = id3.size();
        id3_offset_ = file_.size();
        DUBPLATE_CHECK(file_.append(id3));
        return file_.append(Bytes(own_tag_bytes_));
    }

    using AudioWriter::write;
    Status write(BlockView<const float> block) override {
        DUBPLATE_ASSERT(block.channels() == settings_.stream.channels);
        DUBPLATE_CHECK(check_samples(block));
        const bool is_mono = block.channels() == 1;
        for (std::int64_t begin = 0; begin < block.frames(); begin += step_frames) {
            const std::int64_t count = std::min(step_frames, block.frames() - begin);
            const float* left = block.channel(0).data() + begin;
            const float* right = is_mono ? left : block.channel(1).data() + begin;
            const int size =
                lame_encode_buffer_ieee_float(encoder_.get(), left, right, static_cast<int>(count), buffer(),
                                              static_cast<int>(output_.size()));
            DUBPLATE_CHECK(append_output(size));
        }
        written_ += block.frames();
        return {};
    }

    Status finish(const TagSet& tags) override {
        DUBPLATE_CHECK(
            append_output(lame_encode_flush(encoder_.get(), buffer(), static_cast<int>(output_.size()))));
        DUBPLATE_TRY(Bytes tag, own_tag_bytes_ > 0 ? own_tag() : lames_tag());
        if (tags.loudness) set_lame_loudness(tag, *tags.loudness);
        DUBPLATE_CHECK(file_.write_at(id3_offset_ + id3_bytes_, tag));
        DUBPLATE_TRY(const Bytes id3, render_id3v2(tags, id3_bytes_));
        return file_.write_at(id3_offset_, id3);
    }

  private:
    unsigned char* buffer() { return reinterpret_cast<unsigned char*>(output_.data()); }

    Status start_encoder() {
        // LAME fills tables that all encoders share; two at once would write them side by side.
        static std::mutex tables;
        const std::lock_guard lock(tables);
        encoder_.reset(lame_init());
        if (!encoder_) return fail(ErrorCode::limit_exceeded, "out of memory");
        lame_t lame = encoder_.get();
        lame_set_errorf(lame, &be_silent);
        lame_set_msgf(lame, &be_silent);
        lame_set_debugf(lame, &be_silent);
        lame_set_num_channels(lame, settings_.stream.channels);
        lame_set_mode(lame, settings_.stream.channels == 1 ? MONO : JOINT_STEREO);
        lame_set_in_samplerate(lame, settings_.stream.sample_rate_hz);
        lame_set_out_samplerate(lame, settings_.stream.sample_rate_hz);  // or LAME resamples at low bitrates
        own_tag_bytes_ = bytes_of_own_tag();
        lame_set_bWriteVbrTag(lame, own_tag_bytes_ == 0 ? 1 : 0);
        lame_set_write_id3tag_automatic(lame, 0);
        if (settings_.mp3.vbr_quality) {
            lame_set_VBR(lame, vbr_default);
            lame_set_VBR_q(lame, *settings_.mp3.vbr_quality);
        } else {
            lame_set_VBR(lame, vbr_off);
            lame_set_brate(lame, settings_.mp3.bitrate_kbps);
        }
        if (lame_init_params(lame) < 0)
            return fail(
                ErrorCode::internal,
                fmt::format("LAME refuses {} Hz, {} channels, {} kbit/s", settings_.stream.sample_rate_hz,
                            settings_.stream.channels, settings_.mp3.bitrate_kbps));
        return {};
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

    Result<Bytes> own_tag() {
        lame_t lame = encoder_.get();
        return render_lame_tag(frame_header(), {.frames = static_cast<std::uint32_t>(lame_get_frameNum(lame)),
                                                .music_bytes = music_bytes_,
                                                .music_crc = music_crc_,
                                                .delay = lame_get_encoder_delay(lame),
                                                .padding = lame_get_encoder_padding(lame),
                                                .lowpass_hz = lame_get_lowpassfreq(lame)});
    }

    Result<Bytes> lames_tag() {
        const std::size_t size = lame_get_lametag_frame(encoder_.get(), buffer(), output_.size());
        if (size == 0 || size > output_.size() || id3_offset_ + id3_bytes_ + size > file_.size())
            return fail(ErrorCode::internal, fmt::format("LAME gives a tag of {} bytes", size));
        return Bytes(output_.begin(), output_.begin() + static_cast<std::ptrdiff_t>(size));
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

    Status append_output(int size) {
        if (size < 0) return fail(ErrorCode::internal, fmt::format("LAME fails with code {}", size));
        const auto music = std::span(output_).first(static_cast<std::size_t>(size));
        if (own_tag_bytes_ > 0) {
            music_bytes_ += static_cast<std::uint32_t>(size);
            music_crc_ = crc16_arc(music, music_crc_);
        }
        return file_.append(music);
    }

    PendingFile& file_;
    WriterSettings settings_;
    Bytes output_;
    std::unique_ptr<lame_global_flags, CloseLame> encoder_;
    std::uint64_t id3_offset_ = 0;
    std::size_t id3_bytes_ = 0;
    std::int64_t written_ = 0;
    std::size_t own_tag_bytes_ = 0;  // 0: LAME writes the tag
    std::uint32_t music_bytes_ = 0;
    std::uint16_t music_crc_ = 0;
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
