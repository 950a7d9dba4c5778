#include <cstdint>
#include <span>

#include "tags/render.h"

// Any bytes as a cover: what is taken has a size that is sane.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dubplate;
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto shape = picture_shape(bytes);
    if (shape) DUBPLATE_ASSERT(shape->bits_per_pixel <= 64 && shape->colors <= 256);
    const auto picture = check_picture(Bytes(bytes.begin(), bytes.end()));
    if (picture) DUBPLATE_ASSERT(shape && shape->width > 0 && shape->height > 0);
    return 0;
}
