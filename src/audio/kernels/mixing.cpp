// Compiled once for each kind of processor. Every value is computed by the same operations in the same order, whatever
// the number of lanes, so that all kinds give the same bits.
#include "audio/kernels/mixing.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "audio/kernels/mixing.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace dubplate::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

void mix(std::span<const float* const> channels, std::span<const double> weights, float* to,
         std::int64_t count) {
    const hn::ScalableTag<double> d;
    const hn::Rebind<float, decltype(d)> single;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    std::int64_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        auto sum = hn::Zero(d);
        for (std::size_t c = 0; c < channels.size(); ++c)
            sum = hn::Add(
                sum, hn::Mul(hn::Set(d, weights[c]), hn::PromoteTo(d, hn::LoadU(single, channels[c] + i))));
        hn::StoreU(hn::DemoteTo(single, sum), single, to + i);
    }
    for (; i < count; ++i) {
        double sum = 0;
        for (std::size_t c = 0; c < channels.size(); ++c)
            sum += weights[c] * static_cast<double>(channels[c][i]);
        to[i] = static_cast<float>(sum);
    }
}

SampleRange widen(SampleRange range, const float* samples, std::int64_t count) {
    const hn::ScalableTag<float> d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    std::int64_t i = 0;
    auto low = hn::Set(d, range.low);
    auto high = hn::Set(d, range.high);
    for (; i + lanes <= count; i += lanes) {
        const auto x = hn::LoadU(d, samples + i);
        low = hn::IfThenElse(hn::Lt(x, low), x, low);
        high = hn::IfThenElse(hn::Gt(x, high), x, high);
    }
    range = {hn::GetLane(hn::MinOfLanes(d, low)), hn::GetLane(hn::MaxOfLanes(d, high))};
    for (; i < count; ++i) range = {std::min(range.low, samples[i]), std::max(range.high, samples[i])};
    return range;
}

}  // namespace
}  // namespace dubplate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dubplate {

HWY_EXPORT(mix);
HWY_EXPORT(widen);

void mix_channels(std::span<const float* const> channels, std::span<const double> weights, float* to,
                  std::int64_t count) {
    HWY_DYNAMIC_DISPATCH(mix)(channels, weights, to, count);
}

SampleRange widened(SampleRange range, const float* samples, std::int64_t count) {
    return HWY_DYNAMIC_DISPATCH(widen)(range, samples, count);
}

}  // namespace dubplate
#endif
