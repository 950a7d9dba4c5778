// rsvg_functions.h: the functions of librsvg and cairo that we call, loaded when a picture is first drawn.
//
// Why      see core/shared_object.h.
// Use      load_rsvg() first; rsvg() ends the program where that was not done or failed.
// Threads  plain functions.
// Errors   unavailable: librsvg is not installed.
// Source   librsvg 2.54, cairo 1.16.
#pragma once

#include <cairo.h>
#include <librsvg/rsvg.h>

#include "core/result.h"

#define DUBPLATE_CAIRO(each)                                                                        \
    each(cairo_create) each(cairo_destroy) each(cairo_image_surface_create)                         \
        each(cairo_image_surface_get_data) each(cairo_image_surface_get_stride) each(cairo_paint)   \
            each(cairo_set_source_rgb) each(cairo_status_to_string) each(cairo_surface_destroy)     \
                each(cairo_surface_flush) each(cairo_surface_mark_dirty) each(cairo_surface_status) \
                    each(cairo_surface_write_to_png_stream)
#define DUBPLATE_RSVG(each)                                                        \
    each(rsvg_handle_get_intrinsic_size_in_pixels) each(rsvg_handle_new_from_data) \
        each(rsvg_handle_render_document)

namespace dubplate {

struct RsvgFunctions {
#define DUBPLATE_DECLARE(name) decltype(&::name) name = nullptr;
    DUBPLATE_CAIRO(DUBPLATE_DECLARE)
    DUBPLATE_RSVG(DUBPLATE_DECLARE)
    DUBPLATE_DECLARE(g_object_unref)
    DUBPLATE_DECLARE(g_error_free)
#undef DUBPLATE_DECLARE
};

Status load_rsvg();
const RsvgFunctions& rsvg();

}  // namespace dubplate
