// Compiled once for each kind of processor.
#include "video/kernels/bloom.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "video/kernels/bloom.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace dubplate::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

const hn::CappedTag<float, 16> lanes;
using Vec = hn::Vec<decltype(lanes)>;

HWY_INLINE Vec set(float value) {
    return hn::Set(lanes, value);
}
HWY_INLINE int step() {
    return static_cast<int>(hn::Lanes(lanes));
}

void bright(const float* const* upper, const float* const* lower, float* const* target, int width,
            float threshold, float smoothing) {
    const Vec width_of_knee = set(std::max(smoothing, 1e-4F));
    for (int x = 0; x < width; x += step()) {
        Vec mean[3];
        for (int c = 0; c < 3; ++c) {
            Vec even;
            Vec odd;
            Vec even_below;
            Vec odd_below;
            hn::LoadInterleaved2(lanes, upper[c] + 2 * x, even, odd);
            hn::LoadInterleaved2(lanes, lower[c] + 2 * x, even_below, odd_below);
            mean[c] = hn::Mul(hn::Add(hn::Add(even, odd), hn::Add(even_below, odd_below)), set(0.25F));
        }
        // Luma by BT.709.
        const Vec luma = hn::Add(hn::Add(hn::Mul(mean[0], set(0.2126F)), hn::Mul(mean[1], set(0.7152F))),
                                 hn::Mul(mean[2], set(0.0722F)));
        const Vec way =
            hn::Min(hn::Max(hn::Div(hn::Sub(luma, set(threshold)), width_of_knee), hn::Zero(lanes)), set(1));
        // The smooth step 3 t^2 - 2 t^3.
        const Vec share = hn::Mul(hn::Mul(way, way), hn::Sub(set(3), hn::Add(way, way)));
        for (int c = 0; c < 3; ++c) hn::StoreU(hn::Mul(mean[c], share), lanes, target[c] + x);
    }
}

void halve(const float* const* lines, float* scratch, int source_width, float* target, int width) {
    for (int x = 0; x < source_width; x += step()) {
        const Vec outer = hn::Add(hn::LoadU(lanes, lines[0] + x), hn::LoadU(lanes, lines[3] + x));
        const Vec inner = hn::Add(hn::LoadU(lanes, lines[1] + x), hn::LoadU(lanes, lines[2] + x));
        hn::StoreU(hn::Mul(hn::Add(outer, hn::Mul(inner, set(3))), set(0.125F)), lanes, scratch + x);
    }
    pad_line(scratch, source_width);
    for (int x = 0; x < width; x += step()) {
        Vec second;
        Vec third;
        Vec first;
        Vec fourth;
        Vec unused;
        hn::LoadInterleaved2(lanes, scratch + 2 * x, second, third);
        hn::LoadInterleaved2(lanes, scratch + 2 * x - 1, first, unused);
        hn::LoadInterleaved2(lanes, scratch + 2 * x + 1, unused, fourth);
        const Vec outer = hn::Add(first, fourth);
        const Vec inner = hn::Add(second, third);
        hn::StoreU(hn::Mul(hn::Add(outer, hn::Mul(inner, set(3))), set(0.125F)), lanes, target + x);
    }
}

void twice(const float* near, const float* far, float* scratch, int source_width, float* target, int width) {
    for (int x = 0; x < source_width; x += step())
        hn::StoreU(hn::Add(hn::Mul(hn::LoadU(lanes, near + x), set(0.75F)),
                           hn::Mul(hn::LoadU(lanes, far + x), set(0.25F))),
                   lanes, scratch + x);
    pad_line(scratch, source_width);
    for (int x = 0; 2 * x < width; x += step()) {
        const Vec here = hn::Mul(hn::LoadU(lanes, scratch + x), set(0.75F));
        const Vec even = hn::Add(here, hn::Mul(hn::LoadU(lanes, scratch + x - 1), set(0.25F)));
        const Vec odd = hn::Add(here, hn::Mul(hn::LoadU(lanes, scratch + x + 1), set(0.25F)));
        hn::StoreInterleaved2(even, odd, lanes, target + 2 * x);
    }
}

void mix(float* own, const float* wider, float share, int width) {
    for (int x = 0; x < width; x += step()) {
        const Vec mine = hn::LoadU(lanes, own + x);
        const Vec difference = hn::Sub(hn::LoadU(lanes, wider + x), mine);
        hn::StoreU(hn::Add(mine, hn::Mul(difference, set(share))), lanes, own + x);
    }
}

}  // namespace
}  // namespace dubplate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dubplate {

HWY_EXPORT(bright);
HWY_EXPORT(halve);
HWY_EXPORT(twice);
HWY_EXPORT(mix);

void bright_line(const float* const upper[3], const float* const lower[3], float* const target[3], int width,
                 BrightPass pass) {
    HWY_DYNAMIC_DISPATCH(bright)(upper, lower, target, width, pass.threshold, pass.smoothing);
}

void halve_line(const float* const lines[4], float* scratch, int source_width, float* target, int width) {
    HWY_DYNAMIC_DISPATCH(halve)(lines, scratch, source_width, target, width);
}

void double_line(const float* near, const float* far, float* scratch, int source_width, float* target,
                 int width) {
    HWY_DYNAMIC_DISPATCH(twice)(near, far, scratch, source_width, target, width);
}

void mix_line(float* own, const float* wider, float share, int width) {
    HWY_DYNAMIC_DISPATCH(mix)(own, wider, share, width);
}

void pad_line(float* line, int width) {
    std::fill_n(line - line_padding / 2, line_padding / 2, line[0]);
    std::fill_n(line + width, line_padding / 2, line[width - 1]);
}

}  // namespace dubplate
#endif
