// Compiled once for each kind of processor. Every value is computed by the same operations in the same order, whatever
// the number of lanes, so that all kinds give the same bits.
#include "audio/kernels/oversampler.h"
#include "audio/kernels/kaiser.h"
#include "core/result.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "audio/kernels/oversampler.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace dubplate::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// The three places after each of as many frames as there are lanes.
template <class D>
struct PlaceSums {
    using V = hn::Vec<D>;
    V middle, even, odd;

    HWY_INLINE void add(V near, V far, V middle_weight, V even_weight, V odd_weight) {
        const V sum = hn::Add(near, far);
        middle = hn::Add(middle, hn::Mul(middle_weight, sum));
        even = hn::Add(even, hn::Mul(even_weight, sum));
        odd = hn::Add(odd, hn::Mul(odd_weight, hn::Sub(near, far)));
    }
};

template <class D>
HWY_INLINE hn::Vec<D> read_middle(D d, const float* x, const OversamplerTaps& taps) {
    const int last = 2 * taps.half_width - 1;
    auto middle = hn::Zero(d);
    for (int tap = 0; tap < taps.half_width; ++tap)
        middle = hn::Add(middle, hn::Mul(hn::Set(d, taps.middle[tap]),
                                         hn::Add(hn::LoadU(d, x - tap), hn::LoadU(d, x - (last - tap)))));
    return middle;
}

// take(first, second, third, i), i: the first frame of a vector. `vectors` at once, since each sum waits for the one before.
template <std::size_t vectors, class D, class Take>
HWY_INLINE void read_group(D d, const float* x, const OversamplerTaps& taps, Take&& take) {
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    if (taps.even == nullptr) {
        for (std::int64_t i = 0; i < static_cast<std::int64_t>(vectors) * lanes; i += lanes) {
            const auto middle = read_middle(d, x + i, taps);
            take(middle, middle, middle, i);
        }
        return;
    }
    const int last = 2 * taps.half_width - 1;
    PlaceSums<D> sums[vectors];
    for (auto& sum : sums) sum.middle = sum.even = sum.odd = hn::Zero(d);
    for (int tap = 0; tap < taps.half_width; ++tap) {
        const auto middle = hn::Set(d, taps.middle[tap]);
        const auto even = hn::Set(d, taps.even[tap]);
        const auto odd = hn::Set(d, taps.odd[tap]);
        const float* at = x;
        for (auto& sum : sums) {
            sum.add(hn::LoadU(d, at - tap), hn::LoadU(d, at - (last - tap)), middle, even, odd);
            at += lanes;
        }
    }
    std::int64_t i = 0;
    for (const auto& sum : sums) {
        take(hn::Add(sum.even, sum.odd), sum.middle, hn::Sub(sum.even, sum.odd), i);
        i += lanes;
    }
}

// take(d, first, second, third, i) for all frames: as many lanes at once as there are, and four of them for the rest.
template <class Take>
HWY_INLINE void read_all(const float* x, std::int64_t frames, const OversamplerTaps& taps, Take&& take) {
    const hn::ScalableTag<float> wide;
    const hn::CappedTag<float, Oversampler::step> narrow;
    const auto wide_lanes = static_cast<std::int64_t>(hn::Lanes(wide));
    const auto narrow_lanes = static_cast<std::int64_t>(hn::Lanes(narrow));
    std::int64_t begin = 0;
    for (; begin + 2 * wide_lanes <= frames; begin += 2 * wide_lanes)
        read_group<2>(wide, x + begin, taps,
                      [&](auto a, auto b, auto c, std::int64_t i) { take(wide, a, b, c, begin + i); });
    for (; begin < frames; begin += narrow_lanes)
        read_group<1>(narrow, x + begin, taps,
                      [&](auto a, auto b, auto c, std::int64_t i) { take(narrow, a, b, c, begin + i); });
}

float peak_of(const float* x, std::int64_t frames, const OversamplerTaps& taps) {
    float best = 0;
    read_all(x, frames, taps, [&](auto d, auto first, auto second, auto third, std::int64_t) {
        const auto outer = hn::Max(hn::Abs(first), hn::Abs(third));
        best = std::max(best, hn::GetLane(hn::MaxOfLanes(d, hn::Max(outer, hn::Abs(second)))));
    });
    return best;
}

void read_places(const float* x, std::int64_t frames, const OversamplerTaps& taps, float* const* rows) {
    const bool all_three = taps.even != nullptr;
    read_all(x, frames, taps, [&](auto d, auto first, auto second, auto third, std::int64_t i) {
        hn::StoreU(all_three ? first : second, d, rows[0] + i);
        if (!all_three) return;
        hn::StoreU(second, d, rows[1] + i);
        hn::StoreU(third, d, rows[2] + i);
    });
}

float largest_of(const float* samples, std::int64_t count) {
    const hn::ScalableTag<float> d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    auto best = hn::Zero(d);
    std::int64_t i = 0;
    for (; i + lanes <= count; i += lanes) best = hn::Max(best, hn::Abs(hn::LoadU(d, samples + i)));
    float largest = hn::GetLane(hn::MaxOfLanes(d, best));
    for (; i < count; ++i) largest = std::max(largest, std::abs(samples[i]));
    return largest;
}

Extent extent(const float* samples, std::int64_t count) {
    const hn::ScalableTag<float> d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    auto magnitude = hn::Zero(d);
    auto bend = hn::Zero(d);
    std::int64_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        const auto x = hn::LoadU(d, samples + i);
        const auto middle = hn::LoadU(d, samples + i - 1);
        const auto outer = hn::Add(x, hn::LoadU(d, samples + i - 2));
        magnitude = hn::Max(magnitude, hn::Abs(x));
        bend = hn::Max(bend, hn::Abs(hn::Sub(outer, hn::Add(middle, middle))));
    }
    Extent all{hn::GetLane(hn::MaxOfLanes(d, magnitude)), hn::GetLane(hn::MaxOfLanes(d, bend))};
    for (; i < count; ++i) {
        const float outer = samples[i] + samples[i - 2];
        const float middle = samples[i - 1];
        all = {std::max(all.magnitude, std::abs(samples[i])),
               std::max(all.bend, std::abs(outer - (middle + middle)))};
    }
    return all;
}

}  // namespace
}  // namespace dubplate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dubplate {

HWY_EXPORT(peak_of);
HWY_EXPORT(read_places);
HWY_EXPORT(largest_of);
HWY_EXPORT(extent);

namespace {

// Kaiser's beta for 60 dB of ripple: with 48 frames in sight the band is flat up to 0.46 of the sample rate.
constexpr double precise_beta = 5.65;

double window_at(Oversampler::Window window, double place) {  // place: -1 to 1
    if (window == Oversampler::Window::hann) return 0.5 * (1 + std::cos(std::numbers::pi * place));
    static const KaiserWindow kaiser(precise_beta);
    return kaiser.at(place);
}

// The weight of the sample that lies `distance` frames from the place that is read; never 0 frames.
double weight_at(Oversampler::Window window, int half_width, double distance) {
    const double angle = std::numbers::pi * distance;
    return std::sin(angle) / angle * window_at(window, distance / half_width);
}

}  // namespace

Oversampler::Oversampler(int factor, int half_width, Window window)
    : factor_(factor), half_width_(half_width) {
    DUBPLATE_ASSERT(factor == 1 || factor == 2 || factor == 4);
    for (int phase = 1; phase < factor; ++phase) {
        const double place = static_cast<double>(phase) / factor;
        std::vector<double> weights;
        for (int tap = 0; tap < 2 * half_width; ++tap)
            weights.push_back(weight_at(window, half_width, half_width - tap - place));
        widen_bounds(weights, place);
    }
    if (factor == 1) return;
    for (int tap = 0; tap < half_width; ++tap) {
        middle_.push_back(static_cast<float>(weight_at(window, half_width, half_width - tap - 0.5)));
        if (factor == 2) continue;
        const double near = weight_at(window, half_width, half_width - tap - 0.25);
        const double far = weight_at(window, half_width, half_width - tap - 0.75);
        even_.push_back(static_cast<float>((near + far) / 2));
        odd_.push_back(static_cast<float>((near - far) / 2));
    }
}

// weights: from the newest sample to the oldest. place: from the older neighbor, 0, to the newer one, 1.
void Oversampler::widen_bounds(const std::vector<double>& weights, double place) {
    constexpr double rounding = 1e-4;  // more than that of the sums can add
    const auto older = static_cast<std::size_t>(half_width_);
    double magnitude = rounding;
    double bend = 0;
    double sum = 0;  // of what the filter has beside the line
    double double_sum = 0;
    for (std::size_t tap = 0; tap < weights.size(); ++tap) {
        const double line = tap == older ? 1 - place : tap + 1 == older ? place : 0;
        magnitude += std::abs(weights[tap]);
        sum += weights[tap] - line;
        if (tap + 1 == weights.size()) break;
        double_sum += sum;
        bend += std::abs(double_sum);
    }
    by_magnitude_ = std::max(by_magnitude_, magnitude);
    by_line_ = std::max(by_line_, 1 + rounding + std::abs(sum) + 2 * std::abs(double_sum));
    by_bend_ = std::max(by_bend_, bend);
}

float Oversampler::bound(const Extent& seen) const {
    const auto magnitude = static_cast<double>(seen.magnitude);
    return static_cast<float>(std::min(by_magnitude_ * magnitude,
                                       by_line_ * magnitude + by_bend_ * static_cast<double>(seen.bend)));
}

OversamplerTaps Oversampler::taps() const {
    const bool middle_alone = factor_ == 2;
    return {half_width_, middle_.data(), middle_alone ? nullptr : even_.data(),
            middle_alone ? nullptr : odd_.data()};
}

float Oversampler::peak(const float* x, std::int64_t frames) const {
    DUBPLATE_ASSERT(frames % step == 0);
    if (factor_ == 1) return 0;
    return HWY_DYNAMIC_DISPATCH(peak_of)(x, frames, taps());
}

void Oversampler::read(const float* x, std::int64_t frames, float* const* rows) const {
    DUBPLATE_ASSERT(frames % step == 0);
    if (factor_ == 1) return;
    HWY_DYNAMIC_DISPATCH(read_places)(x, frames, taps(), rows);
}

float largest_magnitude(const float* samples, std::int64_t count) {
    return HWY_DYNAMIC_DISPATCH(largest_of)(samples, count);
}

Extent extent_of(const float* samples, std::int64_t count) {
    return HWY_DYNAMIC_DISPATCH(extent)(samples, count);
}

Extent larger(const Extent& a, const Extent& b) {
    return {std::max(a.magnitude, b.magnitude), std::max(a.bend, b.bend)};
}

Oversampler meter_oversampler(int sample_rate_hz) {
    // 49 taps at the oversampled rate, whatever the factor.
    if (sample_rate_hz < 96'000) return {4, 6, Oversampler::Window::hann};
    if (sample_rate_hz < 192'000) return {2, 12, Oversampler::Window::hann};
    return {1, 1, Oversampler::Window::hann};
}

Oversampler precise_oversampler() {
    return {4, 24, Oversampler::Window::kaiser};
}

}  // namespace dubplate
#endif
