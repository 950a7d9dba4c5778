#include "formats/video/mp4_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "formats/audio/libav_pass.h"

namespace dubplate {

namespace {

constexpr int io_buffer_bytes = 1 << 18;
constexpr int aac_frames = 1024;
// An index entry of a frame: size 4, composition offset 8, key frame 4, chunk 20 at most; of a packet of sound: size 4, duration 8, chunk 20.
constexpr std::int64_t index_bytes_a_frame = 36;
constexpr std::int64_t index_bytes_a_packet = 32;
constexpr std::int64_t index_bytes_at_least = 16 << 10;

// libavformat writes anywhere; a PendingFile grows at its end and is overwritten before it.
struct Target {
    PendingFile* file = nullptr;
    std::uint64_t position = 0;
    std::optional<Error> error;

    Status write(std::span<const std::byte> data) {
        if (position > file->size())
            DUBPLATE_CHECK(file->append(Bytes(static_cast<std::size_t>(position - file->size()))));
        const auto before = std::min<std::uint64_t>(data.size(), file->size() - position);
        if (before > 0) DUBPLATE_CHECK(file->write_at(position, data.first(before)));
        if (before < data.size()) DUBPLATE_CHECK(file->append(data.subspan(before)));
        position += data.size();
        return {};
    }
};

int write_bytes(void* opaque, std::uint8_t* data, int size) {
    auto* target = static_cast<Target*>(opaque);
    if (target->error) return AVERROR(EIO);
    const Status status =
        target->write(std::as_bytes(std::span(data, static_cast<std::size_t>(std::max(size, 0)))));
    if (status) return size;
    target->error = status.error();
    return AVERROR(EIO);
}

std::int64_t seek_to(void* opaque, std::int64_t offset, int whence) {
    auto* target = static_cast<Target*>(opaque);
    const auto size = static_cast<std::int64_t>(target->file->size());
    if ((whence & AVSEEK_SIZE) != 0) return size;
    whence &= ~AVSEEK_FORCE;
    if (whence == SEEK_CUR) offset += static_cast<std::int64_t>(target->position);
    if (whence == SEEK_END) offset += size;
    if (offset < 0) return AVERROR(EINVAL);
    target->position = static_cast<std::uint64_t>(offset);
    return offset;
}

struct FreeOutput {
    void operator()(AVFormatContext* output) const { libav().avformat_free_context(output); }
};

// Copied for libav, with the zeros behind it that its parsers read.
Status set_header(AVCodecParameters& parameters, const Bytes& header) {
    if (header.empty()) return {};  // VP9 has none
    auto* copy = static_cast<std::uint8_t*>(libav().av_mallocz(header.size() + AV_INPUT_BUFFER_PADDING_SIZE));
    if (copy == nullptr) return fail(ErrorCode::unavailable, "no memory for a header");
    std::memcpy(copy, header.data(), header.size());
    parameters.extradata = copy;
    parameters.extradata_size = static_cast<int>(header.size());
    return {};
}

void set_tags(AVFormatContext& output, const Metadata& tags) {
    const std::array<std::pair<const char*, std::string>, 8> named{{{"title", tags.title},
                                                                    {"artist", tags.artist},
                                                                    {"album", tags.album},
                                                                    {"album_artist", tags.album_artist},
                                                                    {"date", tags.date},
                                                                    {"genre", tags.genre},
                                                                    {"comment", tags.comment},
                                                                    {"copyright", tags.copyright}}};
    for (const auto& [name, value] : named)
        if (!value.empty()) libav().av_dict_set(&output.metadata, name, value.c_str(), 0);
}

Status add_chapters(AVFormatContext& output, const std::vector<Chapter>& chapters) {
    if (chapters.empty()) return {};
    output.chapters = static_cast<AVChapter**>(libav().av_mallocz(chapters.size() * sizeof(AVChapter*)));
    if (output.chapters == nullptr) return fail(ErrorCode::unavailable, "no memory for chapters");
    for (const Chapter& chapter : chapters) {
        auto* made = static_cast<AVChapter*>(libav().av_mallocz(sizeof(AVChapter)));
        if (made == nullptr) return fail(ErrorCode::unavailable, "no memory for chapters");
        made->id = static_cast<std::int64_t>(output.nb_chapters);
        made->time_base = {1, 1000};
        made->start = std::llround(1000 * chapter.begin_s);
        made->end = std::llround(1000 * chapter.end_s);
        libav().av_dict_set(&made->metadata, "title", chapter.title.c_str(), 0);
        output.chapters[output.nb_chapters++] = made;
    }
    return {};
}

AVCodecID codec_id_of(VideoCodec codec) {
    switch (codec) {
        case VideoCodec::hevc:
            return AV_CODEC_ID_HEVC;
        case VideoCodec::vp9:
            return AV_CODEC_ID_VP9;
        case VideoCodec::av1:
            return AV_CODEC_ID_AV1;
        case VideoCodec::h264:
            break;
    }
    return AV_CODEC_ID_H264;
}

std::int64_t room_for_index(const Mp4Settings& settings) {
    std::int64_t bytes = index_bytes_at_least + index_bytes_a_frame * settings.frames +
                         512 * static_cast<std::int64_t>(settings.chapters.size()) +
                         static_cast<std::int64_t>(settings.tags.comment.size());
    if (settings.sound) bytes += index_bytes_a_packet * (settings.sound->frames / aac_frames + 2);
    return bytes;
}

}  // namespace

struct Mp4Writer::Impl {
    Target target;
    LibavIo io;
    std::unique_ptr<AVFormatContext, FreeOutput> output;
    std::unique_ptr<AVPacket, FreeLibavPacket> packet{libav().av_packet_alloc()};
    AVRational frame_time{};
    AVRational sample_time{};

    Error error_of(std::string_view what, int code) const {
        if (target.error) return *target.error;
        return fail(ErrorCode::internal, fmt::format("{}: {}", what, libav_words(code)));
    }

    Status add_video(const Mp4Settings& settings) {
        AVStream* const stream = libav().avformat_new_stream(output.get(), nullptr);
        if (stream == nullptr) return fail(ErrorCode::unavailable, "no memory for a track");
        const FrameRate rate = settings.video.rate;
        frame_time = {rate.denominator, rate.numerator};
        stream->time_base = frame_time;
        stream->avg_frame_rate = {rate.numerator, rate.denominator};
        AVCodecParameters& parameters = *stream->codecpar;
        parameters.codec_type = AVMEDIA_TYPE_VIDEO;
        parameters.codec_id = codec_id_of(settings.video.codec);
        // Apple's players know HEVC by this tag alone.
        if (settings.video.codec == VideoCodec::hevc) parameters.codec_tag = MKTAG('h', 'v', 'c', '1');
        parameters.format = AV_PIX_FMT_YUV420P;
        parameters.width = settings.video.width;
        parameters.height = settings.video.height;
        parameters.sample_aspect_ratio = {1, 1};
        parameters.color_range = AVCOL_RANGE_MPEG;
        parameters.color_space = AVCOL_SPC_BT709;
        parameters.color_primaries = AVCOL_PRI_BT709;
        parameters.color_trc = AVCOL_TRC_BT709;
        parameters.chroma_location = AVCHROMA_LOC_CENTER;
        return set_header(parameters, settings.video_header);
    }

    Status add_sound(const Mp4Sound& sound) {
        AVStream* const stream = libav().avformat_new_stream(output.get(), nullptr);
        if (stream == nullptr) return fail(ErrorCode::unavailable, "no memory for a track");
        sample_time = {1, sound.format.sample_rate_hz};
        stream->time_base = sample_time;
        AVCodecParameters& parameters = *stream->codecpar;
        parameters.codec_type = AVMEDIA_TYPE_AUDIO;
        parameters.codec_id = AV_CODEC_ID_AAC;
        parameters.profile = FF_PROFILE_AAC_LOW;
        parameters.sample_rate = sound.format.sample_rate_hz;
        libav().av_channel_layout_default(&parameters.ch_layout, sound.format.channels);
        parameters.frame_size = aac_frames;
        parameters.initial_padding = aac_frames;
        parameters.bit_rate = std::int64_t{1000} * sound.bitrate_kbps;
        return set_header(parameters, sound.header);
    }

    Status begin(const Mp4Settings& settings) {
        AVDictionary* options = nullptr;
        libav().av_dict_set_int(&options, "moov_size", room_for_index(settings), 0);
        const int code = libav().avformat_write_header(output.get(), &options);
        libav().av_dict_free(&options);
        if (code < 0) return error_of("writing the header", code);
        return {};
    }

    Status put(std::span<const std::byte> data, std::int64_t pts, std::int64_t dts, std::int64_t duration,
               bool is_key, int stream, AVRational unit) {
        if (libav().av_new_packet(packet.get(), static_cast<int>(data.size())) < 0)
            return fail(ErrorCode::unavailable, "no memory for a packet");
        std::memcpy(packet->data, data.data(), data.size());
        packet->pts = pts;
        packet->dts = dts;
        packet->duration = duration;
        packet->flags = is_key ? AV_PKT_FLAG_KEY : 0;
        packet->stream_index = stream;
        libav().av_packet_rescale_ts(packet.get(), unit, output->streams[stream]->time_base);
        const int code = libav().av_interleaved_write_frame(output.get(), packet.get());
        if (code < 0 || target.error) return error_of("writing a packet", code);
        return {};
    }
};

Result<Mp4Writer> Mp4Writer::make(PendingFile& file, const Mp4Settings& settings) {
    DUBPLATE_CHECK(load_libav());
    auto impl = std::make_unique<Impl>();
    impl->target.file = &file;
    auto* const buffer = static_cast<unsigned char*>(libav().av_malloc(io_buffer_bytes));
    impl->io.reset(libav().avio_alloc_context(buffer, io_buffer_bytes, 1, &impl->target, nullptr,
                                              &write_bytes, &seek_to));
    AVFormatContext* output = nullptr;
    const char* const muxer = settings.container == VideoContainer::mov ? "mov" : "mp4";
    if (const int code = libav().avformat_alloc_output_context2(&output, nullptr, muxer, nullptr); code < 0)
        return impl->error_of("making an MP4 file", code);
    impl->output.reset(output);
    output->pb = impl->io.get();
    output->flags |= AVFMT_FLAG_BITEXACT | AVFMT_FLAG_CUSTOM_IO;
    DUBPLATE_CHECK(impl->add_video(settings));
    if (settings.sound) DUBPLATE_CHECK(impl->add_sound(*settings.sound));
    set_tags(*output, settings.tags);
    DUBPLATE_CHECK(add_chapters(*output, settings.chapters));
    DUBPLATE_CHECK(impl->begin(settings));
    return Mp4Writer(std::move(impl));
}

Mp4Writer::Mp4Writer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Mp4Writer::Mp4Writer(Mp4Writer&&) noexcept = default;
Mp4Writer& Mp4Writer::operator=(Mp4Writer&&) noexcept = default;
Mp4Writer::~Mp4Writer() = default;

Status Mp4Writer::write(const VideoPacket& packet) {
    return impl_->put(packet.data, packet.pts, packet.dts, 1, packet.is_key, 0, impl_->frame_time);
}

Status Mp4Writer::write(const AudioPacket& packet) {
    return impl_->put(packet.data, packet.pts, packet.pts, packet.frames, true, 1, impl_->sample_time);
}

Status Mp4Writer::finish() {
    const int code = libav().av_write_trailer(impl_->output.get());
    if (code < 0 || impl_->target.error) return impl_->error_of("writing the index", code);
    // What libavformat still holds goes out with the trailer; an index that does not fit is told by it.
    return {};
}

}  // namespace dubplate
