// Compiled once for each kind of processor.
#include "audio/kernels/columns.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "audio/kernels/columns.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace dubplate::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET != HWY_SCALAR
// Vectors are worked on in blocks of four lanes, each of which holds four stretches or four frames of one.
constexpr std::int64_t block = 4;

// The frames of every fourth stretch, one stretch in each block.
template <class D>
HWY_INLINE hn::Vec<D> load_blocks(D d, const float* const* stretches, std::int64_t i) {
    if constexpr (hn::MaxLanes(D()) == std::size_t{block}) {
        return hn::LoadU(d, stretches[0] + i);
    } else {
        const hn::Half<D> half;
        const float* const* upper = stretches + hn::MaxLanes(D()) / 2;
        return hn::Combine(d, load_blocks(half, upper, i), load_blocks(half, stretches, i));
    }
}

template <class D>
HWY_INLINE void store_blocks(D d, hn::Vec<D> frames, float* const* stretches, std::int64_t i) {
    if constexpr (hn::MaxLanes(D()) == std::size_t{block}) {
        hn::StoreU(frames, d, stretches[0] + i);
    } else {
        const hn::Half<D> half;
        store_blocks(half, hn::LowerHalf(half, frames), stretches, i);
        store_blocks(half, hn::UpperHalf(half, frames), stretches + hn::MaxLanes(D()) / 2, i);
    }
}

// In each block, four vectors of four lanes become their columns.
template <class V>
struct Four {
    V first, second, third, fourth;
};

template <class D, class V>
HWY_INLINE Four<V> turn(D d, const Four<V>& in) {
    const V odd_low = hn::InterleaveLower(d, in.first, in.third);
    const V even_low = hn::InterleaveLower(d, in.second, in.fourth);
    const V odd_high = hn::InterleaveUpper(d, in.first, in.third);
    const V even_high = hn::InterleaveUpper(d, in.second, in.fourth);
    return {hn::InterleaveLower(d, odd_low, even_low), hn::InterleaveUpper(d, odd_low, even_low),
            hn::InterleaveLower(d, odd_high, even_high), hn::InterleaveUpper(d, odd_high, even_high)};
}
#endif

void place(const float* const* stretches, std::int64_t frames, Row* rows) {
    std::int64_t i = 0;
#if HWY_TARGET != HWY_SCALAR
    const hn::CappedTag<float, row_columns> d;
    for (; i + block <= frames; i += block)
        for (std::size_t j = 0; j < row_columns; j += hn::Lanes(d)) {
            const float* const* from = stretches + j;
            const auto turned =
                turn(d, Four<hn::Vec<decltype(d)>>{load_blocks(d, from, i), load_blocks(d, from + 1, i),
                                                   load_blocks(d, from + 2, i), load_blocks(d, from + 3, i)});
            hn::Store(turned.first, d, rows[i].columns + j);
            hn::Store(turned.second, d, rows[i + 1].columns + j);
            hn::Store(turned.third, d, rows[i + 2].columns + j);
            hn::Store(turned.fourth, d, rows[i + 3].columns + j);
        }
#endif
    for (; i < frames; ++i)
        for (std::size_t j = 0; j < row_columns; ++j) rows[i].columns[j] = stretches[j][i];
}

void take(const Row* rows, std::int64_t frames, float* const* stretches) {
    std::int64_t i = 0;
#if HWY_TARGET != HWY_SCALAR
    const hn::CappedTag<float, row_columns> d;
    for (; i + block <= frames; i += block)
        for (std::size_t j = 0; j < row_columns; j += hn::Lanes(d)) {
            const auto turned =
                turn(d, Four<hn::Vec<decltype(d)>>{
                            hn::Load(d, rows[i].columns + j), hn::Load(d, rows[i + 1].columns + j),
                            hn::Load(d, rows[i + 2].columns + j), hn::Load(d, rows[i + 3].columns + j)});
            store_blocks(d, turned.first, stretches + j, i);
            store_blocks(d, turned.second, stretches + j + 1, i);
            store_blocks(d, turned.third, stretches + j + 2, i);
            store_blocks(d, turned.fourth, stretches + j + 3, i);
        }
#endif
    for (; i < frames; ++i)
        for (std::size_t j = 0; j < row_columns; ++j) stretches[j][i] = rows[i].columns[j];
}

}  // namespace
}  // namespace dubplate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dubplate {

HWY_EXPORT(place);
HWY_EXPORT(take);

void to_columns(std::span<const float* const, row_columns> stretches, std::int64_t frames, Row* rows) {
    HWY_DYNAMIC_DISPATCH(place)(stretches.data(), frames, rows);
}

void from_columns(const Row* rows, std::int64_t frames, std::span<float* const, row_columns> stretches) {
    HWY_DYNAMIC_DISPATCH(take)(rows, frames, stretches.data());
}

}  // namespace dubplate
#endif
