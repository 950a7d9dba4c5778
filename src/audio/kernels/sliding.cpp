// Compiled once for each kind of processor. Lanes go over the results, four vectors of them at a time: a sum never goes across lanes.
#include "audio/kernels/sliding.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "audio/kernels/sliding.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace dubplate::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

void slide(const float* from, const float* weights, std::int64_t weight_count, float* to,
           std::int64_t count) {
    const hn::ScalableTag<float> d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    std::int64_t i = 0;
    for (; i + 4 * lanes <= count; i += 4 * lanes) {
        auto a = hn::LoadU(d, to + i);
        auto b = hn::LoadU(d, to + i + lanes);
        auto c = hn::LoadU(d, to + i + 2 * lanes);
        auto e = hn::LoadU(d, to + i + 3 * lanes);
        for (std::int64_t k = 0; k < weight_count; ++k) {
            const auto weight = hn::Set(d, weights[k]);
            const float* const x = from + i + k;
            a = hn::Add(a, hn::Mul(weight, hn::LoadU(d, x)));
            b = hn::Add(b, hn::Mul(weight, hn::LoadU(d, x + lanes)));
            c = hn::Add(c, hn::Mul(weight, hn::LoadU(d, x + 2 * lanes)));
            e = hn::Add(e, hn::Mul(weight, hn::LoadU(d, x + 3 * lanes)));
        }
        hn::StoreU(a, d, to + i);
        hn::StoreU(b, d, to + i + lanes);
        hn::StoreU(c, d, to + i + 2 * lanes);
        hn::StoreU(e, d, to + i + 3 * lanes);
    }
    for (; i < count; ++i) {
        float sum = to[i];
        for (std::int64_t k = 0; k < weight_count; ++k) sum += weights[k] * from[i + k];
        to[i] = sum;
    }
}

}  // namespace
}  // namespace dubplate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dubplate {

HWY_EXPORT(slide);

void add_sliding_products(const float* from, const float* weights, std::int64_t weight_count, float* to,
                          std::int64_t count) {
    HWY_DYNAMIC_DISPATCH(slide)(from, weights, weight_count, to, count);
}

}  // namespace dubplate
#endif
