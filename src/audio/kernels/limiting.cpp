// Compiled once for each kind of processor: the same operations in the same order on all of them.
#include "audio/kernels/limiting.h"
#include "core/result.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "audio/kernels/limiting.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace dubplate::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// The crest of the parabola through three equally spaced values, where the middle one is the largest in magnitude.
template <class D, class V>
HWY_INLINE V crest(D d, V before, V middle, V after) {
    const V top = hn::Abs(middle);
    const auto is_negative = hn::Lt(middle, hn::Zero(d));
    const V left = hn::IfThenElse(is_negative, hn::Neg(before), before);
    const V right = hn::IfThenElse(is_negative, hn::Neg(after), after);
    const V curve = hn::Add(hn::Sub(left, hn::Add(top, top)), right);
    const V slope = hn::Sub(left, right);
    const V lift = hn::Div(hn::Mul(slope, slope), hn::Mul(hn::Set(d, 8.0f), curve));
    const auto is_crest = hn::And(hn::Lt(curve, hn::Zero(d)), hn::Le(hn::Max(left, right), top));
    return hn::IfThenElse(is_crest, hn::Sub(top, lift), top);
}

void crests_of(const Places& places, std::int64_t count, float near, float* at, float* between) {
    const hn::CappedTag<float, 16> d;
    const auto& [first_row, second_row, third_row] = places.between;
    for (std::int64_t i = 0; i < count; i += static_cast<std::int64_t>(hn::Lanes(d))) {
        const auto frame = hn::LoadU(d, places.frames + i);
        const auto first = hn::LoadU(d, first_row + i);
        const auto second = hn::LoadU(d, second_row + i);
        const auto third = hn::LoadU(d, third_row + i);
        auto on = hn::Abs(frame);
        auto off = hn::Max(hn::LoadU(d, between + i),
                           hn::Max(hn::Abs(first), hn::Max(hn::Abs(second), hn::Abs(third))));
        const auto is_near = hn::Gt(hn::Max(on, off), hn::Set(d, near));
        if (!hn::AllFalse(d, is_near)) {
            const auto third_before = hn::LoadU(d, third_row + i - 1);
            const auto next_frame = hn::LoadU(d, places.frames + i + 1);
            const auto on_crest = hn::Max(on, crest(d, third_before, frame, first));
            const auto off_crest =
                hn::Max(hn::Max(crest(d, frame, first, second), crest(d, first, second, third)),
                        crest(d, second, third, next_frame));
            on = hn::IfThenElse(is_near, on_crest, on);
            off = hn::IfThenElse(is_near, hn::Max(off, off_crest), off);
        }
        hn::StoreU(on, d, at + i);
        hn::StoreU(off, d, between + i);
    }
}

// work(tag, i) for whole vectors, then for single frames.
template <class Work>
HWY_INLINE void each(std::int64_t count, Work&& work) {
    const hn::ScalableTag<double> wide;
    const hn::CappedTag<double, 1> single;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(wide));
    std::int64_t i = 0;
    for (; i + lanes <= count; i += lanes) work(wide, i);
    for (; i < count; ++i) work(single, i);
}

void needed_of(const float* peaks, double* needed, std::int64_t count, double ceiling, double target,
               double unit) {
    each(count, [&](auto d, std::int64_t i) {
        const hn::Rebind<float, decltype(d)> single;
        const auto peak = hn::PromoteTo(d, hn::LoadU(single, peaks + i));
        const auto reduction = hn::Sub(hn::Set(d, 1.0), hn::Div(hn::Set(d, target), peak));
        const auto rounded = hn::Ceil(hn::Mul(reduction, hn::Set(d, unit)));
        hn::StoreU(hn::IfThenElseZero(hn::Gt(peak, hn::Set(d, ceiling)), rounded), d, needed + i);
    });
}

// One frame waits for the one before, so the way from one to the next is kept short: a product and a rounding.
void release_all(std::int64_t* values, std::int64_t count, std::int64_t last, double decay, double smallest) {
    const hn::CappedTag<double, 1> d;
    const auto step = hn::Set(d, decay);
    auto now = hn::Set(d, static_cast<double>(last));
    for (std::int64_t i = 0; i < count; ++i) {
        for (; i < count; ++i) {
            const auto released = hn::Floor(hn::Mul(now, step));
            const double value = hn::GetLane(released);
            if (value <= static_cast<double>(values[i]) || value < smallest) break;
            values[i] = static_cast<std::int64_t>(value);
            now = released;
        }
        if (i < count) now = hn::Set(d, static_cast<double>(values[i]));
    }
}

void apply(const float* from, const double* gains, float* to, std::int64_t count) {
    each(count, [&](auto d, std::int64_t i) {
        const hn::Rebind<float, decltype(d)> single;
        const auto product = hn::Mul(hn::PromoteTo(d, hn::LoadU(single, from + i)), hn::LoadU(d, gains + i));
        hn::StoreU(hn::DemoteTo(single, product), single, to + i);
    });
}

GainSurvey survey(const double* gains, std::int64_t count) {
    const hn::ScalableTag<double> d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    const auto one = hn::Set(d, 1.0);
    auto lowest = one;
    GainSurvey found;
    std::int64_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        const auto gain = hn::LoadU(d, gains + i);
        lowest = hn::Min(lowest, gain);
        found.active += static_cast<std::int64_t>(hn::CountTrue(d, hn::Lt(gain, one)));
    }
    found.lowest = hn::GetLane(hn::MinOfLanes(d, lowest));
    for (; i < count; ++i) {
        found.lowest = std::min(found.lowest, gains[i]);
        found.active += gains[i] < 1 ? 1 : 0;
    }
    return found;
}

}  // namespace
}  // namespace dubplate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dubplate {

HWY_EXPORT(crests_of);
HWY_EXPORT(needed_of);
HWY_EXPORT(release_all);
HWY_EXPORT(apply);
HWY_EXPORT(survey);

void find_crests(const Places& places, std::int64_t count, float near, float* at, float* between) {
    DUBPLATE_ASSERT(count % 16 == 0);
    HWY_DYNAMIC_DISPATCH(crests_of)(places, count, near, at, between);
}

void find_needed(const float* peaks, double* needed, std::int64_t count, double ceiling, double target,
                 double unit) {
    HWY_DYNAMIC_DISPATCH(needed_of)(peaks, needed, count, ceiling, target, unit);
}

void release(std::int64_t* values, std::int64_t count, std::int64_t last, double decay, double smallest) {
    HWY_DYNAMIC_DISPATCH(release_all)(values, count, last, decay, smallest);
}

void apply_gains(const float* from, const double* gains, float* to, std::int64_t count) {
    HWY_DYNAMIC_DISPATCH(apply)(from, gains, to, count);
}

GainSurvey survey_gains(const double* gains, std::int64_t count) {
    return HWY_DYNAMIC_DISPATCH(survey)(gains, count);
}

}  // namespace dubplate
#endif
