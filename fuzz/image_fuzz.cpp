#include <cstdint>

#include "core/text.h"
#include "formats/image/image.h"

// Any bytes as a picture: what is taken has a byte for each pixel.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dubplate;
    const auto image = decode_image(std::as_bytes(std::span(data, size)));
    if (!image) {
        DUBPLATE_ASSERT(is_valid_utf8(image.error().to_string()));
        return 0;
    }
    const auto pixels = static_cast<std::size_t>(image->width) * static_cast<std::size_t>(image->height);
    DUBPLATE_ASSERT(pixels > 0 && image->rgba.size() == 4 * pixels &&
                    to_gray(*image).pixels.size() == pixels);
    return 0;
}
