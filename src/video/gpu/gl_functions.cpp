#include "video/gpu/gl_functions.h"

#include <fmt/format.h>

#include "core/shared_object.h"

namespace dubplate {

namespace {

struct Functions {
    EglFunctions egl;
    GlFunctions gl;
};

template <class Function>
void ask(const EglFunctions& egl, const char* name, Function*& function) {
    function = reinterpret_cast<Function*>(egl.eglGetProcAddress(name));
}

Result<Functions> load() {
    Functions functions;
    const auto library = SharedObject::load("libEGL.so.1");
    if (!library)
        return fail(ErrorCode::unavailable, "there is no EGL on this machine: " + library.error().message,
                    "the driver of the GPU brings it, or install libegl1");
    EglFunctions& egl = functions.egl;
#define DUBPLATE_FIND(name) DUBPLATE_CHECK(library->find(#name, egl.name));
    DUBPLATE_EGL(DUBPLATE_FIND)
#undef DUBPLATE_FIND
    ask(egl, "eglGetPlatformDisplayEXT", egl.eglGetPlatformDisplayEXT);
    ask(egl, "eglQueryDevicesEXT", egl.eglQueryDevicesEXT);
    ask(egl, "eglQueryDeviceStringEXT", egl.eglQueryDeviceStringEXT);
#define DUBPLATE_ASK(name)              \
    ask(egl, #name, functions.gl.name); \
    if (functions.gl.name == nullptr)   \
        return fail(ErrorCode::unavailable, "this machine's EGL has no " #name " of OpenGL ES 3.0");
    DUBPLATE_GL(DUBPLATE_ASK)
    DUBPLATE_MORE_GL(DUBPLATE_ASK)
#undef DUBPLATE_ASK
    return functions;
}

const Result<Functions>& loaded() {
    static const Result<Functions> functions = load();
    return functions;
}

}  // namespace

Status load_gl() {
    if (!loaded()) return loaded().error();
    return {};
}

const EglFunctions& egl() {
    DUBPLATE_ASSERT(loaded());
    return loaded()->egl;
}

const GlFunctions& gl() {
    DUBPLATE_ASSERT(loaded());
    return loaded()->gl;
}

}  // namespace dubplate
