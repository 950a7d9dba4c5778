// Compiled once for each kind of processor; each lane is one sample or one bin.
#include "audio/kernels/spectrum.h"

#include <cmath>
#include <cstddef>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "audio/kernels/spectrum.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace dubplate::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

void multiply(const float* samples, const float* window, float* to, std::size_t count) {
    const hn::ScalableTag<float> d;
    const std::size_t lanes = hn::Lanes(d);
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        hn::StoreU(hn::Mul(hn::LoadU(d, samples + i), hn::LoadU(d, window + i)), d, to + i);
    for (; i < count; ++i) to[i] = samples[i] * window[i];
}

// `pairs`: real and imaginary parts in turn.
void magnitudes_of(const float* pairs, float* to, std::size_t count) {
    const hn::ScalableTag<float> d;
    const std::size_t lanes = hn::Lanes(d);
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        auto real = hn::Zero(d);
        auto imaginary = hn::Zero(d);
        hn::LoadInterleaved2(d, pairs + 2 * i, real, imaginary);
        hn::StoreU(hn::Sqrt(hn::Add(hn::Mul(real, real), hn::Mul(imaginary, imaginary))), d, to + i);
    }
    for (; i < count; ++i)
        to[i] = std::sqrt(pairs[2 * i] * pairs[2 * i] + pairs[2 * i + 1] * pairs[2 * i + 1]);
}

}  // namespace
}  // namespace dubplate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dubplate {

HWY_EXPORT(multiply);
HWY_EXPORT(magnitudes_of);

void apply_window(const float* samples, const float* window, std::span<float> to) {
    HWY_DYNAMIC_DISPATCH(multiply)(samples, window, to.data(), to.size());
}

void compute_magnitudes(std::span<const std::complex<float>> bins, float* magnitudes) {
    // The standard promises that a complex number is laid out as an array of two.
    HWY_DYNAMIC_DISPATCH(magnitudes_of)
    (reinterpret_cast<const float*>(bins.data()), magnitudes, bins.size());
}

}  // namespace dubplate
#endif
