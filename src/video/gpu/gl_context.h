// gl_context.h: OpenGL ES 3.0 without a display: on which GPU, and a context there. Internal to video/gpu.
//
// What     find_gl_device() looks at the devices that EGL lists, then at its platform without surfaces. A GL that is computed by the
//          processor (llvmpipe, softpipe, SwiftShader) is passed over; one is taken, as a last choice, where the environment
//          has DUBPLATE_SOFTWARE_GL: for tests.
// Owner    displays stay open for as long as the program runs: EGL has one for all threads. A context is destroyed with its GlContext, and
//          everything that was made in it, too.
// Threads  a context belongs to one thread from current() until that guard is gone.
// Errors   unavailable: no EGL, no GPU, or one without what we need.
// Source   EGL_EXT_platform_device, EGL_MESA_platform_surfaceless, EGL_KHR_surfaceless_context, EGL_EXT_device_query,
//          EGL_MESA_device_software, EXT_color_buffer_float.
#pragma once

#include <string>
#include <utility>

#include "video/gpu/gl_functions.h"

namespace dubplate {

struct GlDevice {
    EGLDisplay display = EGL_NO_DISPLAY;
    std::string name{};  // as its driver calls it
    bool is_software = false;
    int largest_texture = 0;  // pixels to a side
};

Result<GlDevice> find_gl_device();

class GlContext {
  public:
    static Result<GlContext> make(EGLDisplay display);
    GlContext(GlContext&& other) noexcept
        : display_(other.display_), context_(std::exchange(other.context_, EGL_NO_CONTEXT)) {}
    GlContext& operator=(GlContext&&) = delete;
    ~GlContext();

    // Lets go of the context when it goes.
    class Current {
      public:
        explicit Current(EGLDisplay display) : display_(display) {}
        Current(Current&& other) noexcept : display_(std::exchange(other.display_, EGL_NO_DISPLAY)) {}
        Current& operator=(Current&&) = delete;
        ~Current();

      private:
        EGLDisplay display_;
    };
    Result<Current> current() const;

  private:
    GlContext(EGLDisplay display, EGLContext context) : display_(display), context_(context) {}

    EGLDisplay display_;
    EGLContext context_;
};

}  // namespace dubplate
