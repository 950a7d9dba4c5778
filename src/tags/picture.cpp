#include "tags/bytes.h"
#include "tags/render.h"

#include <fmt/format.h>

#include <array>
#include <optional>

namespace dubplate {

namespace {

constexpr std::size_t max_picture_bytes = 16 * 1024 * 1024;
constexpr std::uint32_t max_side = 20000;

Error damaged(std::string_view kind, std::string_view what) {
    return fail(ErrorCode::corrupt, fmt::format("the {} is damaged: {}", kind, what),
                "save the picture again as JPEG or PNG");
}

bool is_png(ByteView data) {
    return has_text(data, 0, "\x89PNG\r\n\x1A\n");
}

constexpr std::size_t png_signature_bytes = 8;
constexpr std::size_t png_chunk_overhead = 12;  // size, name and checksum
constexpr std::uint32_t png_palette = 3;        // as a color type

// How many colors the palette has; it stands before the image data.
std::uint32_t png_colors(ByteView data) {
    std::size_t at = png_signature_bytes;
    while (at + png_chunk_overhead <= data.size() && !has_text(data, at + 4, "IDAT")) {
        const std::size_t size = be32(data, at);
        if (has_text(data, at + 4, "PLTE"))
            return static_cast<std::uint32_t>(std::min<std::size_t>(size / 3, 256));
        at += png_chunk_overhead + size;
    }
    return 0;
}

// ISO/IEC 15948, 11.2.2: gray, -, RGB, palette (of RGB with 8 bits each), gray and alpha, -, RGB and alpha.
std::uint32_t png_bits_per_pixel(std::uint32_t bits, std::uint32_t color_type) {
    constexpr std::array<std::uint32_t, 7> samples{1, 0, 3, 0, 2, 0, 4};
    if (color_type == png_palette) return 24;
    return bits <= 16 && color_type < samples.size() ? bits * samples[color_type] : 0;
}

Result<PictureShape> png_shape(ByteView data) {
    if (data.size() < 33 || !has_text(data, 12, "IHDR") || be32(data, 8) != 13) {
        return damaged("PNG", "its header is cut off");
    }
    const std::uint32_t color_type = u8(data, 25);
    return PictureShape{be32(data, 16), be32(data, 20), png_bits_per_pixel(u8(data, 24), color_type),
                        color_type == png_palette ? png_colors(data) : 0};
}

// Frame headers are SOF0 to SOF15 without the three that share the range: DHT, JPG and DAC.
bool is_frame_header(unsigned marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

Result<PictureShape> jpeg_shape(ByteView data) {
    std::size_t at = 2;
    while (at + 4 <= data.size()) {
        if (u8(data, at) != 0xFF) return damaged("JPEG", "a marker is missing");
        const unsigned marker = u8(data, at + 1);
        if (marker == 0xFF) {  // fill byte
            ++at;
            continue;
        }
        if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {  // stand alone, without a length
            at += 2;
            continue;
        }
        const std::size_t length = be16(data, at + 2);
        if (length < 2) return damaged("JPEG", "a segment has no length");
        if (is_frame_header(marker)) {
            if (at + 10 > data.size()) break;
            const std::uint32_t bits = u8(data, at + 4) * u8(data, at + 9);  // of a sample, by samples
            return PictureShape{be16(data, at + 7), be16(data, at + 5), bits <= 4 * 16 ? bits : 0, 0};
        }
        if (marker == 0xD9 || marker == 0xDA) break;  // the picture ends or its data begins
        at += 2 + length;
    }
    return damaged("JPEG", "it says nothing about its size");
}

struct Kind {
    std::size_t at;
    std::string_view magic;
    std::string_view name;
};

constexpr std::array<Kind, 13> other_kinds{{{0, "GIF8", "GIF"},
                                            {8, "WEBP", "WebP picture"},
                                            {0, "BM", "BMP picture"},
                                            {0, std::string_view("II*\0", 4), "TIFF picture"},
                                            {0, std::string_view("MM\0*", 4), "TIFF picture"},
                                            {4, "ftypheic", "HEIC picture"},
                                            {4, "ftypmif1", "HEIF picture"},
                                            {4, "ftypavif", "AVIF picture"},
                                            {0, std::string_view("\0\0\0\x0CJXL ", 8), "JPEG XL picture"},
                                            {0, "\xFF\x0A", "JPEG XL picture"},
                                            {0, "%PDF", "PDF"},
                                            {0, "<svg", "SVG picture"},
                                            {0, "<?xml", "XML text"}}};

Error not_a_cover(ByteView data) {
    for (const auto& kind : other_kinds) {
        if (has_text(data, kind.at, kind.magic)) {
            const bool vowel = kind.name[0] == 'A' || kind.name[0] == 'X' || kind.name[0] == 'S';
            return fail(ErrorCode::unsupported,
                        fmt::format("is {} {}; a cover must be JPEG or PNG", vowel ? "an" : "a", kind.name),
                        "save the picture as JPEG or PNG");
        }
    }
    return fail(ErrorCode::unsupported, "is no picture that we know; a cover must be JPEG or PNG",
                "save the picture as JPEG or PNG");
}

}  // namespace

Result<PictureShape> picture_shape(std::span<const std::byte> data) {
    if (is_png(data)) return png_shape(data);
    if (!has_text(data, 0, "\xFF\xD8\xFF")) return not_a_cover(data);
    return jpeg_shape(data);
}

Result<Picture> check_picture(Bytes data) {
    if (data.empty()) return fail(ErrorCode::corrupt, "is empty; a cover must be JPEG or PNG");
    if (data.size() > max_picture_bytes) {
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("has {} bytes; a cover may have {} (16 MiB)", data.size(), max_picture_bytes),
                    "make the picture smaller");
    }
    DUBPLATE_TRY(const PictureShape shape, picture_shape(data));
    if (shape.width == 0 || shape.height == 0 || shape.width > max_side || shape.height > max_side) {
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("is {} x {} pixels; a cover may have 1 to {} on each side", shape.width,
                                shape.height, max_side),
                    "make the picture smaller");
    }
    return Picture{is_png(data) ? "image/png" : "image/jpeg", std::move(data)};
}

}  // namespace dubplate
