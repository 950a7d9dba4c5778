// png.h: pictures as PNG: out of pixels, and out of SVG.
//
// Shape    pixels row by row from the top, three bytes each (red, green, blue). A rendered SVG has its own width and height times
//          `scale`, on white.
// Limits   16384 pixels to each side.
// Same     the same input gives the same bytes on one machine; text depends on its fonts.
// Threads  pure functions.
// Errors   invalid_argument: no pixels or too many; internal: what librsvg and cairo tell.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/store.h"

namespace dubplate {

struct PixelImage {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgb;  // 3 * width * height
};

Result<Bytes> encode_png(const PixelImage& image);
Result<Bytes> render_png(std::string_view svg, double scale = 1);

}  // namespace dubplate
