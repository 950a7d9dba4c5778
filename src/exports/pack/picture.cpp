#include "exports/pack/project.h"
#include "formats/image/image.h"
#include "formats/sampler/screen_bmp.h"

namespace dubplate {

Result<Bytes> screen_picture(const SamplerDevice& device, const std::filesystem::path& picture) {
    FileStore store;
    const auto make = [&]() -> Result<Bytes> {
        DUBPLATE_TRY(const auto file, store.open(picture));
        DUBPLATE_TRY(const Bytes bytes, read_all(*file, max_image_bytes));
        DUBPLATE_TRY(const Image image, decode_image(bytes));
        DUBPLATE_TRY(Bytes bmp, screen_bmp(to_gray(image), device.picture_width, device.picture_height));
        DUBPLATE_CHECK(read_screen_bmp(bmp));
        return bmp;
    };
    Result<Bytes> made = make();
    if (!made) return std::move(made).error().in_context(picture.string());
    return made;
}

}  // namespace dubplate
