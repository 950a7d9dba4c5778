#include "plot/png.h"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <string>

#include "plot/rsvg_functions.h"

namespace dubplate {

namespace {

constexpr int most_pixels = 16384;  // to each side

struct DestroySurface {
    void operator()(cairo_surface_t* surface) const { rsvg().cairo_surface_destroy(surface); }
};
using Surface = std::unique_ptr<cairo_surface_t, DestroySurface>;

struct DestroyContext {
    void operator()(cairo_t* context) const { rsvg().cairo_destroy(context); }
};

struct UnrefHandle {
    void operator()(RsvgHandle* handle) const { rsvg().g_object_unref(handle); }
};

Error library_error(std::string_view what, std::string_view told) {
    return fail(ErrorCode::internal, fmt::format("{}: {}", what, told));
}

Result<Surface> make_surface(int width, int height) {
    if (width < 1 || height < 1 || width > most_pixels || height > most_pixels)
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("a picture of {} x {} pixels; 1 to {} are possible", width, height, most_pixels));
    Surface surface(rsvg().cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
    const cairo_status_t status = rsvg().cairo_surface_status(surface.get());
    if (status != CAIRO_STATUS_SUCCESS)
        return library_error("making a picture", rsvg().cairo_status_to_string(status));
    return surface;
}

cairo_status_t append(void* bytes, const unsigned char* data, unsigned int length) {
    const auto* const begin = reinterpret_cast<const std::byte*>(data);
    static_cast<Bytes*>(bytes)->insert(static_cast<Bytes*>(bytes)->end(), begin, begin + length);
    return CAIRO_STATUS_SUCCESS;
}

Result<Bytes> write_png(cairo_surface_t* surface) {
    Bytes bytes;
    const cairo_status_t status = rsvg().cairo_surface_write_to_png_stream(surface, &append, &bytes);
    if (status != CAIRO_STATUS_SUCCESS)
        return library_error("writing PNG", rsvg().cairo_status_to_string(status));
    return bytes;
}

Error take_error(std::string_view what, GError* error) {
    Error told = library_error(what, error != nullptr ? error->message : "unknown");
    if (error != nullptr) rsvg().g_error_free(error);
    return told;
}

}  // namespace

Result<Bytes> encode_png(const PixelImage& image) {
    DUBPLATE_CHECK(load_rsvg());
    DUBPLATE_TRY(const Surface surface, make_surface(image.width, image.height));
    DUBPLATE_ASSERT(image.rgb.size() ==
                    3 * static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height));
    unsigned char* const pixels = rsvg().cairo_image_surface_get_data(surface.get());
    const int stride = rsvg().cairo_image_surface_get_stride(surface.get());
    rsvg().cairo_surface_flush(surface.get());
    const std::uint8_t* from = image.rgb.data();
    for (int y = 0; y < image.height; ++y) {
        // Native words with the red in the middle of the upper half, as CAIRO_FORMAT_RGB24 is told.
        auto* row = reinterpret_cast<std::uint32_t*>(pixels + static_cast<std::ptrdiff_t>(y) * stride);
        for (int x = 0; x < image.width; ++x, from += 3)
            row[x] = std::uint32_t{from[0]} << 16 | std::uint32_t{from[1]} << 8 | std::uint32_t{from[2]};
    }
    rsvg().cairo_surface_mark_dirty(surface.get());
    return write_png(surface.get());
}

Result<Bytes> render_png(std::string_view svg, double scale) {
    DUBPLATE_CHECK(load_rsvg());
    GError* error = nullptr;
    const std::unique_ptr<RsvgHandle, UnrefHandle> handle(
        rsvg().rsvg_handle_new_from_data(reinterpret_cast<const guint8*>(svg.data()), svg.size(), &error));
    if (!handle) return take_error("reading SVG", error);
    gdouble width = 0;
    gdouble height = 0;
    if (rsvg().rsvg_handle_get_intrinsic_size_in_pixels(handle.get(), &width, &height) == FALSE)
        return fail(ErrorCode::invalid_argument, "the SVG tells no size in pixels");
    DUBPLATE_TRY(const Surface surface, make_surface(static_cast<int>(std::lround(width * scale)),
                                                     static_cast<int>(std::lround(height * scale))));
    const std::unique_ptr<cairo_t, DestroyContext> context(rsvg().cairo_create(surface.get()));
    rsvg().cairo_set_source_rgb(context.get(), 1, 1, 1);
    rsvg().cairo_paint(context.get());
    const RsvgRectangle all{0, 0, width * scale, height * scale};
    if (rsvg().rsvg_handle_render_document(handle.get(), context.get(), &all, &error) == FALSE)
        return take_error("rendering SVG", error);
    return write_png(surface.get());
}

}  // namespace dubplate
