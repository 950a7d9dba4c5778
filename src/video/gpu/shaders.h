// shaders.h: the programs that a GPU runs, in GLSL ES 3.00. Internal to video/gpu.
//
// What     the steps of video/kernels, pixel by pixel: each says the same as the loop of its name there, with the same numbers.
// Shape    the first line of a picture is the first of a texture: y runs downwards throughout, and nothing is ever turned over.
// Threads  constants.
// Source   GLSL ES 3.00; BT.709 and sRGB as in video/kernels/output.h.
#pragma once

namespace dubplate::shaders {

// Corners: of the whole target; of a shape's box, from its record.
extern const char* const everywhere;
extern const char* const on_shape;

extern const char* const backdrop;
extern const char* const shape;   // with `on_shape`; all others with `everywhere`
extern const char* const bright;  // what blooms, at half the size
extern const char* const halve;
extern const char* const widen;  // twice as large
// A picture as it is shown: functions for the next two.
extern const char* const shown;
extern const char* const yuv;
extern const char* const rgb;

}  // namespace dubplate::shaders
