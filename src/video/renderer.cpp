#include "video/renderer.h"

#include <fmt/format.h>

#include <algorithm>

namespace dubplate {

Status check_picture_size(int width, int height) {
    const auto fits = [](int side) { return side >= smallest_side && side <= largest_side; };
    if (!fits(width) || !fits(height))
        return fail(ErrorCode::invalid_argument, fmt::format("{}x{}: each side has {} to {} pixels", width,
                                                             height, smallest_side, largest_side));
    if (width % 2 != 0 || height % 2 != 0)
        return fail(ErrorCode::invalid_argument, fmt::format("{}x{}: both sides must be even", width, height),
                    fmt::format("use {}x{}", width + width % 2, height + height % 2));
    return {};
}

std::vector<BloomSize> bloom_sizes(const RendererOptions& options) {
    std::vector<BloomSize> sizes;
    int width = options.width / 2;
    int height = options.height / 2;
    const int most = options.bloom.intensity > 0 ? options.bloom.levels : 0;
    for (int i = 0; i < most && std::min(width, height) >= 2; ++i) {
        sizes.push_back({width, height});
        width = (width + 1) / 2;
        height = (height + 1) / 2;
    }
    return sizes;
}

Status Renderer::render(const Scene& scene, const YuvPlanes& target) {
    DUBPLATE_CHECK(begin(scene));
    return take(target);
}

}  // namespace dubplate
