#include "formats/sampler/screen_bmp.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace dubplate {

namespace {

constexpr std::array bmp_fields{
    tag_field(0x00, "BM", ""),
    number_field(0x02, 4, "file_bytes", 0, ""),
    fixed_field(0x06, 4, "reserved", 0, ""),
    fixed_field(0x0A, 4, "pixels_at", 62, ""),
    fixed_field(0x0E, 4, "header_bytes", 40, ""),
    number_field(0x12, 4, "width", 0, ""),
    number_field(0x16, 4, "height", 0, "positive: the rows begin at the bottom"),
    fixed_field(0x1A, 2, "planes", 1, ""),
    fixed_field(0x1C, 2, "bits", 1, ""),
    fixed_field(0x1E, 4, "compression", 0, ""),
    number_field(0x22, 4, "pixel_bytes", 0, ""),
    number_field(0x26, 4, "pixels_per_meter", 0, "", 2),
    number_field(0x2E, 4, "colors", 2, ""),
    number_field(0x32, 4, "important_colors", 0, ""),
    fixed_field(0x36, 4, "black", 0, "color of a bit that is not set"),
    fixed_field(0x3A, 4, "white", 0x00FF'FFFF, "color of a set bit. The rows follow"),
};

constexpr int max_side = 4096;

// Light of each pixel, 0 to 1, in rows from the top.
struct Light {
    std::size_t width = 0;
    std::size_t height = 0;
    std::vector<double> pixels{};

    double& at(std::size_t x, std::size_t y) { return pixels[y * width + x]; }
};

std::size_t row_bytes(std::size_t width) {
    return (width + 31) / 32 * 4;
}

// IEC 61966-2-1, section 5.2.
std::array<double, 256> light_of_values() {
    std::array<double, 256> light{};
    for (std::size_t i = 0; i < light.size(); ++i) {
        const double value = static_cast<double>(i) / 255;
        light[i] = value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    }
    return light;
}

// The part of the source that falls on one pixel of the target, along one side.
struct Share {
    std::size_t source;
    double weight;
};

std::vector<std::vector<Share>> shares(std::size_t source, std::size_t target) {
    std::vector<std::vector<Share>> result(target);
    const double step = static_cast<double>(source) / static_cast<double>(target);
    for (std::size_t i = 0; i < target; ++i) {
        const double begin = static_cast<double>(i) * step, end = begin + step;
        for (auto s = static_cast<std::size_t>(begin); s < source && static_cast<double>(s) < end; ++s) {
            const double covered =
                std::min(end, static_cast<double>(s + 1)) - std::max(begin, static_cast<double>(s));
            if (covered > 0) result[i].push_back({s, covered / step});
        }
    }
    return result;
}

// As large as fits, in the middle.
Light scaled(const GrayImage& image, std::size_t width, std::size_t height) {
    const auto source_width = static_cast<std::size_t>(image.width),
               source_height = static_cast<std::size_t>(image.height);
    const double factor = std::min(static_cast<double>(width) / static_cast<double>(source_width),
                                   static_cast<double>(height) / static_cast<double>(source_height));
    const auto fitted = [&](std::size_t side, std::size_t limit) {
        return std::clamp<std::size_t>(
            static_cast<std::size_t>(std::lround(static_cast<double>(side) * factor)), 1, limit);
    };
    const std::size_t inner_width = fitted(source_width, width), inner_height = fitted(source_height, height);
    const auto columns = shares(source_width, inner_width), rows = shares(source_height, inner_height);
    const std::array<double, 256> light = light_of_values();
    Light target{.width = width, .height = height, .pixels = std::vector<double>(width * height)};
    const std::size_t left = (width - inner_width) / 2, top = (height - inner_height) / 2;
    for (std::size_t y = 0; y < inner_height; ++y)
        for (std::size_t x = 0; x < inner_width; ++x)
            for (const Share& row : rows[y])
                for (const Share& column : columns[x])
                    target.at(left + x, top + y) +=
                        row.weight * column.weight *
                        light[image.pixels[row.source * source_width + column.source]];
    return target;
}

// 0 or 1 for each pixel. Rows run to and fro, so that the errors do not drift to one side.
void dither(Light& image) {
    for (std::size_t y = 0; y < image.height; ++y)
        for (std::size_t i = 0; i < image.width; ++i) {
            const bool forwards = y % 2 == 0;
            const std::size_t x = forwards ? i : image.width - 1 - i;
            const double lit = image.at(x, y) >= 0.5 ? 1 : 0;
            const double error = image.at(x, y) - lit;
            image.at(x, y) = lit;
            const auto diffuse = [&](std::ptrdiff_t dx, std::size_t dy, double part) {
                const auto to = static_cast<std::ptrdiff_t>(x) + (forwards ? dx : -dx);
                if (to < 0 || to >= static_cast<std::ptrdiff_t>(image.width) || y + dy >= image.height)
                    return;
                image.at(static_cast<std::size_t>(to), y + dy) += error * part;
            };
            diffuse(1, 0, 7.0 / 16);
            diffuse(-1, 1, 3.0 / 16);
            diffuse(0, 1, 5.0 / 16);
            diffuse(1, 1, 1.0 / 16);
        }
}

}  // namespace

extern const RecordLayout screen_bmp_layout = {
    .title = "PICTURE/*.bmp: header", .bytes = 62, .order = std::endian::little, .fields = bmp_fields};

Result<Bytes> screen_bmp(const GrayImage& image, int width, int height) {
    if (image.width < 1 || image.height < 1 ||
        image.pixels.size() != static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height))
        return fail(ErrorCode::invalid_argument, "the picture has no pixels");
    if (width < 1 || height < 1 || width > max_side || height > max_side)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("a screen of {} x {}; 1 to {} is allowed", width, height, max_side));
    Light light = scaled(image, static_cast<std::size_t>(width), static_cast<std::size_t>(height));
    dither(light);
    const std::size_t stride = row_bytes(light.width);
    const std::size_t pixel_bytes = stride * light.height;
    Record header(screen_bmp_layout);
    header.set("file_bytes", static_cast<std::int64_t>(screen_bmp_layout.bytes + pixel_bytes));
    header.set("width", width);
    header.set("height", height);
    header.set("pixel_bytes", static_cast<std::int64_t>(pixel_bytes));
    Bytes bytes = header.bytes();
    bytes.resize(bytes.size() + pixel_bytes);
    for (std::size_t y = 0; y < light.height; ++y)
        for (std::size_t x = 0; x < light.width; ++x) {
            if (light.at(x, y) == 0) continue;
            const std::size_t at = screen_bmp_layout.bytes + (light.height - 1 - y) * stride + x / 8;
            bytes[at] |= std::byte{0x80} >> (x % 8);
        }
    return bytes;
}

Result<GrayImage> read_screen_bmp(std::span<const std::byte> bytes) {
    if (bytes.size() < screen_bmp_layout.bytes)
        return fail(ErrorCode::corrupt, fmt::format("it ends after {} bytes, its header has {}", bytes.size(),
                                                    screen_bmp_layout.bytes));
    const RecordView header(screen_bmp_layout, bytes);
    DUBPLATE_CHECK(header.check());
    const std::uint64_t width = header.number("width"), height = header.number("height");
    if (width < 1 || height < 1 || width > max_side || height > max_side)
        return fail(ErrorCode::corrupt,
                    fmt::format("a screen of {} x {}; 1 to {} is allowed", width, height, max_side));
    const std::size_t stride = row_bytes(width);
    if (bytes.size() != screen_bmp_layout.bytes + stride * height)
        return fail(ErrorCode::corrupt,
                    fmt::format("{} bytes are no picture of {} x {}", bytes.size(), width, height));
    GrayImage image{.width = static_cast<int>(width), .height = static_cast<int>(height)};
    image.pixels.resize(width * height);
    for (std::size_t y = 0; y < height; ++y)
        for (std::size_t x = 0; x < width; ++x) {
            const std::byte eight = bytes[screen_bmp_layout.bytes + (height - 1 - y) * stride + x / 8];
            const bool lit = (eight & (std::byte{0x80} >> (x % 8))) != std::byte{0};
            image.pixels[y * width + x] = lit ? 255 : 0;
        }
    return image;
}

}  // namespace dubplate
