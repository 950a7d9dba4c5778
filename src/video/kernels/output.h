// output.h: linear light as it is shown: tone curve, sRGB, and the planes of a video.
//
// What     show_line() adds the bloom, bends what is brighter than white can be, and encodes it; luma_line() and chroma_line() make
//          BT.709 of limited range out of that, rgb_line() bytes for a picture.
// Curve    up to 0.8 light is shown as it is; above, it nears 1 and never reaches it, each color by itself, so that what is very bright
//          turns white.
// sRGB     IEC 61966-2-1, within 0.1 of 255 steps of the exact curve (a polynomial on the square root stands for the power).
// Shape    lines of floats, 0 to 255 after show_line(). Readable and writable up to a multiple of 16 past the width.
// Dither   luma is rounded with a fixed pattern of 8 x 8, so that slow gradients have no steps.
// Same     each value gets the same operations on every kind of processor (ADR 0010).
// Threads  functions without state.
#pragma once

#include <cstdint>

namespace dubplate {

// target = shown(light + intensity * bloom); `bloom` may be null, `target` may be `light`.
void show_line(const float* light, const float* bloom, float intensity, float* target, int width);

// red, green, blue as show_line() leaves them. y: the line's number, for the pattern.
void luma_line(const float* const rgb[3], std::uint8_t* target, int width, int y);
// Two lines of each, 2 * width wide, become one of each difference.
void chroma_line(const float* const upper[3], const float* const lower[3], std::uint8_t* blue_difference,
                 std::uint8_t* red_difference, int width);
void rgb_line(const float* const rgb[3], std::uint8_t* target, int width, int y);

}  // namespace dubplate
