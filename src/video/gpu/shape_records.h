// shape_records.h: faces, balls and glows as a GPU reads them. Internal to video/gpu.
//
// Shape    each shape is a row of texels of four floats, one behind the other, and an offset to its first:
//
//              0  box: x0 y0 x1 y1      1  kind, count of edges or lights, opacity
//              face  2..6  edges: a b c, soft      7  nearness: a b c      8..10  red, green, blue: a b c
//              ball  2  origin      3..5  ray: a b c      6..8  normal, by rows      9..10  view: a b c      11  ambient
//                    12 + 3 i  towards light i      13 + 3 i  its color      14 + 3 i  its shine
//              glow  2  x y radius nearness      3  color
//
//          Units and meanings are those of video/kernels/raster.h. What hides comes first, layer by layer (layers.h).
// Threads  plain values.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "video/projection.h"

namespace dubplate {

using Texel = std::array<float, 4>;

struct ShapeRecords {
    std::vector<Texel> texels{};
    std::vector<std::int32_t> first_texel{};  // of each shape, in the order in which they are drawn
    std::vector<int> layer_ends{};            // of what hides: the shape behind each layer's last

    int hiding() const { return layer_ends.empty() ? 0 : layer_ends.back(); }
    int count() const { return static_cast<int>(first_texel.size()); }
};

void pack_shapes(const std::vector<Drawn>& drawn, int width, int height, ShapeRecords& records);

}  // namespace dubplate
