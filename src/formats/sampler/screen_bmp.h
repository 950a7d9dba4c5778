// screen_bmp.h: pictures for the screens of samplers: BMP of one bit for each pixel.
//
// Shape    a header of 62 bytes, then rows from the bottom, each filled up to whole 4 bytes; the left pixel is the highest bit, and a
//          set bit is a lit pixel. 1086 bytes at 128 x 64.
// Method   scaled by area to fit whole, in the middle of a black screen, then dithered by diffusing the error (Floyd and Steinberg
//          1976); both in linear light, so that a screen gives as much light as the picture.
// Threads  pure functions.
// Errors   invalid_argument: no pixels, or a screen of more than 4096 to a side. Reading: corrupt.
// Source   Microsoft BITMAPINFOHEADER; the palette is that of the unit's own pictures: docs/formats/sp404mk2.md.
#pragma once

#include <span>

#include "core/store.h"
#include "formats/image/image.h"
#include "formats/sampler/layout.h"

namespace dubplate {

extern const RecordLayout screen_bmp_layout;

Result<Bytes> screen_bmp(const GrayImage& image, int width, int height);
// What screen_bmp() writes, and nothing else: 0 and 255 for each pixel.
Result<GrayImage> read_screen_bmp(std::span<const std::byte> bytes);

}  // namespace dubplate
