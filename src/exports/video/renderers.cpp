#include "exports/video/renderers.h"

#include "video/gpu/gpu_renderer.h"
#include "video/tile_renderer.h"

namespace dubplate {

Result<ChosenRenderer> choose_renderer(RendererChoice asked) {
    if (asked == RendererChoice::cpu) return ChosenRenderer{};
    const Result<Gpu> gpu = find_gpu();
    if (asked == RendererChoice::gpu && !gpu)
        return fail(
            gpu.error().code, "renderer: " + gpu.error().message,
            gpu.error().hint.empty() ? "--renderer cpu draws the same on the processor" : gpu.error().hint);
    const bool is_real = gpu && !gpu->is_software;
    if (is_real || asked == RendererChoice::gpu) return ChosenRenderer{true, gpu->name};
    return ChosenRenderer{};
}

Result<std::unique_ptr<Renderer>> make_renderer(const ChosenRenderer& chosen,
                                                const RendererOptions& options) {
    return chosen.is_gpu ? make_gpu_renderer(options) : make_tile_renderer(options);
}

Result<std::unique_ptr<Renderer>> RendererPool::take() {
    {
        const std::lock_guard lock(mutex_);
        if (!free_.empty()) {
            auto renderer = std::move(free_.back());
            free_.pop_back();
            return renderer;
        }
    }
    return make_renderer(chosen_, options_);
}

void RendererPool::give_back(std::unique_ptr<Renderer> renderer) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(renderer));
}

}  // namespace dubplate
