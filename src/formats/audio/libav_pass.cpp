#include "formats/audio/libav_pass.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace dubplate {

namespace {

constexpr int io_buffer_bytes = 1 << 16;
// libav looks into the first packet of a WAV for what PCM may really be, with every demuxer that it has: in a short one.
constexpr int first_pcm_packet_bytes = 1 << 10;
constexpr const char* pcm_packet_bytes =
    "65536";  // 4 KiB, libav's own, cost more time around the samples than on them
constexpr std::int64_t probe_bytes = 1 << 20;     // enough for a few frames behind any header
constexpr int max_streams = 32;                   // one of audio, the rest covers and chapter tracks
constexpr int max_codec_header_bytes = 32 << 20;  // a Vorbis header may hold a cover of 16 MiB in base64

constexpr const char* decoder_whitelist =
    "pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,"
    "pcm_f64be,pcm_alaw,pcm_mulaw,flac,mp3,mp3float,aac,alac,vorbis,opus";

const char* name_of(LibavDemuxer demuxer) {
    constexpr std::array<const char*, 8> names{"wav", "w64", "aiff", "flac", "mp3", "mov", "ogg", "aac"};
    return names[static_cast<std::size_t>(demuxer)];
}

int read_bytes(void* opaque, std::uint8_t* target, int size) {
    auto* feed = static_cast<LibavFeed*>(opaque);
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

std::int64_t seek_bytes(void* opaque, std::int64_t offset, int whence) {
    auto* feed = static_cast<LibavFeed*>(opaque);
    const auto size = static_cast<std::int64_t>(feed->source->size());
    if ((whence & AVSEEK_SIZE) != 0) return size;
    whence &= ~AVSEEK_FORCE;
    if (whence == SEEK_CUR) offset += static_cast<std::int64_t>(feed->position);
    if (whence == SEEK_END) offset += size;
    if (offset < 0) return AVERROR(EINVAL);
    feed->position = static_cast<std::uint64_t>(offset);
    return offset;
}
int refuse_to_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
    return AVERROR(EPERM);
}

}  // namespace

Result<AVFormatContext*> make_libav_input(LibavFeed& feed, LibavIo& io) {
    auto* buffer = static_cast<unsigned char*>(libav().av_malloc(io_buffer_bytes));
    io.reset(
        libav().avio_alloc_context(buffer, io_buffer_bytes, 0, &feed, &read_bytes, nullptr, &seek_bytes));
    AVFormatContext* input = libav().avformat_alloc_context();
    if (buffer == nullptr || !io || input == nullptr) return fail(ErrorCode::limit_exceeded, "out of memory");
    input->pb = io.get();
    input->flags |= AVFMT_FLAG_CUSTOM_IO;
    input->io_open = &refuse_to_open;
    return input;
}

namespace {

Status open_input(LibavPass& pass, LibavDemuxer demuxer) {
    DUBPLATE_TRY(AVFormatContext * input, make_libav_input(pass.feed, pass.io));
    input->probesize = probe_bytes;
    input->max_streams = max_streams;
    input->max_probe_packets =
        0;  // the demuxer is known; what PCM may really be, libav would try on all of them
    input->error_recognition = AV_EF_CRCCHECK;
    input->format_whitelist = libav().av_strdup("wav,w64,aiff,flac,mp3,mov,mp4,m4a,ogg,aac");
    input->codec_whitelist = libav().av_strdup(decoder_whitelist);
    AVDictionary* options = nullptr;
    libav().av_dict_set_int(&options, "max_size", first_pcm_packet_bytes, 0);  // of WAV alone
    // On failure libav frees the context itself.
    int code =
        libav().avformat_open_input(&input, "", libav().av_find_input_format(name_of(demuxer)), &options);
    libav().av_dict_free(&options);
    if (code >= 0) {
        pass.input.reset(input);
        code = libav().avformat_find_stream_info(input, nullptr);
        if (demuxer == LibavDemuxer::wav)
            libav().av_opt_set(input->priv_data, "max_size", pcm_packet_bytes, 0);
    }
    if (pass.feed.error) return *pass.feed.error;
    if (code < 0)
        return fail(ErrorCode::corrupt, fmt::format("it begins like {} but cannot be read as such: {}",
                                                    name_of(demuxer), libav_words(code)));
    return {};
}

Status pick_stream(LibavPass& pass) {
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

// What shops have locked: encrypted audio under a name that says so (Apple's "drms", "drmi"; ISO 14496-12's "enca").
bool is_protected(const AVCodecParameters& codec) {
    constexpr std::array<std::uint32_t, 3> tags{MKTAG('d', 'r', 'm', 's'), MKTAG('d', 'r', 'm', 'i'),
                                                MKTAG('e', 'n', 'c', 'a')};
    return std::ranges::find(tags, codec.codec_tag) != tags.end();
}

Status check_stream(const AVCodecParameters& codec) {
    if (is_protected(codec))
        return fail(ErrorCode::unsupported,
                    "it is protected by DRM, and nobody but its shop's program can play it",
                    "get it without protection");
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

Status open_decoder(LibavPass& pass, bool libav_trims) {
    const AVCodecParameters& codec = *pass.stream().codecpar;
    const AVCodec* decoder = libav().avcodec_find_decoder(codec.codec_id);
    const std::string name = decoder == nullptr ? libav().avcodec_get_name(codec.codec_id) : decoder->name;
    const std::string list = fmt::format(",{},", decoder_whitelist);
    if (decoder == nullptr || list.find("," + name + ",") == std::string::npos)
        return fail(ErrorCode::unsupported, fmt::format("its audio is {}, which is not read here", name),
                    "convert it to WAV or FLAC first");
    DUBPLATE_CHECK(check_stream(codec));
    pass.decoder.reset(libav().avcodec_alloc_context3(decoder));
    if (!pass.decoder || !pass.packet || !pass.frame || !pass.ahead)
        return fail(ErrorCode::limit_exceeded, "out of memory");
    libav().avcodec_parameters_to_context(pass.decoder.get(), &codec);
    pass.decoder->thread_count = 1;
    // libav ends Vorbis by the sum of its packets' durations, which is off wherever the block size changes (by 128 frames
    // in a short file); the reader ends it by what the last page says.
    if (!libav_trims || codec.codec_id == AV_CODEC_ID_VORBIS)
        pass.decoder->flags2 |= AV_CODEC_FLAG2_SKIP_MANUAL;
    pass.decoder->pkt_timebase = pass.stream().time_base;
    // FLAC frames carry a checksum; without these flags a mismatch is only logged.
    if (codec.codec_id == AV_CODEC_ID_FLAC) pass.decoder->err_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE;
    const int code = libav().avcodec_open2(pass.decoder.get(), decoder, nullptr);
    if (code < 0)
        return fail(ErrorCode::corrupt, fmt::format("its {} header is damaged: {}", name, libav_words(code)));
    return {};
}

}  // namespace

std::string libav_words(int code) {
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    libav().av_strerror(code, text.data(), text.size());
    return text.data();
}

Result<std::unique_ptr<LibavPass>> start_libav_pass(const ByteSource& source, const LibavRequest& request) {
    DUBPLATE_CHECK(load_libav());
    auto pass = std::make_unique<LibavPass>();
    pass->feed.source = &source;
    DUBPLATE_CHECK(open_input(*pass, request.demuxer));
    DUBPLATE_CHECK(pick_stream(*pass));
    DUBPLATE_CHECK(open_decoder(*pass, request.libav_trims));
    return pass;
}

}  // namespace dubplate
