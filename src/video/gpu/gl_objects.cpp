#include "video/gpu/gl_objects.h"

#include <fmt/format.h>

#include <array>
#include <string>

namespace dubplate {

namespace {

Result<GLuint> compile(GLenum kind, const char* text, const char* more) {
    const GLuint shader = gl().glCreateShader(kind);
    const std::array<const char*, 2> parts{text, more};
    gl().glShaderSource(shader, 2, parts.data(), nullptr);
    gl().glCompileShader(shader);
    GLint compiled = GL_FALSE;
    gl().glGetShaderiv(shader, GL_COMPILE_STATUS, &compiled);
    if (compiled == GL_TRUE) return shader;
    std::array<char, 1024> said{};
    gl().glGetShaderInfoLog(shader, said.size() - 1, nullptr, said.data());
    return fail(ErrorCode::unavailable, fmt::format("the GPU's driver refuses a program: {}", said.data()));
}

}  // namespace

Result<GlProgram> GlProgram::make(const char* vertices, const char* fragments, const char* more) {
    DUBPLATE_TRY(const GLuint vertex, compile(GL_VERTEX_SHADER, vertices, ""));
    DUBPLATE_TRY(const GLuint fragment, compile(GL_FRAGMENT_SHADER, fragments, more));
    GlProgram made;
    made.id_ = gl().glCreateProgram();
    gl().glAttachShader(made.id_, vertex);
    gl().glAttachShader(made.id_, fragment);
    gl().glLinkProgram(made.id_);
    gl().glDeleteShader(vertex);
    gl().glDeleteShader(fragment);
    GLint linked = GL_FALSE;
    gl().glGetProgramiv(made.id_, GL_LINK_STATUS, &linked);
    if (linked == GL_FALSE) return fail(ErrorCode::unavailable, "the GPU's driver does not link a program");
    return made;
}

Result<GlTarget> GlTarget::make(int width, int height, GLenum format, bool with_depth) {
    GlTarget target{.width = width, .height = height};
    gl().glGenTextures(1, &target.texture);
    gl().glBindTexture(GL_TEXTURE_2D, target.texture);
    gl().glTexStorage2D(GL_TEXTURE_2D, 1, format, width, height);
    for (const auto& [name, value] : {std::pair<GLenum, GLint>{GL_TEXTURE_MIN_FILTER, GL_LINEAR},
                                      {GL_TEXTURE_MAG_FILTER, GL_LINEAR},
                                      {GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE},
                                      {GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE}})
        gl().glTexParameteri(GL_TEXTURE_2D, name, value);
    gl().glGenFramebuffers(1, &target.framebuffer);
    gl().glBindFramebuffer(GL_FRAMEBUFFER, target.framebuffer);
    gl().glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, target.texture, 0);
    if (with_depth) {
        GLuint depth = 0;
        gl().glGenRenderbuffers(1, &depth);
        gl().glBindRenderbuffer(GL_RENDERBUFFER, depth);
        gl().glRenderbufferStorage(GL_RENDERBUFFER, GL_DEPTH_COMPONENT32F, width, height);
        gl().glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_DEPTH_ATTACHMENT, GL_RENDERBUFFER, depth);
    }
    if (gl().glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE)
        return fail(ErrorCode::unavailable,
                    fmt::format("the GPU cannot draw into a picture of {}x{}", width, height));
    return target;
}

void GlTarget::bind() const {
    gl().glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
    gl().glViewport(0, 0, width, height);
}

void read_from(int unit, GLuint texture) {
    gl().glActiveTexture(GL_TEXTURE0 + static_cast<GLenum>(unit));
    gl().glBindTexture(GL_TEXTURE_2D, texture);
}

void draw_everywhere() {
    gl().glDrawArrays(GL_TRIANGLES, 0, 3);
}

Status check_gl(std::string_view doing) {
    const GLenum error = gl().glGetError();
    if (error == GL_NO_ERROR) return {};
    if (error == GL_OUT_OF_MEMORY)
        return fail(ErrorCode::unavailable, fmt::format("{}: the GPU's memory is full", doing),
                    "use a smaller size, or --renderer cpu");
    return fail(ErrorCode::unavailable, fmt::format("{}: the GPU's driver reports {:#x}", doing, error),
                "use --renderer cpu");
}

}  // namespace dubplate
