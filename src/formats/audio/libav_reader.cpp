#include "formats/audio/libav_reader.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/mem.h>
#include <libavutil/samplefmt.h>
}
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <utility>

#include "core/units.h"

namespace dubplate {

namespace {

constexpr int io_buffer_bytes = 1 << 16;
constexpr std::int64_t probe_bytes = 1 << 20;     // enough for a few frames behind any header
constexpr int max_streams = 32;                   // one of audio, the rest covers and chapter tracks
constexpr int max_codec_header_bytes = 32 << 20;  // a Vorbis header may hold a cover of 16 MiB in base64
constexpr int max_damaged_packets = 1 << 16;      // in a row: behind them nothing is worth looking for

constexpr const char* decoder_whitelist =
    "pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,"
    "pcm_f64be,pcm_alaw,pcm_mulaw,flac,mp3,mp3float,aac,alac,vorbis,opus";

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

const char* name_of(LibavDemuxer demuxer) {
    constexpr std::array<const char*, 8> names{"wav", "w64", "aiff", "flac", "mp3", "mov", "ogg", "aac"};
    return names[static_cast<std::size_t>(demuxer)];
}

std::string libav_words(int code) {
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(code, text.data(), text.size());
    return text.data();
}

// Bytes for libav. An error of the source is kept, because libav knows numbers alone.
struct ByteFeed {
    const ByteSource* source = nullptr;
    std::uint64_t position = 0;
    std::optional<Error> error;

    static int read(void* opaque, std::uint8_t* target, int size) {
        auto* feed = static_cast<ByteFeed*>(opaque);
        auto got = feed->source->read_at(
            feed->position,
            std::as_writable_bytes(std::span(target, static_cast<std::size_t>(std::max(size, 0)))));
        if (!got) {
            feed->error = std::move(got).error();
            return AVERROR(EIO);
        }
        feed->position += *got;
        return *got == 0 ? AVERROR_EOF : static_cast<int>(*got);
    }

    static std::int64_t seek(void* opaque, std::int64_t offset, int whence) {
        auto* feed = static_cast<ByteFeed*>(opaque);
        const auto size = static_cast<std::int64_t>(feed->source->size());
        if ((whence & AVSEEK_SIZE) != 0) return size;
        whence &= ~AVSEEK_FORCE;
        if (whence == SEEK_CUR) offset += static_cast<std::int64_t>(feed->position);
        if (whence == SEEK_END) offset += size;
        if (offset < 0) return AVERROR(EINVAL);
        feed->position = static_cast<std::uint64_t>(offset);
        return offset;
    }
};

int refuse_to_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
    return AVERROR(EPERM);
}

struct FreeIo {
    void operator()(AVIOContext* io) const {
        av_freep(&io->buffer);
        avio_context_free(&io);
    }
};
struct CloseInput {
    void operator()(AVFormatContext* input) const { avformat_close_input(&input); }
};
struct FreeDecoder {
    void operator()(AVCodecContext* decoder) const { avcodec_free_context(&decoder); }
};
struct FreePacket {
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
struct FreeFrame {
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};

// What libav holds of one pass; torn down in reverse order.
struct Pass {
    ByteFeed feed;
    std::unique_ptr<AVIOContext, FreeIo> io;
    std::unique_ptr<AVFormatContext, CloseInput> input;
    std::unique_ptr<AVCodecContext, FreeDecoder> decoder;
    std::unique_ptr<AVPacket, FreePacket> packet{av_packet_alloc()};
    std::unique_ptr<AVFrame, FreeFrame> frame{av_frame_alloc()};
    int stream_index = -1;
    int audio_streams = 0;

    bool draining = false;
    int damaged_packets = 0;  // since the last good one
    int damage_code = 0;
    std::int64_t cursor = 0;    // of the frame
    std::int64_t skip = 0;      // still to drop
    std::int64_t position = 0;  // frames delivered

    const AVStream& stream() const { return *input->streams[stream_index]; }
};

Status open_input(Pass& pass, LibavDemuxer demuxer) {
    auto* buffer = static_cast<unsigned char*>(av_malloc(io_buffer_bytes));
    pass.io.reset(avio_alloc_context(buffer, io_buffer_bytes, 0, &pass.feed, &ByteFeed::read, nullptr,
                                     &ByteFeed::seek));
    AVFormatContext* input = avformat_alloc_context();
    if (buffer == nullptr || !pass.io || input == nullptr)
        return fail(ErrorCode::limit_exceeded, "out of memory");
    input->pb = pass.io.get();
    input->flags |= AVFMT_FLAG_CUSTOM_IO;
    input->io_open = &refuse_to_open;
    input->probesize = probe_bytes;
    input->max_streams = max_streams;
    input->error_recognition = AV_EF_CRCCHECK;
    input->format_whitelist = av_strdup("wav,w64,aiff,flac,mp3,mov,mp4,m4a,ogg,aac");
    input->codec_whitelist = av_strdup(decoder_whitelist);
    // On failure libav frees the context itself.
    int code = avformat_open_input(&input, "", av_find_input_format(name_of(demuxer)), nullptr);
    if (code >= 0) {
        pass.input.reset(input);
        code = avformat_find_stream_info(input, nullptr);
    }
    if (pass.feed.error) return *pass.feed.error;
    if (code < 0)
        return fail(ErrorCode::corrupt, fmt::format("it begins like {} but cannot be read as such: {}",
                                                    name_of(demuxer), libav_words(code)));
    return {};
}

Status pick_stream(Pass& pass) {
    for (unsigned i = 0; i < pass.input->nb_streams; ++i) {
        AVStream& stream = *pass.input->streams[i];
        const bool is_audio = stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
        if (is_audio && pass.audio_streams++ == 0)
            pass.stream_index = static_cast<int>(i);
        else
            stream.discard = AVDISCARD_ALL;
    }
    if (pass.stream_index < 0) return fail(ErrorCode::unsupported, "it holds no audio");
    return {};
}

Status check_stream(const AVCodecParameters& codec) {
    if (codec.sample_rate <= 0)
        return fail(ErrorCode::corrupt, fmt::format("the sample rate is {} Hz", codec.sample_rate));
    if (codec.ch_layout.nb_channels <= 0) return fail(ErrorCode::corrupt, "it has 0 channels");
    if (codec.ch_layout.nb_channels > max_channels)
        return fail(ErrorCode::unsupported, fmt::format("it has {} channels, {} are allowed",
                                                        codec.ch_layout.nb_channels, max_channels));
    if (codec.extradata_size > max_codec_header_bytes)
        return fail(ErrorCode::limit_exceeded, fmt::format("its codec header has {} bytes, {} are allowed",
                                                           codec.extradata_size, max_codec_header_bytes));
    return {};
}

Status open_decoder(Pass& pass) {
    const AVCodecParameters& codec = *pass.stream().codecpar;
    const AVCodec* decoder = avcodec_find_decoder(codec.codec_id);
    const std::string name = decoder == nullptr ? avcodec_get_name(codec.codec_id) : decoder->name;
    const std::string list = fmt::format(",{},", decoder_whitelist);
    if (decoder == nullptr || list.find("," + name + ",") == std::string::npos)
        return fail(ErrorCode::unsupported, fmt::format("its audio is {}, which is not read here", name),
                    "convert it to WAV or FLAC first");
    DUBPLATE_CHECK(check_stream(codec));
    pass.decoder.reset(avcodec_alloc_context3(decoder));
    if (!pass.decoder || !pass.packet || !pass.frame) return fail(ErrorCode::limit_exceeded, "out of memory");
    avcodec_parameters_to_context(pass.decoder.get(), &codec);
    pass.decoder->thread_count = 1;
    pass.decoder->pkt_timebase = pass.stream().time_base;
    // FLAC frames carry a checksum; without these flags a mismatch is only logged.
    if (codec.codec_id == AV_CODEC_ID_FLAC) pass.decoder->err_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE;
    const int code = avcodec_open2(pass.decoder.get(), decoder, nullptr);
    if (code < 0)
        return fail(ErrorCode::corrupt, fmt::format("its {} header is damaged: {}", name, libav_words(code)));
    return {};
}

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
    const bool is_planar = av_sample_fmt_is_planar(format) != 0;
    const int channels = frame.ch_layout.nb_channels;
    const std::uint8_t* data = frame.extended_data[is_planar ? channel : 0];
    const std::int64_t step = is_planar ? 1 : channels;
    const std::int64_t first = is_planar ? begin : begin * channels + channel;
    switch (av_get_packed_sample_fmt(format)) {
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
    if (is_float) return av_get_bits_per_sample(codec.codec_id);
    if (codec.bits_per_raw_sample > 0) return codec.bits_per_raw_sample;
    return av_get_bits_per_sample(codec.codec_id);
}

void describe_codec(const Pass& pass, SourceInfo& info) {
    const AVCodecParameters& codec = *pass.stream().codecpar;
    info.stream = {codec.sample_rate, codec.ch_layout.nb_channels};
    info.codec = "PCM";
    for (const CodecName& known : codec_names) {
        if (known.id != codec.codec_id) continue;
        info.codec = known.name;
        info.lossy = known.lossy;
    }
    const AVSampleFormat packed = av_get_packed_sample_fmt(static_cast<AVSampleFormat>(codec.format));
    info.is_float = !info.lossy && (packed == AV_SAMPLE_FMT_FLT || packed == AV_SAMPLE_FMT_DBL);
    info.bits = info.lossy ? 0 : bits_of(codec, info.is_float);
    if (info.lossy && info.bitrate_kbps == 0)
        info.bitrate_kbps =
            static_cast<int>(((codec.bit_rate > 0 ? codec.bit_rate : pass.input->bit_rate) + 500) / 1000);
    if (pass.audio_streams > 1)
        info.warnings.push_back(
            fmt::format("it holds {} audio streams; the first is read", pass.audio_streams));
}

class LibavReader final : public AudioReader {
  public:
    LibavReader(const ByteSource& source, LibavRequest request)
        : source_(source),
          demuxer_(request.demuxer),
          trim_(request.trim),
          trusts_duration_(request.trusts_duration),
          info_(std::move(request.known)) {}

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
        if (pass_ && pass_->position == 0 && !pass_->frame->nb_samples && !pending_error_) return {};
        return start_pass();
    }

  private:
    // Opening anew is the one way to start that gives the same samples with every demuxer.
    Status start_pass() {
        pass_ = std::make_unique<Pass>();
        pending_error_.reset();
        pass_->feed.source = &source_;
        DUBPLATE_CHECK(open_input(*pass_, demuxer_));
        DUBPLATE_CHECK(pick_stream(*pass_));
        DUBPLATE_CHECK(open_decoder(*pass_));
        if (trim_) pass_->skip = to_frames(trim_->skip);
        return {};
    }

    std::int64_t to_frames(std::int64_t ticks) const {
        return av_rescale(ticks, pass_->stream().codecpar->sample_rate, trim_->timescale);
    }

    void describe_length() {
        if (trim_) {
            length_ = to_frames(trim_->length);
            info_.frames = *length_;
            return;  // the caller has said whether it is exact
        }
        if (info_.frames_exact) return;
        const AVStream& stream = pass_->stream();
        if (stream.duration == AV_NOPTS_VALUE || stream.duration <= 0) return;
        info_.frames =
            av_rescale_q(stream.duration, stream.time_base, AVRational{1, info_.stream.sample_rate_hz});
        info_.frames_exact = trusts_duration_;
    }

    // How many frames can be taken from the decoded one, after getting the next where it is used up; 0 at the end.
    Result<std::int64_t> frames_at_hand() {
        Pass& pass = *pass_;
        const std::int64_t left =
            length_ ? *length_ - pass.position : std::numeric_limits<std::int64_t>::max();
        while (left > 0) {
            const std::int64_t skipped = std::min(pass.skip, pass.frame->nb_samples - pass.cursor);
            pass.cursor += skipped;
            pass.skip -= skipped;
            if (pass.cursor < pass.frame->nb_samples)
                return std::min(left, pass.frame->nb_samples - pass.cursor);
            pass.cursor = 0;
            DUBPLATE_TRY(const bool more, decode_next());
            if (!more) break;
        }
        end_pass();
        return 0;
    }

    // Decodes one frame. False: there are no more.
    Result<bool> decode_next() {
        Pass& pass = *pass_;
        while (true) {
            const int code = avcodec_receive_frame(pass.decoder.get(), pass.frame.get());
            if (code == 0) {
                DUBPLATE_CHECK(check_frame());
                if (pass.frame->nb_samples > 0) return true;
                continue;
            }
            if (code == AVERROR_EOF || (code != AVERROR(EAGAIN) && pass.draining)) {
                av_frame_unref(pass.frame.get());
                return false;
            }
            if (code != AVERROR(EAGAIN)) note_damage(code);
            DUBPLATE_CHECK(feed_decoder());
        }
    }

    Status feed_decoder() {
        Pass& pass = *pass_;
        int code = av_read_frame(pass.input.get(), pass.packet.get());
        if (pass.feed.error) return *pass.feed.error;
        if (code < 0 || pass.damaged_packets > max_damaged_packets) {
            if (code < 0 && code != AVERROR_EOF) note_damage(code);
            av_packet_unref(pass.packet.get());
            pass.draining = true;
            avcodec_send_packet(pass.decoder.get(), nullptr);
            return {};
        }
        if (pass.packet->stream_index == pass.stream_index) {
            code = avcodec_send_packet(pass.decoder.get(), pass.packet.get());
            if (code < 0) note_damage(code);
        }
        av_packet_unref(pass.packet.get());
        return {};
    }

    void note_damage(int code) {
        if (pass_->damaged_packets++ == 0) pass_->damage_code = code;
    }

    Status check_frame() {
        Pass& pass = *pass_;
        const AVFrame& frame = *pass.frame;
        const double seconds = frames_to_seconds(pass.position, info_.stream.sample_rate_hz);
        const StreamFormat now{frame.sample_rate, frame.ch_layout.nb_channels};
        if (now != info_.stream)
            return fail(
                ErrorCode::corrupt,
                fmt::format("the stream changes from {} Hz, {} channels to {} Hz, {} channels at {:.3f} s",
                            info_.stream.sample_rate_hz, info_.stream.channels, now.sample_rate_hz,
                            now.channels, seconds));
        if (pass.damaged_packets == 0) return {};
        // A recording that was cut out of a broadcast begins in the middle of a packet; nothing is lost but that one.
        if (pass.position > 0 || !info_.lossy)
            return fail(ErrorCode::corrupt, fmt::format("the audio is damaged at {:.3f} s: {}", seconds,
                                                        libav_words(pass.damage_code)));
        warn(fmt::format("{} damaged packets before the first sound were skipped", pass.damaged_packets));
        pass.damaged_packets = 0;
        return {};
    }

    void end_pass() {
        const Pass& pass = *pass_;
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
    LibavDemuxer demuxer_;
    std::optional<LibavTrim> trim_;
    bool trusts_duration_;
    SourceInfo info_;
    std::optional<std::int64_t> length_;
    std::unique_ptr<Pass> pass_;
    std::optional<Error> pending_error_;
};

}  // namespace

Result<std::unique_ptr<AudioReader>> open_libav(const ByteSource& source, LibavRequest request) {
    static std::once_flag once;
    std::call_once(once, [] { av_log_set_level(AV_LOG_QUIET); });
    auto reader = std::make_unique<LibavReader>(source, std::move(request));
    DUBPLATE_CHECK(reader->open());
    return std::unique_ptr<AudioReader>(std::move(reader));
}

std::string libav_version() {
    const unsigned version = avcodec_version();
    return fmt::format("libavcodec {}.{}.{}", AV_VERSION_MAJOR(version), AV_VERSION_MINOR(version),
                       AV_VERSION_MICRO(version));
}

}  // namespace dubplate
