#include "video/gpu/gpu_renderer.h"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <deque>
#include <optional>

#include "video/gpu/gl_context.h"
#include "video/gpu/gl_objects.h"
#include "video/gpu/shaders.h"
#include "video/gpu/shape_records.h"

namespace dubplate {

namespace {

constexpr int texels_a_line = 1024;  // of the texture of records; the shaders know it
constexpr int pictures_under_way = 3;
constexpr GLuint64 longest_wait_ns = 60'000'000'000;  // after which the GPU is taken for hung

float f(double value) {
    return static_cast<float>(value);
}

// As the program of shapes knows them.
enum class Part { all, middles, edges };

struct Programs {
    GlProgram backdrop;
    GlProgram shape;
    GlProgram bright;
    GlProgram halve;
    GlProgram widen;
    GlProgram yuv;
    GlProgram rgb;

    static Result<Programs> make() {
        const auto everywhere = [](const char* fragments, const char* more = "") {
            return GlProgram::make(shaders::everywhere, fragments, more);
        };
        Programs made;
        DUBPLATE_TRY(made.backdrop, everywhere(shaders::backdrop));
        DUBPLATE_TRY(made.shape, GlProgram::make(shaders::on_shape, shaders::shape));
        DUBPLATE_TRY(made.bright, everywhere(shaders::bright));
        DUBPLATE_TRY(made.halve, everywhere(shaders::halve));
        DUBPLATE_TRY(made.widen, everywhere(shaders::widen));
        DUBPLATE_TRY(made.yuv, everywhere(shaders::shown, shaders::yuv));
        DUBPLATE_TRY(made.rgb, everywhere(shaders::shown, shaders::rgb));
        return made;
    }
};

struct Targets {
    GlTarget light;
    std::vector<GlTarget> bloom;
    GlTarget yuv;
    int chroma_texels = 0;

    static Result<Targets> make(const RendererOptions& options) {
        Targets made;
        DUBPLATE_TRY(made.light, GlTarget::make(options.width, options.height, GL_RGBA16F, true));
        for (const BloomSize& size : bloom_sizes(options)) {
            DUBPLATE_TRY(const GlTarget level, GlTarget::make(size.width, size.height, GL_RGBA16F));
            made.bloom.push_back(level);
        }
        made.chroma_texels = (options.width / 2 + 3) / 4;
        const int across = std::max((options.width + 3) / 4, 2 * made.chroma_texels);
        DUBPLATE_TRY(made.yuv, GlTarget::make(across, options.height * 3 / 2, GL_RGBA8));
        return made;
    }
};

class GpuRenderer final : public Renderer {
  public:
    GpuRenderer(const RendererOptions& options, const GlDevice& device, GlContext context,
                const Programs& programs, Targets targets)
        : options_(options),
          device_(device),
          context_(std::move(context)),
          programs_(programs),
          targets_(std::move(targets)) {}

    // What is set once. The context is current.
    Status set_up() {
        gl().glGenVertexArrays(1, &vertices_);
        gl().glBindVertexArray(vertices_);
        gl().glGenBuffers(1, &offsets_);
        gl().glBindBuffer(GL_ARRAY_BUFFER, offsets_);
        gl().glEnableVertexAttribArray(0);
        gl().glVertexAttribDivisor(0, 1);
        gl().glDepthFunc(GL_GEQUAL);
        gl().glClearDepthf(0);
        const GlTarget& yuv = targets_.yuv;
        gl().glGenBuffers(pictures_under_way, buffers_.data());
        for (const GLuint buffer : buffers_) {
            gl().glBindBuffer(GL_PIXEL_PACK_BUFFER, buffer);
            gl().glBufferData(GL_PIXEL_PACK_BUFFER, bytes_of(yuv), nullptr, GL_STREAM_READ);
        }
        gl().glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
        programs_.shape.use();
        programs_.shape.set("size", f(options_.width), f(options_.height));
        programs_.bright.use();
        programs_.bright.set("threshold", f(options_.bloom.threshold));
        programs_.bright.set("smoothing", f(options_.bloom.smoothing));
        for (const GlProgram* program : {&programs_.yuv, &programs_.rgb}) {
            program->use();
            program->set("bloom", 1);
            program->set("size", options_.width, options_.height);
            program->set("intensity", targets_.bloom.empty() ? 0.0F : f(options_.bloom.intensity));
            if (!targets_.bloom.empty()) set_texel(*program, targets_.bloom.front());
        }
        programs_.yuv.use();
        programs_.yuv.set("chroma_texels", targets_.chroma_texels);
        return check_gl("starting the GPU");
    }

    int most_under_way() const override { return pictures_under_way; }

    Status begin(const Scene& scene) override {
        DUBPLATE_ASSERT(under_way_.size() < buffers_.size());
        DUBPLATE_TRY(const auto current, context_.current());
        DUBPLATE_CHECK(draw_picture(scene));
        draw_shown(programs_.yuv, targets_.yuv);
        const GLuint buffer = buffers_[next_buffer_];
        next_buffer_ = (next_buffer_ + 1) % buffers_.size();
        gl().glBindBuffer(GL_PIXEL_PACK_BUFFER, buffer);
        gl().glReadPixels(0, 0, targets_.yuv.width, targets_.yuv.height, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
        gl().glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
        under_way_.push_back({buffer, gl().glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0)});
        return check_gl("drawing");
    }

    Status take(const YuvPlanes& target) override {
        DUBPLATE_ASSERT(!under_way_.empty());
        DUBPLATE_TRY(const auto current, context_.current());
        const UnderWay oldest = under_way_.front();
        under_way_.pop_front();
        const GLenum waited = gl().glClientWaitSync(oldest.done, GL_SYNC_FLUSH_COMMANDS_BIT, longest_wait_ns);
        gl().glDeleteSync(oldest.done);
        if (waited != GL_ALREADY_SIGNALED && waited != GL_CONDITION_SATISFIED)
            return fail(ErrorCode::unavailable, "the GPU does not answer", "use --renderer cpu");
        gl().glBindBuffer(GL_PIXEL_PACK_BUFFER, oldest.buffer);
        const void* bytes =
            gl().glMapBufferRange(GL_PIXEL_PACK_BUFFER, 0, bytes_of(targets_.yuv), GL_MAP_READ_BIT);
        if (bytes != nullptr) {
            copy_out(static_cast<const std::uint8_t*>(bytes), target);
            gl().glUnmapBuffer(GL_PIXEL_PACK_BUFFER);
        }
        gl().glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
        if (bytes == nullptr) return fail(ErrorCode::unavailable, "the GPU gives no picture back");
        return check_gl("reading a picture");
    }

    Result<PixelImage> render_still(const Scene& scene) override {
        DUBPLATE_ASSERT(under_way_.empty());
        DUBPLATE_TRY(const auto current, context_.current());
        if (!still_) {
            DUBPLATE_TRY(still_, GlTarget::make(options_.width, options_.height, GL_RGBA8));
        }
        DUBPLATE_CHECK(draw_picture(scene));
        draw_shown(programs_.rgb, *still_);
        const auto pixels =
            static_cast<std::size_t>(options_.width) * static_cast<std::size_t>(options_.height);
        std::vector<std::uint8_t> rgba(4 * pixels);
        gl().glReadPixels(0, 0, options_.width, options_.height, GL_RGBA, GL_UNSIGNED_BYTE, rgba.data());
        DUBPLATE_CHECK(check_gl("drawing a still"));
        PixelImage image{options_.width, options_.height, {}};
        image.rgb.reserve(3 * pixels);
        for (std::size_t i = 0; i < rgba.size(); ++i)
            if (i % 4 != 3) image.rgb.push_back(rgba[i]);
        return image;
    }

  private:
    struct UnderWay {
        GLuint buffer = 0;
        GLsync done = nullptr;
    };

    static GLsizeiptr bytes_of(const GlTarget& target) {
        return GLsizeiptr{4} * target.width * target.height;
    }
    static void set_texel(const GlProgram& program, const GlTarget& source) {
        program.set("texel", 1.0F / static_cast<float>(source.width),
                    1.0F / static_cast<float>(source.height));
    }

    // ---- light ----

    Status draw_picture(const Scene& scene) {
        pack_shapes(project(scene, options_.width, options_.height), options_.width, options_.height,
                    records_);
        DUBPLATE_CHECK(send_records());
        targets_.light.bind();
        draw_backdrop(scene.backdrop);
        draw_shapes(f(scene.camera.nearest));
        if (!targets_.bloom.empty()) draw_bloom();
        return {};
    }

    Status send_records() {
        const auto lines = static_cast<int>((records_.texels.size() + texels_a_line - 1) / texels_a_line);
        if (lines > device_.largest_texture)
            return fail(
                ErrorCode::limit_exceeded,
                fmt::format("{} shapes in one picture are too many for {}", records_.count(), device_.name),
                "use --renderer cpu");
        if (lines > record_lines_) {
            gl().glDeleteTextures(1, &shapes_);
            gl().glGenTextures(1, &shapes_);
            record_lines_ = std::min(2 * lines, device_.largest_texture);
            read_from(0, shapes_);
            gl().glTexStorage2D(GL_TEXTURE_2D, 1, GL_RGBA32F, texels_a_line, record_lines_);
            gl().glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
            gl().glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
        }
        if (lines == 0) return {};
        records_.texels.resize(static_cast<std::size_t>(lines) * texels_a_line);
        read_from(0, shapes_);
        gl().glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, texels_a_line, lines, GL_RGBA, GL_FLOAT,
                             records_.texels.data());
        gl().glBufferData(GL_ARRAY_BUFFER,
                          static_cast<GLsizeiptr>(records_.first_texel.size() * sizeof(std::int32_t)),
                          records_.first_texel.data(), GL_STREAM_DRAW);
        return {};
    }

    void draw_backdrop(const Backdrop& backdrop) {
        programs_.backdrop.use();
        programs_.backdrop.set("top", f(backdrop.top.red), f(backdrop.top.green), f(backdrop.top.blue));
        programs_.backdrop.set("bottom", f(backdrop.bottom.red), f(backdrop.bottom.green),
                               f(backdrop.bottom.blue));
        programs_.backdrop.set("last_line", static_cast<float>(options_.height - 1));
        draw_everywhere();
    }

    void draw_shapes(float nearest) {
        programs_.shape.use();
        programs_.shape.set("nearest", nearest);
        gl().glEnable(GL_DEPTH_TEST);
        gl().glDepthMask(GL_TRUE);
        gl().glClear(GL_DEPTH_BUFFER_BIT);
        gl().glEnable(GL_BLEND);
        gl().glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
        // Depths are kept where a shape has a pixel's middle; what it has of others, at its edges, hides nothing.
        int first = 0;
        for (const int end : records_.layer_ends) {
            gl().glDepthMask(GL_TRUE);
            draw_boxes(Part::middles, first, end);
            gl().glDepthMask(GL_FALSE);
            draw_boxes(Part::edges, first, end);
            first = end;
        }
        gl().glDepthMask(GL_FALSE);
        if (first < records_.count()) draw_boxes(Part::all, first, records_.count());
        gl().glDisable(GL_BLEND);
        gl().glDisable(GL_DEPTH_TEST);
    }

    void draw_boxes(Part part, int first, int end) {
        programs_.shape.set("part", static_cast<int>(part));
        const auto offset = static_cast<std::uintptr_t>(first) * sizeof(std::int32_t);
        gl().glVertexAttribIPointer(0, 1, GL_INT, 0, reinterpret_cast<const void*>(offset));
        gl().glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, end - first);
    }

    // ---- bloom and output ----

    void draw_bloom() {
        std::vector<GlTarget>& levels = targets_.bloom;
        programs_.bright.use();
        read_from(0, targets_.light.texture);
        levels.front().bind();
        draw_everywhere();
        programs_.halve.use();
        for (std::size_t i = 1; i < levels.size(); ++i) draw_from(programs_.halve, levels[i - 1], levels[i]);
        programs_.widen.use();
        gl().glEnable(GL_BLEND);
        gl().glBlendColor(0, 0, 0, f(options_.bloom.radius));
        gl().glBlendFunc(GL_CONSTANT_ALPHA, GL_ONE_MINUS_CONSTANT_ALPHA);
        for (std::size_t i = levels.size(); i-- > 1;) draw_from(programs_.widen, levels[i], levels[i - 1]);
        gl().glDisable(GL_BLEND);
    }

    static void draw_from(const GlProgram& program, const GlTarget& source, const GlTarget& target) {
        read_from(0, source.texture);
        set_texel(program, source);
        target.bind();
        draw_everywhere();
    }

    void draw_shown(const GlProgram& program, const GlTarget& target) {
        program.use();
        read_from(0, targets_.light.texture);
        if (!targets_.bloom.empty()) read_from(1, targets_.bloom.front().texture);
        target.bind();
        draw_everywhere();
    }

    void copy_out(const std::uint8_t* bytes, const YuvPlanes& target) const {
        const auto width = static_cast<std::size_t>(options_.width);
        const std::ptrdiff_t line = std::ptrdiff_t{4} * targets_.yuv.width;
        for (int y = 0; y < options_.height; ++y)
            std::memcpy(target.luma.data + y * target.luma.stride, bytes + y * line, width);
        const std::uint8_t* chroma = bytes + options_.height * line;
        const std::ptrdiff_t red = std::ptrdiff_t{4} * targets_.chroma_texels;
        for (int y = 0; y < options_.height / 2; ++y, chroma += line) {
            std::memcpy(target.blue_difference.data + y * target.blue_difference.stride, chroma, width / 2);
            std::memcpy(target.red_difference.data + y * target.red_difference.stride, chroma + red,
                        width / 2);
        }
    }

    RendererOptions options_;
    GlDevice device_;
    GlContext context_;
    Programs programs_;
    Targets targets_;
    std::optional<GlTarget> still_;
    ShapeRecords records_;
    GLuint vertices_ = 0;
    GLuint offsets_ = 0;
    GLuint shapes_ = 0;
    int record_lines_ = 0;
    std::array<GLuint, pictures_under_way> buffers_{};
    std::size_t next_buffer_ = 0;
    std::deque<UnderWay> under_way_;
};

}  // namespace

Result<Gpu> find_gpu() {
    DUBPLATE_TRY(const GlDevice device, find_gl_device());
    return Gpu{device.name, device.is_software};
}

Result<std::unique_ptr<Renderer>> make_gpu_renderer(const RendererOptions& options) {
    DUBPLATE_CHECK(check_picture_size(options.width, options.height));
    DUBPLATE_TRY(const GlDevice device, find_gl_device());
    if (std::max(options.width, options.height * 3 / 2) > device.largest_texture)
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("{}x{} is too large for {}", options.width, options.height, device.name),
                    "use --renderer cpu");
    DUBPLATE_TRY(GlContext context, GlContext::make(device.display));
    std::unique_ptr<GpuRenderer> renderer;
    {
        DUBPLATE_TRY(const auto current, context.current());
        DUBPLATE_TRY(const Programs programs, Programs::make());
        DUBPLATE_TRY(Targets targets, Targets::make(options));
        renderer =
            std::make_unique<GpuRenderer>(options, device, std::move(context), programs, std::move(targets));
        DUBPLATE_CHECK(renderer->set_up());
    }
    return renderer;
}

}  // namespace dubplate
