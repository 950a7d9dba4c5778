#include "formats/video/video_encoder.h"

#include <fmt/format.h>

#include <array>
#include <future>

#include "formats/audio/libav_pass.h"
#include "formats/video/codecs.h"

namespace dubplate {

namespace {

Error encoder_error(std::string_view what, int code) {
    return fail(ErrorCode::internal, fmt::format("{}: {}", what, libav_words(code)));
}

using Encoder = std::unique_ptr<AVCodecContext, FreeLibavDecoder>;

Result<Encoder> open_encoder(const VideoSettings& settings) {
    const EncoderChoice choice = encoder_choice(settings);
    const AVCodec* const codec = libav().avcodec_find_encoder_by_name(choice.library);
    if (codec == nullptr)
        return fail(ErrorCode::unavailable, fmt::format("libavcodec has no {}", choice.library),
                    "install Debian's libavcodec59 or libavcodec-extra59");
    Encoder encoder(libav().avcodec_alloc_context3(codec));
    encoder->width = settings.width;
    encoder->height = settings.height;
    encoder->pix_fmt = AV_PIX_FMT_YUV420P;
    encoder->time_base = {settings.rate.denominator, settings.rate.numerator};
    encoder->framerate = {settings.rate.numerator, settings.rate.denominator};
    encoder->gop_size = settings.key_interval;
    encoder->thread_count = 1;
    encoder->bit_rate = 0;  // constant quality, also where an encoder has a bitrate by default
    encoder->color_range = AVCOL_RANGE_MPEG;
    encoder->colorspace = AVCOL_SPC_BT709;
    encoder->color_primaries = AVCOL_PRI_BT709;
    encoder->color_trc = AVCOL_TRC_BT709;
    encoder->chroma_sample_location = AVCHROMA_LOC_CENTER;
    encoder->flags |= static_cast<int>(AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_CLOSED_GOP);
    for (const auto& [name, value] : choice.options)
        libav().av_opt_set(encoder->priv_data, name, value.c_str(), 0);
    if (const int code = libav().avcodec_open2(encoder.get(), codec, nullptr); code < 0)
        return encoder_error(fmt::format("opening {}", choice.library), code);
    return encoder;
}

Status drain(AVCodecContext& encoder, AVPacket& packet, std::vector<VideoPacket>& packets) {
    while (true) {
        const int code = libav().avcodec_receive_packet(&encoder, &packet);
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
        if (code < 0) return encoder_error("encoding", code);
        const auto* data = reinterpret_cast<const std::byte*>(packet.data);
        packets.push_back(
            {Bytes(data, data + packet.size), packet.pts, packet.dts, (packet.flags & AV_PKT_FLAG_KEY) != 0});
        libav().av_packet_unref(&packet);
    }
}

using Frame = std::unique_ptr<AVFrame, FreeLibavFrame>;

Result<Frame> make_frame(const VideoSettings& settings) {
    Frame frame(libav().av_frame_alloc());
    frame->format = AV_PIX_FMT_YUV420P;
    frame->width = settings.width;
    frame->height = settings.height;
    if (const int code = libav().av_frame_get_buffer(frame.get(), 64); code < 0)
        return fail(ErrorCode::unavailable, "no memory for a frame");
    return frame;
}

// Draws the frames of a stretch in turn into two buffers, the next one on a thread of its own where that is wanted.
class FrameSource {
  public:
    FrameSource(const VideoSettings& settings, std::int64_t frames, const DrawFrame& draw, bool draws_ahead)
        : settings_(settings), count_(frames), draw_(draw), draws_ahead_(draws_ahead) {}

    // Valid until the next call.
    Result<AVFrame*> get(std::int64_t index) {
        if (next_.valid()) {
            DUBPLATE_CHECK(next_.get());
        } else {
            DUBPLATE_CHECK(draw(index));
        }
        if (draws_ahead_ && index + 1 < count_)
            next_ = std::async(std::launch::async, [this, index] { return draw(index + 1); });
        AVFrame* const frame = buffer_of(index).get();
        frame->pts = index;
        return frame;
    }

  private:
    Frame& buffer_of(std::int64_t index) {
        return frames_[static_cast<std::size_t>(draws_ahead_ ? index % 2 : 0)];
    }

    Status draw(std::int64_t index) {
        Frame& frame = buffer_of(index);
        if (!frame) {
            DUBPLATE_TRY(frame, make_frame(settings_));
        }
        // The encoder may still hold the buffer of an earlier frame.
        if (libav().av_frame_make_writable(frame.get()) < 0)
            return fail(ErrorCode::unavailable, "no memory for a frame");
        return draw_(index, {{frame->data[0], frame->linesize[0]},
                             {frame->data[1], frame->linesize[1]},
                             {frame->data[2], frame->linesize[2]}});
    }

    const VideoSettings& settings_;
    std::int64_t count_;
    const DrawFrame& draw_;
    bool draws_ahead_;
    std::array<Frame, 2> frames_;
    std::future<Status> next_;  // waits for its thread when it is destroyed, before the frames are
};

}  // namespace

Result<EncodedVideo> encode_video(const VideoSettings& settings, std::int64_t frames, const DrawFrame& draw,
                                  std::stop_token stop, bool draws_ahead) {
    DUBPLATE_CHECK(load_libav());
    DUBPLATE_TRY(const Encoder encoder, open_encoder(settings));
    const std::unique_ptr<AVPacket, FreeLibavPacket> packet(libav().av_packet_alloc());
    EncodedVideo video;
    const auto* header = reinterpret_cast<const std::byte*>(encoder->extradata);
    video.header.assign(header, header + encoder->extradata_size);
    FrameSource source(settings, frames, draw, draws_ahead);
    for (std::int64_t i = 0; i < frames; ++i) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        DUBPLATE_TRY(AVFrame* const frame, source.get(i));
        if (const int code = libav().avcodec_send_frame(encoder.get(), frame); code < 0)
            return encoder_error("encoding", code);
        DUBPLATE_CHECK(drain(*encoder, *packet, video.packets));
    }
    libav().avcodec_send_frame(encoder.get(), nullptr);
    DUBPLATE_CHECK(drain(*encoder, *packet, video.packets));
    return video;
}

std::uint64_t encoder_memory_bytes(const VideoSettings& settings) {
    const std::uint64_t bytes_a_pixel = is_large(settings)                      ? 32
                                        : settings.preset == VideoPreset::small ? 190
                                                                                : 67;
    return bytes_a_pixel * static_cast<std::uint64_t>(settings.width) *
           static_cast<std::uint64_t>(settings.height);
}

std::string encoder_text(const VideoSettings& settings) {
    const std::string quality =
        settings.preset == VideoPreset::lossless ? "lossless" : fmt::format("crf {}", settings.crf);
    const EncoderChoice choice = encoder_choice(settings);
    return fmt::format("{}, {} {}, {}", libav_version(), choice.library, choice.preset, quality);
}

}  // namespace dubplate
