// bloom.h: the steps of the bloom on single lines: what is bright, half as large, twice as large.
//
// What     each function makes one line of one color plane, but for bright_line(), which weighs all three together.
// Shape    lines of floats, linear light. Sources are readable, and targets writable, up to a multiple of 16 past their width, and
//          sources from -1 on; the caller repeats the edge there (pad_line()).
// Same     each value gets the same operations on every kind of processor (ADR 0010).
// Threads  functions without state.
#pragma once

namespace dubplate {

inline constexpr int line_padding = 64;  // floats before and behind each line

struct BrightPass {
    float threshold = 0.1F;  // luma at which something begins to bloom
    float smoothing = 0.2F;  // and how much more it takes to bloom in full
};

// Halves two lines of each plane to one of `width`, and keeps what is bright.
void bright_line(const float* const upper[3], const float* const lower[3], float* const target[3], int width,
                 BrightPass pass);

// Weights 1 3 3 1 in both directions. lines: four of the source, around the two that lie under the target. `scratch` has the
// source's width and its padding on both sides, and points behind the first.
void halve_line(const float* const lines[4], float* scratch, int source_width, float* target, int width);

// The line is 3/4 of `near` and 1/4 of `far`, twice as wide, weights 3 1 again.
void double_line(const float* near, const float* far, float* scratch, int source_width, float* target,
                 int width);

// own += share * (wider - own).
void mix_line(float* own, const float* wider, float share, int width);

// Repeats the first and last value before and behind the line.
void pad_line(float* line, int width);

}  // namespace dubplate
