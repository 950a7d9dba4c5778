#include "formats/video/video_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/audio/libav_pass.h"

namespace dubplate {

namespace {

// Walks the boxes of the file's top level: which of moov and mdat comes first?
bool index_comes_first(const ByteSource& source) {
    std::uint64_t at = 0;
    for (int boxes = 0; boxes < 64 && at + 16 <= source.size(); ++boxes) {
        std::array<std::byte, 16> head{};
        if (const auto got = source.read_at(at, head); !got || *got < head.size()) return false;
        const auto number = [&](std::size_t from, std::size_t count) {
            std::uint64_t value = 0;
            for (std::size_t i = 0; i < count; ++i)
                value = value << 8U | std::to_integer<std::uint64_t>(head[from + i]);
            return value;
        };
        const std::string_view type(reinterpret_cast<const char*>(head.data()) + 4, 4);
        if (type == "moov") return true;
        if (type == "mdat") return false;
        const std::uint64_t size = number(0, 4) == 1 ? number(8, 8) : number(0, 4);
        if (size < 8) return false;
        at += size;
    }
    return false;
}

}  // namespace

struct VideoReader::Impl {
    LibavFeed feed;
    LibavIo io;
    std::unique_ptr<AVFormatContext, CloseLibavInput> input;
    std::unique_ptr<AVCodecContext, FreeLibavDecoder> decoder;
    std::unique_ptr<AVPacket, FreeLibavPacket> packet{libav().av_packet_alloc()};
    std::unique_ptr<AVFrame, FreeLibavFrame> frame{libav().av_frame_alloc()};
    int stream_index = -1;
    bool is_draining = false;
    VideoFacts facts;

    Error error_of(std::string_view what, int code) const {
        if (feed.error) return *feed.error;
        return fail(ErrorCode::corrupt, fmt::format("{}: {}", what, libav_words(code)));
    }
    const AVStream& stream() const { return *input->streams[stream_index]; }

    Status open(const ByteSource& source) {
        feed.source = &source;
        DUBPLATE_TRY(AVFormatContext * context, make_libav_input(feed, io));
        // On failure it frees the context itself.
        if (const int code =
                libav().avformat_open_input(&context, nullptr, libav().av_find_input_format("mov"), nullptr);
            code < 0)
            return error_of("opening the MP4 file", code);
        input.reset(context);
        if (const int code = libav().avformat_find_stream_info(input.get(), nullptr); code < 0)
            return error_of("reading the MP4 file", code);
        for (unsigned i = 0; i < input->nb_streams; ++i) {
            const AVMediaType type = input->streams[i]->codecpar->codec_type;
            if (type == AVMEDIA_TYPE_VIDEO && stream_index < 0) stream_index = static_cast<int>(i);
            if (type == AVMEDIA_TYPE_AUDIO) facts.has_sound = true;
        }
        if (stream_index < 0) return fail(ErrorCode::unsupported, "holds no video");
        return {};
    }

    Status open_decoder(int threads) {
        const AVCodecParameters& parameters = *stream().codecpar;
        const AVCodec* const codec = libav().avcodec_find_decoder(parameters.codec_id);
        if (codec == nullptr || parameters.format != AV_PIX_FMT_YUV420P)
            return fail(ErrorCode::unsupported, "its video is not 4:2:0 of a known codec");
        decoder.reset(libav().avcodec_alloc_context3(codec));
        libav().avcodec_parameters_to_context(decoder.get(), &parameters);
        decoder->thread_count = threads;
        decoder->pkt_timebase = stream().time_base;
        if (const int code = libav().avcodec_open2(decoder.get(), codec, nullptr); code < 0)
            return error_of("opening the decoder", code);
        return {};
    }

    void read_facts(const ByteSource& source) {
        const AVCodecParameters& parameters = *stream().codecpar;
        facts.codec = libav().avcodec_get_name(parameters.codec_id);
        facts.width = parameters.width;
        facts.height = parameters.height;
        facts.rate = {stream().avg_frame_rate.num, stream().avg_frame_rate.den};
        const bool is_709 = parameters.color_space == AVCOL_SPC_BT709 &&
                            parameters.color_primaries == AVCOL_PRI_BT709 &&
                            parameters.color_trc == AVCOL_TRC_BT709;
        facts.color = fmt::format("{}, {} range", is_709 ? "BT.709" : "other",
                                  parameters.color_range == AVCOL_RANGE_MPEG ? "limited" : "other");
        facts.index_comes_first = index_comes_first(source);
        facts.chapters = static_cast<int>(input->nb_chapters);
        facts.seconds = static_cast<double>(input->duration) / AV_TIME_BASE;
    }

    // False: there is nothing more to send.
    Status feed_decoder() {
        while (true) {
            const int code = libav().av_read_frame(input.get(), packet.get());
            if (code == AVERROR_EOF) {
                is_draining = true;
                libav().avcodec_send_packet(decoder.get(), nullptr);
                return {};
            }
            if (code < 0) return error_of("reading a packet", code);
            const bool is_ours = packet->stream_index == stream_index;
            const int sent = is_ours ? libav().avcodec_send_packet(decoder.get(), packet.get()) : 0;
            libav().av_packet_unref(packet.get());
            if (sent < 0) return error_of("decoding", sent);
            if (is_ours) return {};
        }
    }
};

Result<VideoReader> VideoReader::open(const ByteSource& source, int threads) {
    DUBPLATE_CHECK(load_libav());
    auto impl = std::make_unique<Impl>();
    DUBPLATE_CHECK(impl->open(source));
    DUBPLATE_CHECK(impl->open_decoder(threads));
    impl->read_facts(source);
    return VideoReader(std::move(impl));
}

VideoReader::VideoReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
VideoReader::VideoReader(VideoReader&&) noexcept = default;
VideoReader& VideoReader::operator=(VideoReader&&) noexcept = default;
VideoReader::~VideoReader() = default;

const VideoFacts& VideoReader::facts() const {
    return impl_->facts;
}

Result<std::optional<DecodedFrame>> VideoReader::next() {
    Impl& impl = *impl_;
    while (true) {
        const int code = libav().avcodec_receive_frame(impl.decoder.get(), impl.frame.get());
        if (code == AVERROR_EOF) return std::optional<DecodedFrame>{};
        if (code == AVERROR(EAGAIN) && !impl.is_draining) {
            DUBPLATE_CHECK(impl.feed_decoder());
            continue;
        }
        if (code < 0) return impl.error_of("decoding", code);
        const AVFrame& frame = *impl.frame;
        const AVRational unit = impl.stream().time_base;
        return std::optional(
            DecodedFrame{{{frame.data[0], frame.linesize[0]},
                          {frame.data[1], frame.linesize[1]},
                          {frame.data[2], frame.linesize[2]}},
                         static_cast<double>(frame.best_effort_timestamp) * unit.num / unit.den});
    }
}

}  // namespace dubplate
