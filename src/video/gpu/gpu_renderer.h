// gpu_renderer.h: one scene as one picture, on a GPU.
//
//   bodies ─▶ faces, balls, glows ─▶ records ─▶ layers ─▶ light, depth ─┬─▶ bright ─▶ halves of halves ─┐
//             (as for the processor:           (one box for each shape, edges by the   └──────────────────────────────▶ sum ─▶ sRGB ─▶ YUV ─▶ buffer ─▶ planes
//              video/projection.h)              same formulas, so the same picture)
//
// Why      where there is a GPU, the processor is left to the encoder (ADR 0024).
// Same     as the renderer of tiles to within rounding: at least 40 dB and an SSIM of 0.99 on every synth, effect and ready scene.
// Ahead    three pictures may be under way: while one is copied out, the next are drawn.
// Needs    OpenGL ES 3.0 through EGL, no display. A GL that the processor computes counts as none (gl_context.h).
// Memory   on the GPU, 24 bytes a pixel.
// Threads  as video/renderer.h has them.
// Errors   make_gpu_renderer(): unavailable, invalid_argument (the size), limit_exceeded (for this GPU). Pictures: unavailable,
//          limit_exceeded (more bodies than it holds).
#pragma once

#include <memory>
#include <string>

#include "video/renderer.h"

namespace dubplate {

struct Gpu {
    std::string name{};        // as its driver calls it
    bool is_software = false;  // only where DUBPLATE_SOFTWARE_GL asks for it
};

// The first that can be used. Looked for once.
Result<Gpu> find_gpu();

Result<std::unique_ptr<Renderer>> make_gpu_renderer(const RendererOptions& options);

}  // namespace dubplate
