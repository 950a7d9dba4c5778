#include "exports/video/watch.h"

#include <fmt/format.h>

#include <cmath>

#include "core/hash.h"

namespace dubplate {

namespace {

constexpr int looked_at = 4;  // each so-manieth line
constexpr double black_luma = 17;
constexpr double lit_luma = 20;

double mean_luma(const YuvPlane& luma, int width, int height) {
    std::int64_t sum = 0;
    std::int64_t count = 0;
    for (int y = 0; y < height; y += looked_at, count += width)
        for (int x = 0; x < width; ++x) sum += luma.data[y * luma.stride + x];
    return static_cast<double>(sum) / static_cast<double>(count);
}

std::string fingerprint(const YuvPlane& luma, int width, int height) {
    Fingerprint print;
    for (int y = 0; y < height; y += looked_at)
        print.update(std::as_bytes(std::span(luma.data + y * luma.stride, static_cast<std::size_t>(width))));
    return print.finish();
}

}  // namespace

double luma_psnr_db(const YuvPlane& a, const YuvPlane& b, int width, int height) {
    double squares = 0;
    for (int y = 0; y < height; ++y) {
        std::int64_t line = 0;
        for (int x = 0; x < width; ++x) {
            const int difference = a.data[y * a.stride + x] - b.data[y * b.stride + x];
            line += difference * difference;
        }
        squares += static_cast<double>(line);
    }
    return 10 * std::log10(255.0 * 255.0 * width * height / squares);
}

void FrameWatch::Suspects::add(std::int64_t frame, std::int64_t apart) {
    const bool is_near = !frames.empty() && frame - frames.back() < apart;
    if (frames.size() < max_suspects && !is_near) frames.push_back(frame);
}

void FrameWatch::see(std::int64_t index, const YuvPlane& luma) {
    const std::int64_t apart = plan_.frames / static_cast<std::int64_t>(max_suspects);
    const int width = plan_.settings.width;
    const int height = plan_.settings.height;
    std::string print = fingerprint(luma, width, height);
    if (mean_luma(luma, width, height) < black_luma) black_.add(index, apart);
    if (print == last_) repeated_.add(index, apart);
    last_ = std::move(print);
}

Result<std::string> FrameWatch::fault(Renderer& renderer, double least_psnr_db) const {
    const int width = plan_.settings.width;
    const int height = plan_.settings.height;
    YuvImage fresh(width, height);
    for (const std::int64_t frame : black_.frames) {
        DUBPLATE_CHECK(renderer.render(plan_.stage->scene_at(plan_.time_of(frame)), fresh.planes()));
        if (mean_luma(fresh.planes().luma, width, height) > lit_luma)
            return fmt::format("frame {} is black", frame);
    }
    YuvImage before(width, height);
    for (const std::int64_t frame : repeated_.frames) {
        DUBPLATE_CHECK(renderer.render(plan_.stage->scene_at(plan_.time_of(frame - 1)), before.planes()));
        DUBPLATE_CHECK(renderer.render(plan_.stage->scene_at(plan_.time_of(frame)), fresh.planes()));
        if (luma_psnr_db(before.planes().luma, fresh.planes().luma, width, height) < least_psnr_db)
            return fmt::format("frame {} is the one before", frame);
    }
    return std::string();
}

Result<ProofCheck> FrameWatch::check(Renderer& renderer, double least_psnr_db) const {
    DUBPLATE_TRY(const std::string found, fault(renderer, least_psnr_db));
    return ProofCheck{"motion", "no frame black or repeated",
                      found.empty() ? "none where the scene moves" : found, found.empty()};
}

}  // namespace dubplate
