#include "formats/audio/libav_reader.h"

#include "formats/audio/libav_pass.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/samplefmt.h>
}
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "core/units.h"

namespace dubplate {

namespace {

constexpr int max_damaged_packets = 1 << 16;  // in a row: behind them nothing is worth looking for

struct CodecName {
    AVCodecID id;
    std::string_view name;
    bool lossy;
};

constexpr std::array<CodecName, 8> codec_names{{
    {AV_CODEC_ID_PCM_ALAW, "A-law", true},
    {AV_CODEC_ID_PCM_MULAW, "u-law", true},
    {AV_CODEC_ID_FLAC, "FLAC", false},
    {AV_CODEC_ID_MP3, "MP3", true},
    {AV_CODEC_ID_AAC, "AAC", true},
    {AV_CODEC_ID_ALAC, "ALAC", false},
    {AV_CODEC_ID_VORBIS, "Vorbis", true},
    {AV_CODEC_ID_OPUS, "Opus", true},
}};

template <class T>
void convert(const std::uint8_t* data, std::int64_t first, std::int64_t step, std::span<float> target,
             float scale, float zero = 0) {
    const T* samples = reinterpret_cast<const T*>(data) + first;
    for (float& value : target) {
        value = (static_cast<float>(*samples) - zero) * scale;
        samples += step;
    }
}

// libav left-justifies: 24-bit samples stand in the upper bits of 32.
bool convert_channel(const AVFrame& frame, std::int64_t begin, int channel, std::span<float> target) {
    const auto format = static_cast<AVSampleFormat>(frame.format);
    const bool is_planar = libav().av_sample_fmt_is_planar(format) != 0;
    const int channels = frame.ch_layout.nb_channels;
    const std::uint8_t* data = frame.extended_data[is_planar ? channel : 0];
    const std::int64_t step = is_planar ? 1 : channels;
    const std::int64_t first = is_planar ? begin : begin * channels + channel;
    switch (libav().av_get_packed_sample_fmt(format)) {
        case AV_SAMPLE_FMT_U8:
            convert<std::uint8_t>(data, first, step, target, 0x1p-7F, 128.0F);
            return true;
        case AV_SAMPLE_FMT_S16:
            convert<std::int16_t>(data, first, step, target, 0x1p-15F);
            return true;
        case AV_SAMPLE_FMT_S32:
            convert<std::int32_t>(data, first, step, target, 0x1p-31F);
            return true;
        case AV_SAMPLE_FMT_FLT:
            convert<float>(data, first, step, target, 1.0F);
            return true;
        case AV_SAMPLE_FMT_DBL:
            convert<double>(data, first, step, target, 1.0F);
            return true;
        default:
            return false;
    }
}

int bits_of(const AVCodecParameters& codec, bool is_float) {
    if (is_float) return libav().av_get_bits_per_sample(codec.codec_id);
    if (codec.bits_per_raw_sample > 0) return codec.bits_per_raw_sample;
    return libav().av_get_bits_per_sample(codec.codec_id);
}

void describe_codec(const LibavPass& pass, SourceInfo& info) {
    const AVCodecParameters& codec = *pass.stream().codecpar;
    info.stream = {codec.sample_rate, codec.ch_layout.nb_channels};
    info.codec = "PCM";
    for (const CodecName& known : codec_names) {
        if (known.id != codec.codec_id) continue;
        info.codec = known.name;
        info.lossy = known.lossy;
    }
    const AVSampleFormat packed = libav().av_get_packed_sample_fmt(static_cast<AVSampleFormat>(codec.format));
    info.is_float = !info.lossy && (packed == AV_SAMPLE_FMT_FLT || packed == AV_SAMPLE_FMT_DBL);
    info.bits = info.lossy ? 0 : bits_of(codec, info.is_float);
    if (info.lossy && info.bitrate_kbps == 0)
        info.bitrate_kbps =
            static_cast<int>(((codec.bit_rate > 0 ? codec.bit_rate : pass.input->bit_rate) + 500) / 1000);
    if (pass.audio_streams > 1)
        info.warnings.push_back(
            fmt::format("it holds {} audio streams; the first is read", pass.audio_streams));
}

// RFC 7845 5.1: "OpusHead", version, channels, then the pre-skip in 16 bits, little-endian, at 48 kHz.
std::int64_t opus_pre_skip(const AVCodecParameters& codec) {
    constexpr int head_bytes = 19;
    if (codec.codec_id != AV_CODEC_ID_OPUS || codec.extradata_size < head_bytes) return 0;
    return codec.extradata[10] | codec.extradata[11] << 8;
}

class LibavReader final : public AudioReader {
  public:
    LibavReader(const ByteSource& source, LibavRequest request)
        : source_(source), request_(std::move(request)), info_(request_.known) {}

    Status open() {
        DUBPLATE_CHECK(start_pass());
        describe_codec(*pass_, info_);
        describe_length();
        return {};
    }

    const SourceInfo& info() const override { return info_; }

    Result<std::int64_t> read(BlockView<float> target) override {
        DUBPLATE_ASSERT(target.channels() == info_.stream.channels);
        if (pending_error_) return *pending_error_;
        std::int64_t done = 0;
        while (done < target.frames()) {
            auto available = frames_at_hand();
            if (!available) {
                // What came before the damage is delivered first, whatever the block size is.
                if (done == 0) return std::move(available).error();
                pending_error_ = std::move(available).error();
                break;
            }
            const std::int64_t count = std::min(*available, target.frames() - done);
            if (count == 0) break;
            for (int c = 0; c < target.channels(); ++c)
                if (!convert_channel(*pass_->frame, pass_->cursor, c,
                                     target.channel(c).subspan(static_cast<std::size_t>(done),
                                                               static_cast<std::size_t>(count))))
                    return fail(ErrorCode::internal,
                                "libav delivered a sample format that its decoders do not have");
            pass_->cursor += count;
            pass_->position += count;
            done += count;
        }
        return done;
    }

    Status rewind() override {
        if (pass_ && pass_->position == 0 && pass_->usable == 0 && !pending_error_) return {};
        return start_pass();
    }

  private:
    // Opening anew is the one way to start that gives the same samples with every demuxer.
    Status start_pass() {
        pending_error_.reset();
        pass_.reset();  // before the next one is made: two would hold twice the memory
        auto pass = start_libav_pass(source_, request_);
        if (!pass) {
            pending_error_ = pass.error();  // what read() says from now on
            return std::move(pass).error();
        }
        pass_ = *std::move(pass);
        if (request_.trim) pass_->skip = to_frames(request_.trim->skip);
        return {};
    }

    std::int64_t to_frames(std::int64_t ticks) const {
        return libav().av_rescale(ticks, pass_->stream().codecpar->sample_rate, request_.trim->timescale);
    }

    void describe_length() {
        if (request_.trim && request_.trim->length) {
            length_ = to_frames(*request_.trim->length);
            info_.frames = *length_;
        }
        if (info_.frames > 0 || info_.frames_exact) return;  // the caller has said whether it is exact
        const AVStream& stream = pass_->stream();
        if (stream.duration == AV_NOPTS_VALUE || stream.duration <= 0) return;
        info_.frames = libav().av_rescale_q(stream.duration, stream.time_base,
                                            AVRational{1, info_.stream.sample_rate_hz});
        // Ogg counts what an Opus decoder drops at the start, too.
        if (request_.demuxer == LibavDemuxer::ogg)
            info_.frames = std::max<std::int64_t>(info_.frames - opus_pre_skip(*stream.codecpar), 0);
        info_.frames_exact = request_.trusts_duration;
        if (info_.frames_exact && stream.codecpar->codec_id == AV_CODEC_ID_VORBIS)
            last_page_end_ = info_.frames;
    }

    // How many frames can be taken from the decoded one, after getting the next where it is used up; 0 at the end.
    Result<std::int64_t> frames_at_hand() {
        LibavPass& pass = *pass_;
        const std::int64_t left =
            length_ ? *length_ - pass.position : std::numeric_limits<std::int64_t>::max();
        while (left > 0) {
            const std::int64_t skipped = std::min(pass.skip, pass.usable - pass.cursor);
            pass.cursor += skipped;
            pass.skip -= skipped;
            if (pass.cursor < pass.usable) return std::min(left, pass.usable - pass.cursor);
            pass.cursor = 0;
            DUBPLATE_TRY(const bool more, take_next());
            if (!more) break;
        }
        end_pass();
        return 0;
    }

    // The next frame to deliver, in pass.frame. False: there are no more.
    //
    // The last Vorbis packet of an Ogg stream decodes to more than the recording; the last page says where that ends.
    // Only the last frame is cut by it: streams may be chained, and then the page speaks of the last of them alone.
    Result<bool> take_next() {
        LibavPass& pass = *pass_;
        if (!last_page_end_) {
            DUBPLATE_TRY(const bool more, decode(*pass.frame));
            pass.usable = more ? pass.frame->nb_samples : 0;
            return more;
        }
        if (!pass.ahead_state) pass.ahead_state = decode(*pass.ahead);
        DUBPLATE_TRY(const bool more, *pass.ahead_state);
        pass.usable = more ? pass.ahead->nb_samples : 0;
        if (!more) return false;
        std::swap(pass.frame, pass.ahead);
        pass.ahead_state = decode(*pass.ahead);
        const std::int64_t excess = pass.decoded - *last_page_end_;
        const bool is_last = *pass.ahead_state && !**pass.ahead_state;
        if (is_last && excess > 0 && excess < pass.usable) pass.usable -= excess;
        return true;
    }

    Result<bool> decode(AVFrame& frame) {
        LibavPass& pass = *pass_;
        while (true) {
            const int code = libav().avcodec_receive_frame(pass.decoder.get(), &frame);
            if (code == 0) {
                DUBPLATE_CHECK(check_frame(frame));
                pass.decoded += frame.nb_samples;
                if (frame.nb_samples > 0) return true;
                continue;
            }
            if (code == AVERROR_EOF || (code != AVERROR(EAGAIN) && pass.draining)) return false;
            if (code != AVERROR(EAGAIN)) note_damage(code);
            DUBPLATE_CHECK(feed_decoder());
        }
    }

    Status feed_decoder() {
        LibavPass& pass = *pass_;
        int code = libav().av_read_frame(pass.input.get(), pass.packet.get());
        if (pass.feed.error) return *pass.feed.error;
        if (code < 0 || pass.damaged_packets > max_damaged_packets) {
            if (code < 0 && code != AVERROR_EOF) note_damage(code);
            libav().av_packet_unref(pass.packet.get());
            pass.draining = true;
            libav().avcodec_send_packet(pass.decoder.get(), nullptr);
            return {};
        }
        if (pass.packet->stream_index == pass.stream_index) {
            code = libav().avcodec_send_packet(pass.decoder.get(), pass.packet.get());
            if (code < 0) note_damage(code);
        }
        libav().av_packet_unref(pass.packet.get());
        return {};
    }

    void note_damage(int code) {
        if (pass_->damaged_packets++ == 0) pass_->damage_code = code;
    }

    Status check_frame(const AVFrame& frame) {
        LibavPass& pass = *pass_;
        const double seconds = frames_to_seconds(pass.decoded, info_.stream.sample_rate_hz);
        const StreamFormat now{frame.sample_rate, frame.ch_layout.nb_channels};
        if (now != info_.stream)
            return fail(
                ErrorCode::corrupt,
                fmt::format("the stream changes from {} Hz, {} channels to {} Hz, {} channels at {:.3f} s",
                            info_.stream.sample_rate_hz, info_.stream.channels, now.sample_rate_hz,
                            now.channels, seconds));
        if (pass.damaged_packets == 0) return {};
        // A recording that was cut out of a broadcast begins in the middle of a packet; nothing is lost but that one.
        if (pass.decoded > 0 || !info_.lossy)
            return fail(ErrorCode::corrupt, fmt::format("the audio is damaged at {:.3f} s: {}", seconds,
                                                        libav_words(pass.damage_code)));
        warn(fmt::format("{} damaged packets before the first sound were skipped", pass.damaged_packets));
        pass.damaged_packets = 0;
        return {};
    }

    void end_pass() {
        const LibavPass& pass = *pass_;
        const int rate = info_.stream.sample_rate_hz;
        if (pass.damaged_packets > 0 && pass.draining)
            warn(fmt::format("what follows {:.3f} s cannot be decoded and was left out: {}",
                             frames_to_seconds(pass.position, rate), libav_words(pass.damage_code)));
        if (info_.frames_exact && info_.frames != pass.position)
            warn(fmt::format("the header says {} frames ({:.3f} s), the file holds {} ({:.3f} s)",
                             info_.frames, frames_to_seconds(info_.frames, rate), pass.position,
                             frames_to_seconds(pass.position, rate)));
        info_.frames = pass.position;
        info_.frames_exact = true;
    }

    // Every pass says the same; the user reads it once.
    void warn(std::string text) {
        if (std::ranges::find(info_.warnings, text) == info_.warnings.end())
            info_.warnings.push_back(std::move(text));
    }

    const ByteSource& source_;
    LibavRequest request_;
    std::optional<std::int64_t> last_page_end_;  // of Vorbis: in frames
    SourceInfo info_;
    std::optional<std::int64_t> length_;
    std::unique_ptr<LibavPass> pass_;
    std::optional<Error> pending_error_;
};

}  // namespace

Result<std::unique_ptr<AudioReader>> open_libav(const ByteSource& source, LibavRequest request) {
    auto reader = std::make_unique<LibavReader>(source, std::move(request));
    DUBPLATE_CHECK(reader->open());
    return std::unique_ptr<AudioReader>(std::move(reader));
}

std::string libav_version() {
    if (!load_libav()) return "none";
    const unsigned version = libav().avcodec_version();
    return fmt::format("libavcodec {}.{}.{}", AV_VERSION_MAJOR(version), AV_VERSION_MINOR(version),
                       AV_VERSION_MICRO(version));
}

}  // namespace dubplate
