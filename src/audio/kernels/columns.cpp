// Compiled once for each kind of processor.
#include "audio/kernels/columns.h"
#include "core/result.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "audio/kernels/columns.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace dubplate::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::int64_t square = 4;  // so many frames of so many stretches are turned at once

#if HWY_TARGET != HWY_SCALAR
// Rows become columns. load(i) gives row i, store(vector, i) takes column i.
template <class Load, class Store>
HWY_INLINE void turn(Load load, Store store) {
    const hn::FixedTag<float, square> d;
    const auto first = load(d, 0), second = load(d, 1), third = load(d, 2), fourth = load(d, 3);
    const auto odd_low = hn::InterleaveLower(d, first, third);
    const auto even_low = hn::InterleaveLower(d, second, fourth);
    const auto odd_high = hn::InterleaveUpper(d, first, third);
    const auto even_high = hn::InterleaveUpper(d, second, fourth);
    store(d, hn::InterleaveLower(d, odd_low, even_low), 0);
    store(d, hn::InterleaveUpper(d, odd_low, even_low), 1);
    store(d, hn::InterleaveLower(d, odd_high, even_high), 2);
    store(d, hn::InterleaveUpper(d, odd_high, even_high), 3);
}
#endif

void place(const float* const* stretches, std::size_t count, std::int64_t frames, std::size_t first,
           Row* rows) {
    std::int64_t i = 0;
#if HWY_TARGET != HWY_SCALAR
    for (; i + square <= frames; i += square)
        for (std::size_t j = 0; j < count; j += square)
            turn([&](auto d, std::size_t row) { return hn::LoadU(d, stretches[j + row] + i); },
                 [&](auto d, auto frame, std::int64_t k) {
                     hn::Store(frame, d, rows[i + k].columns + first + j);
                 });
#endif
    for (; i < frames; ++i)
        for (std::size_t j = 0; j < count; ++j) rows[i].columns[first + j] = stretches[j][i];
}

void take(const Row* rows, std::int64_t frames, float* const* stretches, std::size_t count) {
    std::int64_t i = 0;
#if HWY_TARGET != HWY_SCALAR
    for (; i + square <= frames; i += square)
        for (std::size_t j = 0; j < count; j += square)
            turn([&](auto d, std::int64_t k) { return hn::Load(d, rows[i + k].columns + j); },
                 [&](auto d, auto part, std::size_t row) { hn::StoreU(part, d, stretches[j + row] + i); });
#endif
    for (; i < frames; ++i)
        for (std::size_t j = 0; j < count; ++j) stretches[j][i] = rows[i].columns[j];
}

}  // namespace
}  // namespace dubplate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dubplate {

HWY_EXPORT(place);
HWY_EXPORT(take);

void to_columns(std::span<const float* const> stretches, std::int64_t frames, std::size_t first, Row* rows) {
    DUBPLATE_ASSERT(stretches.size() % 4 == 0 && first % 4 == 0 && first + stretches.size() <= row_columns);
    HWY_DYNAMIC_DISPATCH(place)(stretches.data(), stretches.size(), frames, first, rows);
}

void from_columns(const Row* rows, std::int64_t frames, std::span<float* const> stretches) {
    DUBPLATE_ASSERT(stretches.size() % 4 == 0 && stretches.size() <= row_columns);
    HWY_DYNAMIC_DISPATCH(take)(rows, frames, stretches.data(), stretches.size());
}

}  // namespace dubplate
#endif
