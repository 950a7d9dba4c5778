// renderer.h: one scene as one picture, on a processor without a GPU.
//
//   bodies ─▶ faces, balls, glows ─▶ tiles in linear light ─┬──────────────────────────────▶ sum ─▶ tone curve ─▶ sRGB ─▶ YUV 4:2:0
//             (projected, lit,      (analytic edges,        └▶ what is bright, at half the ▲                              or RGB
//              sorted from the       depth, opacity)           size ─▶ blurred at halves of halves
//              back to the front)
//
// Pure     a picture depends on the scene, the size and the settings, and on no picture before it: any frame can be made alone.
// Same     the same on every kind of processor, and so for any number of threads: each makes whole pictures (ADR 0019).
// Range    width and height even, 16 to 8192.
// Bloom    what is above `threshold` blooms, in full from `threshold + smoothing` on; it is blurred at `levels` sizes, each half the one
//          before, and `radius` is the share of the wider blur at each; `intensity` times that is added. 0 turns it off. Requirements
//          R2 D 15: smoothing is the width of the knee, and not the radius.
// Memory   17 bytes a pixel: 16 MB at 720p, 141 MB at 4K.
// Threads  thread-compatible: one renderer for each thread.
// Errors   make(): invalid_argument.
#pragma once

#include <memory>

#include "core/result.h"
#include "plot/png.h"
#include "video/picture.h"
#include "video/scene.h"

namespace dubplate {

inline constexpr int smallest_side = 16;
inline constexpr int largest_side = 8192;

struct Bloom {
    double intensity = 1;
    double threshold = 0.1;
    double smoothing = 0.2;
    double radius = 0.85;
    int levels = 8;

    bool operator==(const Bloom&) const = default;
};

struct RendererOptions {
    int width = 1280;
    int height = 720;
    Bloom bloom{};
};

// What make() would refuse.
Status check_picture_size(int width, int height);

class Renderer {
  public:
    static Result<Renderer> make(const RendererOptions& options);
    Renderer(Renderer&&) noexcept;
    Renderer& operator=(Renderer&&) noexcept;
    ~Renderer();

    void render(const Scene& scene, const YuvPlanes& target);
    PixelImage render_still(const Scene& scene);

    static std::uint64_t memory_bytes(int width, int height);

  private:
    struct Impl;
    explicit Renderer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace dubplate
