#include "formats/video/aac_encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "formats/audio/libav_pass.h"

namespace dubplate {

namespace {

Error encoder_error(int code) {
    return fail(ErrorCode::internal, "encoding AAC: " + libav_words(code));
}

}  // namespace

struct AacEncoder::Impl {
    int bitrate_kbps = 0;
    std::unique_ptr<AVCodecContext, FreeLibavDecoder> encoder;
    std::unique_ptr<AVFrame, FreeLibavFrame> frame;
    std::unique_ptr<AVPacket, FreeLibavPacket> packet;
    Bytes header;
    std::vector<AudioPacket> packets;
    std::int64_t position = 0;  // frames sent
    int filled = 0;             // of the frame in hand

    Status drain() {
        while (true) {
            const int code = libav().avcodec_receive_packet(encoder.get(), packet.get());
            if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
            if (code < 0) return encoder_error(code);
            const auto* data = reinterpret_cast<const std::byte*>(packet->data);
            packets.push_back({Bytes(data, data + packet->size), packet->pts, packet->duration});
            libav().av_packet_unref(packet.get());
        }
    }

    Status send() {
        frame->nb_samples = filled;
        frame->pts = position;
        if (const int code = libav().avcodec_send_frame(encoder.get(), frame.get()); code < 0)
            return encoder_error(code);
        position += filled;
        filled = 0;
        DUBPLATE_CHECK(drain());
        frame->nb_samples = encoder->frame_size;
        if (libav().av_frame_make_writable(frame.get()) < 0)
            return fail(ErrorCode::unavailable, "no memory for audio");
        return {};
    }
};

AacEncoder::AacEncoder(int bitrate_kbps) : impl_(std::make_unique<Impl>()) {
    impl_->bitrate_kbps = bitrate_kbps;
}
AacEncoder::~AacEncoder() = default;

Status AacEncoder::start(const StreamFormat& format) {
    const bool is_known_rate = format.sample_rate_hz == 44'100 || format.sample_rate_hz == 48'000;
    if (!is_known_rate || format.channels < 1 || format.channels > 2)
        return fail(ErrorCode::unsupported, fmt::format("AAC of {} Hz and {} channels is not made here",
                                                        format.sample_rate_hz, format.channels));
    DUBPLATE_CHECK(load_libav());
    const AVCodec* const codec = libav().avcodec_find_encoder_by_name("aac");
    if (codec == nullptr) return fail(ErrorCode::unavailable, "libavcodec has no AAC encoder");
    impl_->encoder.reset(libav().avcodec_alloc_context3(codec));
    AVCodecContext& encoder = *impl_->encoder;
    encoder.sample_fmt = AV_SAMPLE_FMT_FLTP;
    encoder.sample_rate = format.sample_rate_hz;
    libav().av_channel_layout_default(&encoder.ch_layout, format.channels);
    encoder.bit_rate = std::int64_t{1000} * impl_->bitrate_kbps;
    encoder.time_base = {1, format.sample_rate_hz};
    // No other noise in the place of the one that was given.
    libav().av_opt_set(encoder.priv_data, "aac_pns", "0", 0);
    encoder.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
    if (const int code = libav().avcodec_open2(&encoder, codec, nullptr); code < 0)
        return encoder_error(code);
    const auto* header = reinterpret_cast<const std::byte*>(encoder.extradata);
    impl_->header.assign(header, header + encoder.extradata_size);
    impl_->packet.reset(libav().av_packet_alloc());
    impl_->frame.reset(libav().av_frame_alloc());
    AVFrame& frame = *impl_->frame;
    frame.format = encoder.sample_fmt;
    frame.nb_samples = encoder.frame_size;
    frame.sample_rate = encoder.sample_rate;
    libav().av_channel_layout_default(&frame.ch_layout, format.channels);
    if (libav().av_frame_get_buffer(&frame, 0) < 0)
        return fail(ErrorCode::unavailable, "no memory for audio");
    return {};
}

Status AacEncoder::process(BlockView<const float> block) {
    Impl& impl = *impl_;
    for (std::int64_t done = 0; done < block.frames();) {
        const auto count =
            std::min(block.frames() - done, std::int64_t{impl.encoder->frame_size - impl.filled});
        for (int c = 0; c < block.channels(); ++c) {
            auto* to = reinterpret_cast<float*>(impl.frame->extended_data[c]) + impl.filled;
            std::copy_n(block.channel(c).data() + done, count, to);
        }
        impl.filled += static_cast<int>(count);
        done += count;
        if (impl.filled == impl.encoder->frame_size) DUBPLATE_CHECK(impl.send());
    }
    return {};
}

Status AacEncoder::finish() {
    if (impl_->filled > 0) DUBPLATE_CHECK(impl_->send());
    libav().avcodec_send_frame(impl_->encoder.get(), nullptr);
    return impl_->drain();
}

const Bytes& AacEncoder::header() const {
    return impl_->header;
}

std::vector<AudioPacket> AacEncoder::take() {
    return std::exchange(impl_->packets, {});
}

}  // namespace dubplate
