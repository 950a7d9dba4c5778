// gl_objects.h: programs, textures to draw into, and what went wrong. Internal to video/gpu.
//
// Owner    everything belongs to the context that is current when it is made, and goes with it.
// Units    sizes in pixels.
// Threads  those of the context.
// Errors   unavailable: the driver refuses; with what it says.
#pragma once

#include <string_view>

#include "video/gpu/gl_functions.h"

namespace dubplate {

class GlProgram {
  public:
    // The fragment shader is the two texts one after the other.
    static Result<GlProgram> make(const char* vertices, const char* fragments, const char* more = "");

    void use() const { gl().glUseProgram(id_); }
    // Those of the program that is in use.
    void set(const char* name, float value) const { gl().glUniform1f(uniform(name), value); }
    void set(const char* name, int value) const { gl().glUniform1i(uniform(name), value); }
    void set(const char* name, float x, float y) const { gl().glUniform2f(uniform(name), x, y); }
    void set(const char* name, int x, int y) const { gl().glUniform2i(uniform(name), x, y); }
    void set(const char* name, float x, float y, float z) const { gl().glUniform3f(uniform(name), x, y, z); }

  private:
    GLint uniform(const char* name) const { return gl().glGetUniformLocation(id_, name); }

    GLuint id_ = 0;
};

// A picture on the GPU that can be drawn into and read from.
struct GlTarget {
    GLuint texture = 0;
    GLuint framebuffer = 0;
    int width = 0;
    int height = 0;

    // format: GL_RGBA16F or GL_RGBA8. Between its texels it is read straight, past its edges as they are.
    static Result<GlTarget> make(int width, int height, GLenum format, bool with_depth = false);
    // What is drawn next goes here.
    void bind() const;
};

void read_from(int unit, GLuint texture);
void draw_everywhere();
// What the driver complained of since it was asked last.
Status check_gl(std::string_view doing);

}  // namespace dubplate
