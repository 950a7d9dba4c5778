// Compiled once for each kind of processor; the last samples of a block go through the same code, one by one.
#include "audio/kernels/prediction.h"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "audio/kernels/prediction.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace dubplate::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// work(tag, i) for whole vectors, then for single samples.
template <class T, class Work>
HWY_INLINE void each(std::int64_t begin, std::int64_t end, Work&& work) {
    const hn::ScalableTag<T> wide;
    const hn::CappedTag<T, 1> single;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(wide));
    std::int64_t i = begin;
    for (; i + lanes <= end; i += lanes) work(wide, i);
    for (; i < end; ++i) work(single, i);
}

void halves_and_differences(const std::int32_t* left, const std::int32_t* right, std::int32_t* mid,
                            std::int32_t* side, std::int64_t count) {
    each<std::int32_t>(0, count, [&](auto d, std::int64_t i) {
        const auto l = hn::LoadU(d, left + i);
        const auto r = hn::LoadU(d, right + i);
        hn::StoreU(hn::ShiftRight<1>(hn::Add(l, r)), d, mid + i);
        hn::StoreU(hn::Sub(l, r), d, side + i);
    });
}

void promote(const std::int32_t* from, double* to, std::int64_t count) {
    each<double>(0, count, [&](auto d, std::int64_t i) {
        const hn::Rebind<std::int32_t, decltype(d)> integer;
        hn::StoreU(hn::PromoteTo(d, hn::LoadU(integer, from + i)), d, to + i);
    });
}

void weigh(const std::int32_t* from, const float* window, double* to, std::int64_t count) {
    each<double>(0, count, [&](auto d, std::int64_t i) {
        const hn::Rebind<std::int32_t, decltype(d)> integer;
        const hn::Rebind<float, decltype(d)> narrow;
        const auto weight = hn::PromoteTo(d, hn::LoadU(narrow, window + i));
        hn::StoreU(hn::Mul(hn::PromoteTo(d, hn::LoadU(integer, from + i)), weight), d, to + i);
    });
}

void differences(const double* from, const double* what, double* to, std::int64_t count) {
    each<double>(0, count, [&](auto d, std::int64_t i) {
        hn::StoreU(hn::Sub(hn::LoadU(d, from + i), hn::LoadU(d, what + i)), d, to + i);
    });
}

// sums: for each lag, those of the columns.
void sum_lags(const double* samples, std::int64_t count, double* sums) {
    const hn::CappedTag<double, autocorrelation_columns> d;
    using V = hn::Vec<decltype(d)>;
    for (std::size_t column = 0; column < autocorrelation_columns; column += hn::Lanes(d)) {
        V lag0 = hn::Zero(d), lag1 = lag0, lag2 = lag0, lag3 = lag0, lag4 = lag0, lag5 = lag0, lag6 = lag0,
          lag7 = lag0, lag8 = lag0, lag9 = lag0, lag10 = lag0, lag11 = lag0, lag12 = lag0;
        const double* end = samples + count;
        for (const double* x = samples + column; x < end; x += autocorrelation_columns) {
            const V now = hn::LoadU(d, x);
            const auto add = [&](V& sum, int lag) {
                sum = hn::Add(sum, hn::Mul(now, hn::LoadU(d, x - lag)));
            };
            lag0 = hn::Add(lag0, hn::Mul(now, now));
            add(lag1, 1);
            add(lag2, 2);
            add(lag3, 3);
            add(lag4, 4);
            add(lag5, 5);
            add(lag6, 6);
            add(lag7, 7);
            add(lag8, 8);
            add(lag9, 9);
            add(lag10, 10);
            add(lag11, 11);
            add(lag12, 12);
        }
        double* to = sums + column;
        for (const V sum :
             {lag0, lag1, lag2, lag3, lag4, lag5, lag6, lag7, lag8, lag9, lag10, lag11, lag12}) {
            hn::StoreU(sum, d, to);
            to += autocorrelation_columns;
        }
    }
}

// Products and sums are exact, so it does not matter whether they are fused.
bool predict(const double* samples, std::int64_t begin, std::int64_t count, const double* weights, int shift,
             std::int32_t* residuals) {
    const double scale = std::ldexp(1.0, -shift);
    bool fits = true;
    each<double>(begin, count, [&](auto d, std::int64_t i) {
        const hn::Rebind<std::int32_t, decltype(d)> integer;
        const auto term = [&](int j) { return hn::LoadU(d, samples + i - 1 - j); };
        const auto weight = [&](int j) { return hn::Set(d, weights[j]); };
        auto even = hn::Mul(term(0), weight(0));
        auto odd = hn::Mul(term(1), weight(1));
        even = hn::MulAdd(term(2), weight(2), even);
        odd = hn::MulAdd(term(3), weight(3), odd);
        even = hn::MulAdd(term(4), weight(4), even);
        odd = hn::MulAdd(term(5), weight(5), odd);
        even = hn::MulAdd(term(6), weight(6), even);
        odd = hn::MulAdd(term(7), weight(7), odd);
        even = hn::MulAdd(term(8), weight(8), even);
        odd = hn::MulAdd(term(9), weight(9), odd);
        even = hn::MulAdd(term(10), weight(10), even);
        odd = hn::MulAdd(term(11), weight(11), odd);
        const auto prediction = hn::Floor(hn::Mul(hn::Add(even, odd), hn::Set(d, scale)));
        const auto residual = hn::Sub(hn::LoadU(d, samples + i), prediction);
        fits = fits && hn::AllTrue(d, hn::Lt(hn::Abs(residual), hn::Set(d, 0x1p30)));
        hn::StoreU(hn::DemoteTo(integer, residual), integer, residuals + i);
    });
    return fits;
}

}  // namespace
}  // namespace dubplate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dubplate {

HWY_EXPORT(halves_and_differences);
HWY_EXPORT(promote);
HWY_EXPORT(weigh);
HWY_EXPORT(differences);
HWY_EXPORT(sum_lags);
HWY_EXPORT(predict);

void mid_and_side(const std::int32_t* left, const std::int32_t* right, std::int32_t* mid, std::int32_t* side,
                  std::int64_t count) {
    HWY_DYNAMIC_DISPATCH(halves_and_differences)(left, right, mid, side, count);
}

void to_doubles(const std::int32_t* from, double* to, std::int64_t count) {
    HWY_DYNAMIC_DISPATCH(promote)(from, to, count);
}

void apply_window(const std::int32_t* from, const float* window, double* to, std::int64_t count) {
    HWY_DYNAMIC_DISPATCH(weigh)(from, window, to, count);
}

void subtract(const double* from, const double* what, double* to, std::int64_t count) {
    HWY_DYNAMIC_DISPATCH(differences)(from, what, to, count);
}

Autocorrelation autocorrelate(const double* samples, std::int64_t count) {
    double sums[most_prediction_order + 1][autocorrelation_columns];
    HWY_DYNAMIC_DISPATCH(sum_lags)(samples, count, &sums[0][0]);
    Autocorrelation result{};
    for (std::size_t lag = 0; lag < result.size(); ++lag)
        for (const double column : sums[lag]) result[lag] += column;
    return result;
}

bool linear_residuals(const double* samples, std::int64_t begin, std::int64_t count,
                      const PredictionWeights& weights, int shift, std::int32_t* residuals) {
    return HWY_DYNAMIC_DISPATCH(predict)(samples, begin, count, weights.data(), shift, residuals);
}

}  // namespace dubplate
#endif
