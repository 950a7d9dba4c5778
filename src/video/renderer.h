// renderer.h: what makes pictures of scenes, whatever it makes them with.
//
// Pure     a picture depends on the scene, the size and the settings, and on no picture before it: any frame can be made alone.
// Use      begin() a picture, then take() it. Where a renderer works beside its caller, more pictures may be begun before the first
//          is taken; they come out in the order in which they were begun.
// Range    width and height even, smallest_side to largest_side.
// Bloom    what is above `threshold` blooms, in full from `threshold + smoothing` on; it is blurred at `levels` sizes, each half the one
//          before, and `radius` is the share of the wider blur at each; `intensity` times that is added. 0 turns it off. Requirements
//          R2 D 15: smoothing is the width of the knee, and not the radius.
// Threads  thread-compatible: one renderer for each thread. It may wander from one thread to another.
// Errors   unavailable, limit_exceeded: what it works with failed, or is too small for the scene. None on a processor.
#pragma once

#include <vector>

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

// invalid_argument: a size that no renderer takes.
Status check_picture_size(int width, int height);

struct BloomSize {
    int width = 0;
    int height = 0;
};
// Those at which it is blurred, the largest first; none where there is no bloom.
std::vector<BloomSize> bloom_sizes(const RendererOptions& options);

class Renderer {
  public:
    Renderer() = default;
    Renderer(const Renderer&) = delete;
    Renderer& operator=(const Renderer&) = delete;
    virtual ~Renderer() = default;

    virtual int most_under_way() const { return 1; }  // pictures begun and not taken
    virtual Status begin(const Scene& scene) = 0;     // the scene is not needed afterwards
    virtual Status take(const YuvPlanes& target) = 0;
    // Not while pictures are under way.
    virtual Result<PixelImage> render_still(const Scene& scene) = 0;

    Status render(const Scene& scene, const YuvPlanes& target);  // begins and takes
};

}  // namespace dubplate
