// contact_sheet.h: frames of a video, small, side by side. Internal to exports/video.
//
// Shape    four across; each 320 pixels wide, or less where the video is.
// Threads  thread-compatible.
// Errors   none.
#pragma once

#include <cstdint>

#include "plot/png.h"
#include "video/picture.h"

namespace dubplate {

class ContactSheet {
  public:
    ContactSheet(int width, int height, int pictures);

    // The next one.
    void add(const YuvPlanes& planes);
    const PixelImage& image() const { return image_; }

  private:
    int width_;
    int height_;
    int small_width_;
    int small_height_;
    int count_ = 0;
    PixelImage image_;
};

}  // namespace dubplate
