// renderers.h: what the pictures of a video are drawn with: a GPU, or the processor.
//
// What     `automatic` takes a GPU where there is a real one, and the processor where there is none; `gpu` fails without.
// Pool     a renderer that is done with a segment draws the next one: on a GPU one costs as much to make as some pictures.
// Threads  plain functions; the pool may be used by many threads at once.
// Errors   unavailable: `gpu`, and there is none. Those of making a renderer.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/params.h"
#include "video/renderer.h"

namespace dubplate {

enum class RendererChoice { automatic, cpu, gpu };
template <>
struct EnumNames<RendererChoice> {
    static constexpr std::array<std::pair<RendererChoice, std::string_view>, 3> table{
        {{RendererChoice::automatic, "auto"}, {RendererChoice::cpu, "cpu"}, {RendererChoice::gpu, "gpu"}}};
};

struct ChosenRenderer {
    bool is_gpu = false;
    std::string name = "the processor";  // of the GPU, as its driver calls it
};
Result<ChosenRenderer> choose_renderer(RendererChoice asked);

Result<std::unique_ptr<Renderer>> make_renderer(const ChosenRenderer& chosen, const RendererOptions& options);

class RendererPool {
  public:
    RendererPool(ChosenRenderer chosen, const RendererOptions& options)
        : chosen_(std::move(chosen)), options_(options) {}

    Result<std::unique_ptr<Renderer>> take();
    // No picture may be under way.
    void give_back(std::unique_ptr<Renderer> renderer);

  private:
    ChosenRenderer chosen_;
    RendererOptions options_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Renderer>> free_;
};

}  // namespace dubplate
