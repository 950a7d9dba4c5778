// Compiled once for each kind of processor.
#include "video/kernels/output.h"

#include <algorithm>
#include <cstddef>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "video/kernels/output.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

// Once for all kinds of processors.
#ifndef DUBPLATE_VIDEO_DITHER
#define DUBPLATE_VIDEO_DITHER
namespace dubplate {
namespace {
// Bayer's pattern: every threshold of 64 once, neighbors far apart. Doubled, so that a vector may start anywhere.
constexpr std::uint8_t bayer[8][8] = {{0, 32, 8, 40, 2, 34, 10, 42},  {48, 16, 56, 24, 50, 18, 58, 26},
                                      {12, 44, 4, 36, 14, 46, 6, 38}, {60, 28, 52, 20, 62, 30, 54, 22},
                                      {3, 35, 11, 43, 1, 33, 9, 41},  {51, 19, 59, 27, 49, 17, 57, 25},
                                      {15, 47, 7, 39, 13, 45, 5, 37}, {63, 31, 55, 23, 61, 29, 53, 21}};
struct Thresholds {
    alignas(64) float line[8][16];
};
constexpr Thresholds make_thresholds() {
    Thresholds made{};
    for (int y = 0; y < 8; ++y)
        for (int x = 0; x < 16; ++x) made.line[y][x] = (static_cast<float>(bayer[y][x % 8]) + 0.5F) / 64.0F;
    return made;
}
constexpr Thresholds thresholds = make_thresholds();
}  // namespace
}  // namespace dubplate
#endif

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

HWY_INLINE Vec shown(Vec light) {
    constexpr float knee = 0.8F;
    Vec level = hn::Max(light, hn::Zero(lanes));
    // Few pixels are that bright, and a division is dear.
    const auto is_bright = hn::Gt(light, set(knee));
    if (!hn::AllFalse(lanes, is_bright)) {
        const Vec above = hn::Mul(hn::Max(hn::Sub(light, set(knee)), hn::Zero(lanes)), set(1 / (1 - knee)));
        const Vec bent = hn::Add(set(knee), hn::Div(hn::Mul(above, set(1 - knee)), hn::Add(above, set(1))));
        level = hn::IfThenElse(is_bright, bent, level);
    }
    // A fit of 1.055 x^(1/2.4) - 0.055 on the root, exact at 1, and the straight piece near black.
    const Vec root = hn::Sqrt(level);
    Vec curve = set(0.483056545F);
    for (const float factor : {-1.54419017F, 1.96638274F, -1.38008034F, 1.51481116F, -0.0399799421F})
        curve = hn::Add(hn::Mul(curve, root), set(factor));
    const Vec encoded = hn::IfThenElse(hn::Lt(level, set(0.0031308F)), hn::Mul(level, set(12.92F)), curve);
    return hn::Mul(hn::Min(encoded, set(1)), set(255));
}

void show(const float* light, const float* bloom, float intensity, float* target, int width) {
    for (int x = 0; x < width; x += step()) {
        Vec sum = hn::LoadU(lanes, light + x);
        if (bloom != nullptr) sum = hn::Add(sum, hn::Mul(hn::LoadU(lanes, bloom + x), set(intensity)));
        hn::StoreU(shown(sum), lanes, target + x);
    }
}

// Cuts off what is behind the point and stores bytes; the values are 0 to 255 and some.
HWY_INLINE void store_bytes(Vec values, std::uint8_t* target, int left) {
    const hn::Rebind<std::int32_t, decltype(lanes)> integers;
    const hn::Rebind<std::uint8_t, decltype(lanes)> bytes;
    const auto packed = hn::DemoteTo(bytes, hn::ConvertTo(integers, values));
    if (left >= step()) {
        hn::StoreU(packed, bytes, target);
        return;
    }
    HWY_ALIGN std::uint8_t rest[64];
    hn::StoreU(packed, bytes, rest);
    std::copy_n(rest, left, target);
}

HWY_INLINE Vec weighed(Vec red, Vec green, Vec blue, const float* weights) {
    return hn::Add(hn::Add(hn::Mul(red, set(weights[0])), hn::Mul(green, set(weights[1]))),
                   hn::Add(hn::Mul(blue, set(weights[2])), set(weights[3])));
}

void luma(const float* const* rgb, std::uint8_t* target, int width, int y) {
    // BT.709: 219 steps above 16.
    constexpr float scale = 219.0F / 255.0F;
    constexpr float weights[] = {0.2126F * scale, 0.7152F * scale, 0.0722F * scale, 16.0F};
    for (int x = 0; x < width; x += step()) {
        const Vec value = weighed(hn::LoadU(lanes, rgb[0] + x), hn::LoadU(lanes, rgb[1] + x),
                                  hn::LoadU(lanes, rgb[2] + x), weights);
        const Vec pattern = hn::LoadU(lanes, thresholds.line[y & 7] + (x & 7));
        store_bytes(hn::Add(value, pattern), target + x, width - x);
    }
}

void chroma(const float* const* upper, const float* const* lower, std::uint8_t* blue_difference,
            std::uint8_t* red_difference, int width) {
    // BT.709: 112 steps to either side of 128; halves of 1.8556 and 1.5748 scale the differences. 0.5 rounds.
    constexpr float scale = 224.0F / 255.0F;
    constexpr float blue[] = {-0.2126F / 1.8556F * scale, -0.7152F / 1.8556F * scale,
                              0.9278F / 1.8556F * scale, 128.5F};
    constexpr float red[] = {0.7874F / 1.5748F * scale, -0.7152F / 1.5748F * scale,
                             -0.0722F / 1.5748F * scale, 128.5F};
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
        store_bytes(weighed(mean[0], mean[1], mean[2], blue), blue_difference + x, width - x);
        store_bytes(weighed(mean[0], mean[1], mean[2], red), red_difference + x, width - x);
    }
}

void pixels(const float* const* rgb, std::uint8_t* target, int width, int y) {
    HWY_ALIGN std::uint8_t bytes[3][64];
    for (int x = 0; x < width; x += step()) {
        // One threshold for all three colors: gray stays gray.
        const Vec pattern = hn::LoadU(lanes, thresholds.line[y & 7] + (x & 7));
        for (int c = 0; c < 3; ++c)
            store_bytes(hn::Add(hn::LoadU(lanes, rgb[c] + x), pattern), bytes[c], step());
        for (int i = 0; i < step() && x + i < width; ++i)
            for (int c = 0; c < 3; ++c) target[3 * (x + i) + c] = bytes[c][i];
    }
}

}  // namespace
}  // namespace dubplate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dubplate {

HWY_EXPORT(show);
HWY_EXPORT(luma);
HWY_EXPORT(chroma);
HWY_EXPORT(pixels);

void show_line(const float* light, const float* bloom, float intensity, float* target, int width) {
    HWY_DYNAMIC_DISPATCH(show)(light, bloom, intensity, target, width);
}
void luma_line(const float* const rgb[3], std::uint8_t* target, int width, int y) {
    HWY_DYNAMIC_DISPATCH(luma)(rgb, target, width, y);
}
void chroma_line(const float* const upper[3], const float* const lower[3], std::uint8_t* blue_difference,
                 std::uint8_t* red_difference, int width) {
    HWY_DYNAMIC_DISPATCH(chroma)(upper, lower, blue_difference, red_difference, width);
}
void rgb_line(const float* const rgb[3], std::uint8_t* target, int width, int y) {
    HWY_DYNAMIC_DISPATCH(pixels)(rgb, target, width, y);
}

}  // namespace dubplate
#endif
