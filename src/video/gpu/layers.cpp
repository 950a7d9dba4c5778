#include "video/gpu/layers.h"

#include <algorithm>

namespace dubplate {

namespace {

constexpr int square = 8;  // pixels to a side: small bodies beside each other share few

}  // namespace

std::vector<int> layers_of(std::span<const PixelBox> boxes, int width, int height) {
    const int across = (width + square - 1) / square;
    const int down = (height + square - 1) / square;
    std::vector<int> next(static_cast<std::size_t>(across) * static_cast<std::size_t>(down));  // free layer
    std::vector<int> layers;
    int highest = 0;
    for (const PixelBox& box : boxes) {
        const auto for_each_square = [&](auto visit) {
            for (int y = box.y0 / square; y <= (box.y1 - 1) / square; ++y)
                for (int x = box.x0 / square; x <= (box.x1 - 1) / square; ++x)
                    visit(next[static_cast<std::size_t>(y * across + x)]);
        };
        int layer = 0;
        for_each_square([&](const int& free) { layer = std::max(layer, free); });
        for_each_square([&](int& free) { free = layer + 1; });
        layers.push_back(layer);
        highest = std::max(highest, layer);
    }
    if (highest >= most_layers)
        for (int& layer : layers) layer = static_cast<int>(std::int64_t{layer} * most_layers / (highest + 1));
    return layers;
}

}  // namespace dubplate
