#include "video/gpu/layers.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dubplate {
namespace {

constexpr int width = 320;
constexpr int height = 180;

bool touch(const PixelBox& a, const PixelBox& b) {
    return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

std::vector<PixelBox> boxes_of(int count, int side) {
    std::vector<PixelBox> boxes;
    for (int i = 0; i < count; ++i) {
        const int x = i * 97 % (width - side);
        const int y = i * 57 % (height - side);
        boxes.push_back({x, y, x + side, y + side});
    }
    return boxes;
}

TEST(Layers, PutWhatTouchesIntoRisingLayers) {
    for (const int side : {1, 5, 40, 170}) {
        const std::vector<PixelBox> boxes = boxes_of(100, side);
        const std::vector<int> layers = layers_of(boxes, width, height);
        for (std::size_t i = 0; i < boxes.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                EXPECT_TRUE(!touch(boxes[i], boxes[j]) || layers[j] < layers[i]) << j << " " << i;
    }
}

TEST(Layers, AreFewWhereLittleTouches) {
    const std::vector<int> layers = layers_of(boxes_of(100, 5), width, height);
    EXPECT_LT(*std::ranges::max_element(layers), 10);
}

TEST(Layers, KeepTheOrderWhereMoreTouchesThanThereAreLayers) {
    const std::vector<int> layers = layers_of(std::vector<PixelBox>(5000, {0, 0, 9, 9}), width, height);
    EXPECT_TRUE(std::ranges::is_sorted(layers));
    EXPECT_EQ(layers.back(), most_layers - 1);
}

TEST(Layers, AreNoneOfNothing) {
    EXPECT_TRUE(layers_of({}, width, height).empty());
}

}  // namespace
}  // namespace dubplate
