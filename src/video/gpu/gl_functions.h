// gl_functions.h: the functions of EGL and of OpenGL ES that we call, loaded when the first is needed. Internal to video/gpu.
//
// Why      the program must start on machines without any GL (see core/shared_object.h).
// Use      load_gl() first; egl() and gl() end the program where that was not done or failed.
// Threads  plain functions. Those of OpenGL act on the context of the calling thread.
// Errors   unavailable: there is no libEGL, or not one that hands out the functions of OpenGL ES 3.0.
// Source   EGL 1.4 with EGL_EXT_platform_base and EGL_EXT_device_enumeration; OpenGL ES 3.0.
#pragma once

#define EGL_NO_X11
#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GLES3/gl3.h>

#include "core/result.h"

#define DUBPLATE_EGL(each)                                                               \
    each(eglCreateContext) each(eglDestroyContext) each(eglGetDisplay) each(eglGetError) \
        each(eglGetProcAddress) each(eglInitialize) each(eglMakeCurrent) each(eglQueryString)
#define DUBPLATE_GL(each)                                                                               \
    each(glActiveTexture) each(glAttachShader) each(glBindBuffer) each(glBindFramebuffer)               \
        each(glBindRenderbuffer) each(glBindTexture) each(glBindVertexArray) each(glBlendColor)         \
            each(glBlendFunc) each(glBufferData) each(glCheckFramebufferStatus) each(glClear)           \
                each(glClearDepthf) each(glClientWaitSync) each(glCompileShader) each(glCreateProgram)  \
                    each(glCreateShader) each(glDeleteShader) each(glDeleteSync) each(glDeleteTextures) \
                        each(glDepthFunc) each(glDepthMask) each(glDisable) each(glDrawArrays)          \
                            each(glDrawArraysInstanced) each(glEnable) each(glEnableVertexAttribArray)  \
                                each(glFenceSync) each(glFramebufferRenderbuffer)                       \
                                    each(glFramebufferTexture2D)
#define DUBPLATE_MORE_GL(each)                                                                            \
    each(glGenBuffers) each(glGenFramebuffers) each(glGenRenderbuffers) each(glGenTextures)               \
        each(glGenVertexArrays) each(glGetError) each(glGetIntegerv) each(glGetProgramiv)                 \
            each(glGetShaderInfoLog) each(glGetShaderiv) each(glGetString) each(glGetUniformLocation)     \
                each(glLinkProgram) each(glMapBufferRange) each(glReadPixels) each(glRenderbufferStorage) \
                    each(glShaderSource) each(glTexParameteri) each(glTexStorage2D) each(glTexSubImage2D) \
                        each(glUniform1f) each(glUniform1i) each(glUniform2f) each(glUniform2i)           \
                            each(glUniform3f) each(glUnmapBuffer) each(glUseProgram)                      \
                                each(glVertexAttribDivisor) each(glVertexAttribIPointer) each(glViewport)

namespace dubplate {

struct EglFunctions {
#define DUBPLATE_DECLARE(name) decltype(&::name) name = nullptr;
    DUBPLATE_EGL(DUBPLATE_DECLARE)
    // Those of extensions: null where they are not there.
    PFNEGLGETPLATFORMDISPLAYEXTPROC eglGetPlatformDisplayEXT = nullptr;
    PFNEGLQUERYDEVICESEXTPROC eglQueryDevicesEXT = nullptr;
    PFNEGLQUERYDEVICESTRINGEXTPROC eglQueryDeviceStringEXT = nullptr;
};

struct GlFunctions {
    DUBPLATE_GL(DUBPLATE_DECLARE)
    DUBPLATE_MORE_GL(DUBPLATE_DECLARE)
#undef DUBPLATE_DECLARE
};

Status load_gl();
const EglFunctions& egl();
const GlFunctions& gl();

}  // namespace dubplate
