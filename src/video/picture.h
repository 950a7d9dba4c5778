// picture.h: the planes of a video frame, where a renderer writes.
//
// Shape    4:2:0, 8 bits, BT.709 of limited range, the top line first; `stride` is the distance of lines in bytes. Chroma stands in the
//          middle of four pixels.
// Owner    YuvPlanes borrow; YuvImage owns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dubplate {

struct YuvPlane {
    std::uint8_t* data = nullptr;
    std::ptrdiff_t stride = 0;
};

struct YuvPlanes {
    YuvPlane luma;
    YuvPlane blue_difference;
    YuvPlane red_difference;
};

// A frame of a video that owns its planes, without gaps between lines.
class YuvImage {
  public:
    YuvImage(int width, int height)
        : width_(width),
          height_(height),
          bytes_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3 / 2) {}
    int width() const { return width_; }
    int height() const { return height_; }
    const std::vector<std::uint8_t>& bytes() const { return bytes_; }
    YuvPlanes planes() {
        std::uint8_t* const blue = bytes_.data() + std::ptrdiff_t{width_} * height_;
        return {{bytes_.data(), width_},
                {blue, width_ / 2},
                {blue + std::ptrdiff_t{width_ / 2} * (height_ / 2), width_ / 2}};
    }

  private:
    int width_;
    int height_;
    std::vector<std::uint8_t> bytes_;
};

}  // namespace dubplate
