// tile_renderer.h: one scene as one picture, on a processor without a GPU.
//
//   bodies ─▶ faces, balls, glows ─▶ tiles in linear light ─┬──────────────────────────────▶ sum ─▶ tone curve ─▶ sRGB ─▶ YUV 4:2:0
//             (projected, lit,      (analytic edges,        └▶ what is bright, at half the ▲                              or RGB
//              sorted from the       depth, opacity)           size ─▶ blurred at halves of halves
//              back to the front)
//
// Same     the same on every kind of processor, and so for any number of threads: each makes whole pictures (ADR 0019).
// Memory   17 bytes a pixel: 16 MB at 720p, 141 MB at 4K.
// Threads  as renderer.h has them.
// Errors   invalid_argument: the size. A renderer that was made has none.
#pragma once

#include <cstdint>
#include <memory>

#include "video/renderer.h"

namespace dubplate {

Result<std::unique_ptr<Renderer>> make_tile_renderer(const RendererOptions& options);

std::uint64_t tile_renderer_memory_bytes(int width, int height);

}  // namespace dubplate
