#include "tags/bytes.h"
#include "tags/render.h"

#include <fmt/format.h>

#include <array>

namespace dubplate {

namespace {

constexpr std::size_t max_picture_bytes = 16 * 1024 * 1024;
constexpr std::uint32_t max_side = 20000;

struct Size {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};

Error damaged(std::string_view kind, std::string_view what) {
    return fail(ErrorCode::corrupt, fmt::format("the {} is damaged: {}", kind, what),
                "save the picture again as JPEG or PNG");
}

Result<Size> png_size(ByteView data) {
    if (data.size() < 33 || !has_text(data, 12, "IHDR") || be32(data, 8) != 13) {
        return damaged("PNG", "its header is cut off");
    }
    return Size{be32(data, 16), be32(data, 20)};
}

// Frame headers are SOF0 to SOF15 without the three that share the range: DHT, JPG and DAC.
bool is_frame_header(unsigned marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

Result<Size> jpeg_size(ByteView data) {
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
            if (at + 9 > data.size()) break;
            return Size{be16(data, at + 7), be16(data, at + 5)};
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

Result<Picture> check_picture(Bytes data) {
    if (data.empty()) return fail(ErrorCode::corrupt, "is empty; a cover must be JPEG or PNG");
    if (data.size() > max_picture_bytes) {
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("has {} bytes; a cover may have {} (16 MiB)", data.size(), max_picture_bytes),
                    "make the picture smaller");
    }
    const bool png = has_text(data, 0, "\x89PNG\r\n\x1A\n");
    if (!png && !has_text(data, 0, "\xFF\xD8\xFF")) return not_a_cover(data);
    DUBPLATE_TRY(const Size size, png ? png_size(data) : jpeg_size(data));
    if (size.width == 0 || size.height == 0 || size.width > max_side || size.height > max_side) {
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("is {} x {} pixels; a cover may have 1 to {} on each side", size.width,
                                size.height, max_side),
                    "make the picture smaller");
    }
    return Picture{png ? "image/png" : "image/jpeg", std::move(data)};
}

}  // namespace dubplate
