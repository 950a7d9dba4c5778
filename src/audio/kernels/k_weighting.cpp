// The loop is compiled once for each kind of processor. Every column is computed by the same operations in the same
// order, whatever the number of lanes, so that all kinds give the same bits.
#include "audio/kernels/k_weighting.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "audio/kernels/k_weighting.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

// What the filters of all columns hold between two blocks, and the sums of a block.
#ifndef DUBPLATE_K_WEIGHTING_STATE
#define DUBPLATE_K_WEIGHTING_STATE
namespace dubplate {

struct FilterRows {
    Row level{}, change{}, pass_level{}, pass_change{};
    Row squares{};
};

}  // namespace dubplate
#endif

HWY_BEFORE_NAMESPACE();
namespace dubplate::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr float settled = 1e-15f;  // 300 dB below full scale

// Both filters, for one vector of columns.
template <class D>
struct Filters {
    using V = hn::Vec<D>;
    V level, change, pass_level, pass_change, squares;

    HWY_INLINE void load(D d, const FilterRows& rows, std::size_t column) {
        level = hn::Load(d, rows.level.columns + column);
        change = hn::Load(d, rows.change.columns + column);
        pass_level = hn::Load(d, rows.pass_level.columns + column);
        pass_change = hn::Load(d, rows.pass_change.columns + column);
        squares = hn::Zero(d);
    }
    // The products that wait for the frame before come last.
    HWY_INLINE void take(D d, V x, const KWeightingSteps& k) {
        const V shelved = hn::Add(hn::Add(x, hn::Mul(hn::Set(d, k.shelf_level), level)),
                                  hn::Mul(hn::Set(d, k.shelf_change), change));
        const V next = hn::Sub(hn::Sub(x, hn::Mul(hn::Set(d, k.shelf_pull), level)),
                               hn::Mul(hn::Set(d, k.shelf_turn), change));
        level = hn::Add(level, change);
        change = next;
        const V pass_next = hn::Sub(hn::Sub(shelved, hn::Mul(hn::Set(d, k.pass_pull), pass_level)),
                                    hn::Mul(hn::Set(d, k.pass_turn), pass_change));
        const V weighted = hn::Sub(pass_next, pass_change);
        pass_level = hn::Add(pass_level, pass_change);
        pass_change = pass_next;
        squares = hn::Add(squares, hn::Mul(weighted, weighted));
    }
    HWY_INLINE static void settle(D d, V value, float* to) {
        const auto counts = hn::Ge(hn::Abs(value), hn::Set(d, settled));
        hn::Store(hn::IfThenElseZero(counts, value), d, to);
    }
    HWY_INLINE void store(D d, FilterRows& rows, std::size_t column) const {
        settle(d, level, rows.level.columns + column);
        settle(d, change, rows.change.columns + column);
        settle(d, pass_level, rows.pass_level.columns + column);
        settle(d, pass_change, rows.pass_change.columns + column);
        hn::Store(squares, d, rows.squares.columns + column);
    }
};

void filter_rows(const KWeightingSteps& filter, const Row* rows, std::int64_t frames, FilterRows& state) {
    const hn::CappedTag<float, row_columns> d;
    const std::size_t lanes = hn::Lanes(d);
    const KWeightingSteps k = filter;
    if (lanes == row_columns) {
        Filters<decltype(d)> all;
        all.load(d, state, 0);
        for (std::int64_t i = 0; i < frames; ++i) all.take(d, hn::Load(d, rows[i].columns), k);
        all.store(d, state, 0);
        return;
    }
    // Two vectors at once: one waits for its frame before while the other is worked on.
    for (std::size_t near = 0; near < row_columns; near += 2 * lanes) {
        const std::size_t far = near + lanes;
        Filters<decltype(d)> near_filters, far_filters;
        near_filters.load(d, state, near);
        far_filters.load(d, state, far);
        for (std::int64_t i = 0; i < frames; ++i) {
            near_filters.take(d, hn::Load(d, rows[i].columns + near), k);
            far_filters.take(d, hn::Load(d, rows[i].columns + far), k);
        }
        near_filters.store(d, state, near);
        far_filters.store(d, state, far);
    }
}

}  // namespace
}  // namespace dubplate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dubplate {

HWY_EXPORT(filter_rows);

namespace {

// Few enough that they stay in the first-level cache with what they come from, and a short sum of floats.
constexpr std::int64_t block_rows = 128;
constexpr std::int64_t warm_ups_in_second = 10;

KWeightingSteps steps_of(const KWeighting& design) {
    const Biquad& shelf = design.shelf;
    const Biquad& pass = design.high_pass;
    const double first = shelf.b1 / shelf.b0 - shelf.a1;
    const double second = shelf.b2 / shelf.b0 - shelf.a2;
    return {.shelf_level = static_cast<float>(first + second),
            .shelf_change = static_cast<float>(first),
            .shelf_pull = static_cast<float>(1 + shelf.a1 + shelf.a2),
            .shelf_turn = static_cast<float>(1 + shelf.a1),
            .pass_pull = static_cast<float>(1 + pass.a1 + pass.a2),
            .pass_turn = static_cast<float>(1 + pass.a1)};
}

}  // namespace

KWeighting design_k_weighting(int sample_rate_hz) {
    KWeighting design;
    {
        const double frequency = 1681.974450955533;
        const double quality = 0.7071752369554196;
        const double high_gain = std::pow(10.0, 3.999843853973347 / 20.0);
        const double band_gain = std::pow(high_gain, 0.4996667741545416);
        const double k = std::tan(std::numbers::pi * frequency / sample_rate_hz);
        const double a0 = 1 + k / quality + k * k;
        design.shelf = {.b0 = (high_gain + band_gain * k / quality + k * k) / a0,
                        .b1 = 2 * (k * k - high_gain) / a0,
                        .b2 = (high_gain - band_gain * k / quality + k * k) / a0,
                        .a1 = 2 * (k * k - 1) / a0,
                        .a2 = (1 - k / quality + k * k) / a0};
    }
    {
        const double frequency = 38.13547087602444;
        const double quality = 0.5003270373238773;
        const double k = std::tan(std::numbers::pi * frequency / sample_rate_hz);
        const double a0 = 1 + k / quality + k * k;
        // Table 2 has the numerator 1, -2, 1 as it stands, without the division by a0.
        design.high_pass = {
            .b0 = 1, .b1 = -2, .b2 = 1, .a1 = 2 * (k * k - 1) / a0, .a2 = (1 - k / quality + k * k) / a0};
    }
    return design;
}

KWeightedColumns::KWeightedColumns(int sample_rate_hz)
    : warm_up_frames_(sample_rate_hz / warm_ups_in_second) {
    const KWeighting design = design_k_weighting(sample_rate_hz);
    filter_ = steps_of(design);
    scale_ = design.shelf.b0 * design.shelf.b0;
}

void KWeightedColumns::sum_squares(std::span<const float* const, row_columns> stretches,
                                   std::span<const std::int64_t> lengths,
                                   std::span<Energies> energies) const {
    FilterRows state;
    std::array<Row, block_rows> rows;
    std::array<const float*, row_columns> at{};
    std::ranges::transform(stretches, at.begin(),
                           [&](const float* begin) { return begin - warm_up_frames_; });
    const auto filter = [&](std::int64_t frames, Energies& sums) {
        while (frames > 0) {
            const std::int64_t count = std::min(frames, block_rows);
            to_columns(at, count, rows.data());
            HWY_DYNAMIC_DISPATCH(filter_rows)(filter_, rows.data(), count, state);
            for (std::size_t j = 0; j < row_columns; ++j) {
                at[j] += count;
                sums[j] += scale_ * static_cast<double>(state.squares.columns[j]);
            }
            frames -= count;
        }
    };
    Energies warm_up{};
    filter(warm_up_frames_, warm_up);
    for (std::size_t step = 0; step < lengths.size(); ++step) {
        energies[step] = {};
        filter(lengths[step], energies[step]);
    }
}

}  // namespace dubplate
#endif
