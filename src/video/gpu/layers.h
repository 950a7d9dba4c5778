// layers.h: which shapes can be drawn at once. Internal to video/gpu.
//
// Why      a pixel at a body's edge must be drawn without keeping its depth, one within it with its depth kept, and both before the next body
//          that touches it. One draw can do one of the two, for as many bodies as do not touch each other.
// What     shapes that touch the same square of pixels lie in layers that rise in the order in which they were given.
// Limits   most_layers; above, neighbors share a layer: their order is kept, and where their edges cross, a pixel may differ.
// Threads  a pure function.
// Errors   none.
#pragma once

#include <span>
#include <vector>

#include "video/kernels/raster.h"

namespace dubplate {

inline constexpr int most_layers = 512;

// The layer of each box, from 0 on. Boxes lie within the picture.
std::vector<int> layers_of(std::span<const PixelBox> boxes, int width, int height);

}  // namespace dubplate
