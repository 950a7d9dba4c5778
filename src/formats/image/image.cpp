#include "formats/image/image.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string_view>

#include "formats/image/picture_functions.h"

namespace dubplate {

namespace {

struct Kind {
    std::size_t place;
    std::string_view mark;
    AVCodecID codec;
    std::string_view title;
};

constexpr std::array<Kind, 4> kinds{{
    {0, "\x89PNG\r\n\x1A\n", AV_CODEC_ID_PNG, "PNG"},
    {0, "\xFF\xD8\xFF", AV_CODEC_ID_MJPEG, "JPEG"},
    {8, "WEBP", AV_CODEC_ID_WEBP, "WebP"},
    {0, "BM", AV_CODEC_ID_BMP, "BMP"},
}};

struct FreeContext {
    void operator()(AVCodecContext* context) const { picture_functions().avcodec_free_context(&context); }
};
struct FreePacket {
    void operator()(AVPacket* packet) const { picture_functions().av_packet_free(&packet); }
};
struct FreeFrame {
    void operator()(AVFrame* frame) const { picture_functions().av_frame_free(&frame); }
};
struct FreeScaler {
    void operator()(SwsContext* scaler) const { picture_functions().sws_freeContext(scaler); }
};
using Frame = std::unique_ptr<AVFrame, FreeFrame>;

Result<Kind> kind_of(std::span<const std::byte> bytes) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    for (const Kind& kind : kinds)
        if (text.size() > kind.place && text.substr(kind.place).starts_with(kind.mark)) return kind;
    return fail(ErrorCode::unsupported, "it is no PNG, JPEG, WebP or BMP picture");
}

Error damaged(const Kind& kind) {
    return fail(ErrorCode::corrupt,
                fmt::format("the {} picture is damaged, or has more than {} million pixels", kind.title,
                            max_image_pixels / 1'000'000));
}

Result<Frame> decode(std::span<const std::byte> bytes, const Kind& kind) {
    const PictureFunctions& av = picture_functions();
    const AVCodec* codec = av.avcodec_find_decoder(kind.codec);
    if (codec == nullptr)
        return fail(ErrorCode::unavailable, fmt::format("libavcodec was built without {}", kind.title));
    const std::unique_ptr<AVCodecContext, FreeContext> context(av.avcodec_alloc_context3(codec));
    const std::unique_ptr<AVPacket, FreePacket> packet(av.av_packet_alloc());
    Frame frame(av.av_frame_alloc());
    if (!context || !packet || !frame) return fail(ErrorCode::limit_exceeded, "no memory for the picture");
    context->max_pixels = max_image_pixels;
    context->thread_count = 1;
    // The decoders read beyond the end by this much.
    std::vector<std::uint8_t> padded(bytes.size() + AV_INPUT_BUFFER_PADDING_SIZE);
    std::memcpy(padded.data(), bytes.data(), bytes.size());
    packet->data = padded.data();
    packet->size = static_cast<int>(bytes.size());
    if (av.avcodec_open2(context.get(), codec, nullptr) < 0 ||
        av.avcodec_send_packet(context.get(), packet.get()) < 0)
        return damaged(kind);
    // Some deliver only when they are told that nothing follows.
    (void)av.avcodec_send_packet(context.get(), nullptr);
    if (av.avcodec_receive_frame(context.get(), frame.get()) < 0 || frame->width < 1 || frame->height < 1)
        return damaged(kind);
    return frame;
}

Result<Image> to_rgba(const AVFrame& frame, const Kind& kind) {
    const PictureFunctions& av = picture_functions();
    const std::unique_ptr<SwsContext, FreeScaler> scaler(av.sws_getContext(
        frame.width, frame.height, static_cast<AVPixelFormat>(frame.format), frame.width, frame.height,
        AV_PIX_FMT_RGBA, SWS_POINT | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT, nullptr, nullptr, nullptr));
    if (!scaler) return damaged(kind);
    Image image{.width = frame.width, .height = frame.height};
    const std::size_t row_bytes = std::size_t{4} * static_cast<std::size_t>(image.width);
    const std::size_t rows = static_cast<std::size_t>(image.height);
    // Its loops write in wide steps, past the end of a row.
    const std::size_t stride = (row_bytes + 63) / 64 * 64 + 64;
    std::vector<std::uint8_t> wide(stride * rows);
    std::uint8_t* const target[] = {wide.data()};
    const int strides[] = {static_cast<int>(stride)};
    if (av.sws_scale(scaler.get(), frame.data, frame.linesize, 0, frame.height, target, strides) !=
        frame.height)
        return damaged(kind);
    image.rgba.resize(row_bytes * rows);
    for (std::size_t y = 0; y < rows; ++y)
        std::memcpy(image.rgba.data() + y * row_bytes, wide.data() + y * stride, row_bytes);
    return image;
}

}  // namespace

Result<Image> decode_image(std::span<const std::byte> bytes) {
    DUBPLATE_TRY(const Kind kind, kind_of(bytes));
    if (bytes.size() > max_image_bytes)
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("the picture has {} bytes; {} are allowed", bytes.size(), max_image_bytes));
    DUBPLATE_CHECK(load_picture_functions());
    DUBPLATE_TRY(const Frame frame, decode(bytes, kind));
    return to_rgba(*frame, kind);
}

GrayImage to_gray(const Image& image) {
    GrayImage gray{.width = image.width, .height = image.height};
    gray.pixels.resize(image.rgba.size() / 4);
    for (std::size_t i = 0; i < gray.pixels.size(); ++i) {
        const std::uint8_t* pixel = image.rgba.data() + 4 * i;
        // In parts of 10,000, so that the same picture is gray alike on every machine.
        const int luma = 2126 * pixel[0] + 7152 * pixel[1] + 722 * pixel[2];
        gray.pixels[i] = static_cast<std::uint8_t>((std::int64_t{luma} * pixel[3] + 1'275'000) / 2'550'000);
    }
    return gray;
}

}  // namespace dubplate
