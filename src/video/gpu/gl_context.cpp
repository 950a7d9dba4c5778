#include "video/gpu/gl_context.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <vector>

#include "core/text.h"

namespace dubplate {

namespace {

bool software_is_welcome() {
    const char* value = std::getenv("DUBPLATE_SOFTWARE_GL");
    return value != nullptr && std::string_view(value) == "1";
}

std::string_view text_of(const void* text) {
    return text == nullptr ? std::string_view{} : static_cast<const char*>(text);
}

// Names in a list that spaces separate.
bool lists(std::string_view extensions, std::string_view name) {
    const std::vector<std::string_view> names = split(extensions, ' ');
    return std::ranges::find(names, name) != names.end();
}

bool is_software(std::string_view renderer) {
    constexpr std::array<std::string_view, 6> names{
        "llvmpipe", "softpipe", "swrast", "swiftshader", "software rasterizer", "basic render"};
    const std::string lower = to_lower_ascii(renderer);
    return std::ranges::any_of(names, [&](std::string_view name) { return lower.find(name) != lower.npos; });
}

Result<GlDevice> look_at(EGLDisplay display) {
    DUBPLATE_TRY(const GlContext context, GlContext::make(display));
    DUBPLATE_TRY(const auto current, context.current());
    GlDevice device{.display = display};
    device.name = text_of(gl().glGetString(GL_RENDERER));
    device.is_software = is_software(device.name);
    gl().glGetIntegerv(GL_MAX_TEXTURE_SIZE, &device.largest_texture);
    const std::string_view extensions = text_of(gl().glGetString(GL_EXTENSIONS));
    if (!lists(extensions, "GL_EXT_color_buffer_float"))
        return fail(ErrorCode::unavailable, device.name + " cannot draw into pictures of floats");
    return device;
}

Result<GlDevice> open(EGLDisplay display) {
    if (display == EGL_NO_DISPLAY) return fail(ErrorCode::unavailable, "EGL has no such platform");
    if (egl().eglInitialize(display, nullptr, nullptr) == EGL_FALSE)
        return fail(ErrorCode::unavailable, "EGL does not start: nothing there can draw");
    return look_at(display);
}

// The displays that may have a GPU, those of software last.
std::vector<EGLDisplay> displays(bool with_software) {
    constexpr int most_devices = 32;
    const std::string_view client = text_of(egl().eglQueryString(EGL_NO_DISPLAY, EGL_EXTENSIONS));
    std::vector<EGLDisplay> found;
    if (egl().eglGetPlatformDisplayEXT == nullptr) return {egl().eglGetDisplay(EGL_DEFAULT_DISPLAY)};
    const bool lists_devices = egl().eglQueryDevicesEXT != nullptr &&
                               egl().eglQueryDeviceStringEXT != nullptr &&
                               lists(client, "EGL_EXT_platform_device");
    std::vector<EGLDisplay> software;
    if (lists_devices) {
        std::array<EGLDeviceEXT, most_devices> devices{};
        EGLint count = 0;
        egl().eglQueryDevicesEXT(most_devices, devices.data(), &count);
        for (int i = 0; i < count; ++i) {
            EGLDeviceEXT device = devices[static_cast<std::size_t>(i)];
            const bool computed = lists(text_of(egl().eglQueryDeviceStringEXT(device, EGL_EXTENSIONS)),
                                        "EGL_MESA_device_software");
            if (computed && !with_software) continue;
            (computed ? software : found)
                .push_back(egl().eglGetPlatformDisplayEXT(EGL_PLATFORM_DEVICE_EXT, device, nullptr));
        }
    }
    found.insert(found.end(), software.begin(), software.end());
    // Where devices are listed, this would be one of them once more.
    if (found.empty() && (!lists_devices || with_software) && lists(client, "EGL_MESA_platform_surfaceless"))
        found.push_back(
            egl().eglGetPlatformDisplayEXT(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr));
    return found;
}

Result<GlDevice> find(bool with_software) {
    DUBPLATE_CHECK(load_gl());
    std::vector<std::string> reasons;
    std::optional<GlDevice> software;
    for (const EGLDisplay display : displays(with_software)) {
        Result<GlDevice> device = open(display);
        if (!device) {
            reasons.push_back(device.error().message);
        } else if (!device->is_software) {
            return device;
        } else if (with_software) {
            if (!software) software = *device;
        } else {
            reasons.push_back(device->name + " is no GPU");
        }
    }
    if (software) return *software;
    return fail(ErrorCode::unavailable,
                reasons.empty()
                    ? "this machine has no GPU that draws"
                    : fmt::format("this machine has no GPU that draws: {}", fmt::join(reasons, "; ")));
}

}  // namespace

Result<GlDevice> find_gl_device() {
    if (software_is_welcome()) {
        static const Result<GlDevice> any = find(true);
        return any;
    }
    static const Result<GlDevice> real = find(false);
    return real;
}

Result<GlContext> GlContext::make(EGLDisplay display) {
    const std::string_view extensions = text_of(egl().eglQueryString(display, EGL_EXTENSIONS));
    for (const char* needed : {"EGL_KHR_no_config_context", "EGL_KHR_surfaceless_context"})
        if (!lists(extensions, needed))
            return fail(ErrorCode::unavailable, fmt::format("this machine's EGL lacks {}", needed));
    constexpr std::array<EGLint, 3> version_three{EGL_CONTEXT_CLIENT_VERSION, 3, EGL_NONE};
    const EGLContext context =
        egl().eglCreateContext(display, EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT, version_three.data());
    if (context == EGL_NO_CONTEXT) return fail(ErrorCode::unavailable, "no OpenGL ES 3.0 there");
    return GlContext(display, context);
}

GlContext::~GlContext() {
    if (context_ != EGL_NO_CONTEXT) egl().eglDestroyContext(display_, context_);
}

Result<GlContext::Current> GlContext::current() const {
    if (egl().eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, context_) == EGL_FALSE)
        return fail(ErrorCode::unavailable,
                    fmt::format("the GPU does not answer: EGL error {:#x}", egl().eglGetError()));
    return Current(display_);
}

GlContext::Current::~Current() {
    if (display_ != EGL_NO_DISPLAY)
        egl().eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
}

}  // namespace dubplate
