#include <cstdint>

#include "core/text.h"
#include "formats/sampler/screen_bmp.h"

// Any bytes as a picture for a screen. What was read is written the same again: it has two colors only.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dubplate;
    const auto image = read_screen_bmp(std::as_bytes(std::span(data, size)));
    if (!image) {
        DUBPLATE_ASSERT(is_valid_utf8(image.error().to_string()));
        return 0;
    }
    const auto bytes = screen_bmp(*image, image->width, image->height);
    DUBPLATE_ASSERT(bytes.has_value());
    const auto back = read_screen_bmp(*bytes);
    DUBPLATE_ASSERT(back.has_value() && *back == *image);
    return 0;
}
