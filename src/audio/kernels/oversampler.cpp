// Compiled once for each kind of processor. Every value is computed by the same operations in the same order, whatever
// the number of lanes, so that all kinds give the same bits.
#include "audio/kernels/oversampler.h"
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

// The three places after each of the frames i .. i + lanes.
template <class D, class Take>
HWY_INLINE void read_group(D d, const float* x, const OversamplerTaps& taps, Take&& take) {
    const int last = 2 * taps.half_width - 1;
    auto middle = hn::Zero(d);
    if (taps.even == nullptr) {
        for (int tap = 0; tap < taps.half_width; ++tap)
            middle = hn::Add(middle, hn::Mul(hn::Set(d, taps.middle[tap]),
                                             hn::Add(hn::LoadU(d, x - tap), hn::LoadU(d, x - (last - tap)))));
        take(middle, middle, middle);
        return;
    }
    auto even = hn::Zero(d);
    auto odd = hn::Zero(d);
    for (int tap = 0; tap < taps.half_width; ++tap) {
        const auto near = hn::LoadU(d, x - tap);
        const auto far = hn::LoadU(d, x - (last - tap));
        const auto sum = hn::Add(near, far);
        middle = hn::Add(middle, hn::Mul(hn::Set(d, taps.middle[tap]), sum));
        even = hn::Add(even, hn::Mul(hn::Set(d, taps.even[tap]), sum));
        odd = hn::Add(odd, hn::Mul(hn::Set(d, taps.odd[tap]), hn::Sub(near, far)));
    }
    take(hn::Add(even, odd), middle, hn::Sub(even, odd));
}

// Runs as many lanes at once as there are, and four of them for the rest.
template <class Group>
HWY_INLINE void each_group(std::int64_t frames, Group&& group) {
    const hn::ScalableTag<float> wide;
    const hn::CappedTag<float, Oversampler::step> narrow;
    const auto wide_lanes = static_cast<std::int64_t>(hn::Lanes(wide));
    std::int64_t i = 0;
    for (; i + wide_lanes <= frames; i += wide_lanes) group(wide, i);
    for (; i < frames; i += static_cast<std::int64_t>(hn::Lanes(narrow))) group(narrow, i);
}

float peak_of(const float* x, std::int64_t frames, const OversamplerTaps& taps) {
    float best = 0;
    each_group(frames, [&](auto d, std::int64_t i) {
        read_group(d, x + i, taps, [&](auto first, auto second, auto third) {
            const auto outer = hn::Max(hn::Abs(first), hn::Abs(third));
            best = std::max(best, hn::GetLane(hn::MaxOfLanes(d, hn::Max(outer, hn::Abs(second)))));
        });
    });
    return best;
}

void read_places(const float* x, std::int64_t frames, const OversamplerTaps& taps, float* const* rows) {
    each_group(frames, [&](auto d, std::int64_t i) {
        read_group(d, x + i, taps, [&](auto first, auto second, auto third) {
            if (taps.even == nullptr) {
                hn::StoreU(second, d, rows[0] + i);
            } else {
                hn::StoreU(first, d, rows[0] + i);
                hn::StoreU(second, d, rows[1] + i);
                hn::StoreU(third, d, rows[2] + i);
            }
        });
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

}  // namespace
}  // namespace dubplate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dubplate {

HWY_EXPORT(peak_of);
HWY_EXPORT(read_places);
HWY_EXPORT(largest_of);

namespace {

// Kaiser's beta for 60 dB of ripple: with 48 frames in sight the band is flat up to 0.46 of the sample rate.
constexpr double kaiser_beta = 5.65;

double bessel_i0(double x) {
    double sum = 1;
    double term = 1;
    for (int k = 1; term > sum * 1e-17; ++k) {
        term *= (x / (2 * k)) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

double window_at(Oversampler::Window window, double place) {  // place: -1 to 1
    if (window == Oversampler::Window::hann) return 0.5 * (1 + std::cos(std::numbers::pi * place));
    return bessel_i0(kaiser_beta * std::sqrt(std::max(0.0, 1 - place * place))) / bessel_i0(kaiser_beta);
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
    double bound = 1;
    for (int phase = 1; phase < factor; ++phase) {
        double sum = 0;
        for (int tap = 0; tap < 2 * half_width; ++tap)
            sum += std::abs(
                weight_at(window, half_width, half_width - tap - static_cast<double>(phase) / factor));
        bound = std::max(bound, sum);
    }
    bound_ = static_cast<float>(bound * 1.0001);  // more than the rounding of the sums can add
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
