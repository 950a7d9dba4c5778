// The loops are compiled once for each kind of processor. Every column is computed by the same operations in the same
// order, whatever the number of lanes, so that all kinds give the same bits.
#include "audio/kernels/k_weighting.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "audio/kernels/k_weighting.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace dubplate::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::int64_t columns = 2 * KWeightedPair::group;

// Eight stretches of `count` samples become eight columns.
void transpose(const float* const* stretches, std::int64_t count, float* rows) {
    std::int64_t i = 0;
#if HWY_TARGET != HWY_SCALAR
    const hn::FixedTag<float, 4> d;
    for (; i + 4 <= count; i += 4) {
        for (int half = 0; half < 2; ++half) {
            const float* const* from = stretches + 4 * half;
            float* to = rows + i * columns + 4 * half;
            const auto first = hn::LoadU(d, from[0] + i);
            const auto second = hn::LoadU(d, from[1] + i);
            const auto third = hn::LoadU(d, from[2] + i);
            const auto fourth = hn::LoadU(d, from[3] + i);
            const auto odd_low = hn::InterleaveLower(d, first, third);
            const auto even_low = hn::InterleaveLower(d, second, fourth);
            const auto odd_high = hn::InterleaveUpper(d, first, third);
            const auto even_high = hn::InterleaveUpper(d, second, fourth);
            hn::StoreU(hn::InterleaveLower(d, odd_low, even_low), d, to);
            hn::StoreU(hn::InterleaveUpper(d, odd_low, even_low), d, to + columns);
            hn::StoreU(hn::InterleaveLower(d, odd_high, even_high), d, to + 2 * columns);
            hn::StoreU(hn::InterleaveUpper(d, odd_high, even_high), d, to + 3 * columns);
        }
    }
#endif
    for (; i < count; ++i)
        for (std::size_t step = 0; step < KWeightedPair::group; ++step)
            rows[i * columns + static_cast<std::int64_t>(step)] = stretches[step][i];
}

// The recursive side of both filters, for one vector of columns.
template <class D>
struct Recursion {
    using V = hn::Vec<D>;
    V v1, v2, w1, w2;

    HWY_INLINE void load(D d, const double* states) {
        v1 = hn::LoadU(d, states);
        v2 = hn::LoadU(d, states + columns);
        w1 = hn::LoadU(d, states + 2 * columns);
        w2 = hn::LoadU(d, states + 3 * columns);
    }
    HWY_INLINE void store(D d, double* states) const {
        hn::StoreU(v1, d, states);
        hn::StoreU(v2, d, states + columns);
        hn::StoreU(w1, d, states + 2 * columns);
        hn::StoreU(w2, d, states + 3 * columns);
    }
    // The newest output is multiplied and subtracted last, which keeps the chain from frame to frame short.
    HWY_INLINE V next(V input, V shelf_a1, V shelf_a2, V pass_a1, V pass_a2) {
        const V v = hn::Sub(hn::Sub(input, hn::Mul(shelf_a2, v2)), hn::Mul(shelf_a1, v1));
        const V differences = hn::Add(hn::Sub(v, hn::Add(v1, v1)), v2);
        const V w = hn::Sub(hn::Sub(differences, hn::Mul(pass_a2, w2)), hn::Mul(pass_a1, w1));
        v2 = v1;
        v1 = v;
        w2 = w1;
        w1 = w;
        return w;
    }
};

// From rest. rows: two rows stand before the first. Fills the inputs of the recursion, and the states after it.
void filter_from_rest(const KWeighting& design, const float* rows, std::int64_t frames, double* inputs,
                      double* states) {
    const hn::CappedTag<double, KWeightedPair::group> d;
    const hn::Rebind<float, decltype(d)> single;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    const auto b0 = hn::Set(d, design.shelf.b0), b1 = hn::Set(d, design.shelf.b1),
               b2 = hn::Set(d, design.shelf.b2);
    const auto a1 = hn::Set(d, design.shelf.a1), a2 = hn::Set(d, design.shelf.a2);
    const auto p1 = hn::Set(d, design.high_pass.a1), p2 = hn::Set(d, design.high_pass.a2);
    const auto load = [&](const float* from) { return hn::PromoteTo(d, hn::LoadU(single, from)); };
    // Two vectors at once: one waits for its frame before while the other is worked on.
    for (std::int64_t column = 0; column < columns; column += 2 * lanes) {
        const float* row = rows + column;
        auto near_x1 = load(row - columns), near_x2 = load(row - 2 * columns);
        auto far_x1 = load(row + lanes - columns), far_x2 = load(row + lanes - 2 * columns);
        Recursion<decltype(d)> near, far;
        near.v1 = near.v2 = near.w1 = near.w2 = hn::Zero(d);
        far = near;
        for (std::int64_t i = 0; i < frames; ++i, row += columns) {
            const auto near_x = load(row), far_x = load(row + lanes);
            const auto near_input =
                hn::Add(hn::Add(hn::Mul(b0, near_x), hn::Mul(b1, near_x1)), hn::Mul(b2, near_x2));
            const auto far_input =
                hn::Add(hn::Add(hn::Mul(b0, far_x), hn::Mul(b1, far_x1)), hn::Mul(b2, far_x2));
            hn::StoreU(near_input, d, inputs + i * columns + column);
            hn::StoreU(far_input, d, inputs + i * columns + column + lanes);
            near.next(near_input, a1, a2, p1, p2);
            far.next(far_input, a1, a2, p1, p2);
            near_x2 = near_x1;
            near_x1 = near_x;
            far_x2 = far_x1;
            far_x1 = far_x;
        }
        near.store(d, states + column);
        far.store(d, states + column + lanes);
    }
}

// From the states that are given, which become those after it. sums: one for each column.
void sum_from_states(const KWeighting& design, const double* inputs, std::int64_t frames, double* states,
                     double* sums) {
    const hn::CappedTag<double, KWeightedPair::group> d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    const auto a1 = hn::Set(d, design.shelf.a1), a2 = hn::Set(d, design.shelf.a2);
    const auto p1 = hn::Set(d, design.high_pass.a1), p2 = hn::Set(d, design.high_pass.a2);
    for (std::int64_t column = 0; column < columns; column += 2 * lanes) {
        Recursion<decltype(d)> near, far;
        near.load(d, states + column);
        far.load(d, states + column + lanes);
        auto near_sum = hn::Zero(d), far_sum = hn::Zero(d);
        const double* input = inputs + column;
        for (std::int64_t i = 0; i < frames; ++i, input += columns) {
            const auto near_w = near.next(hn::LoadU(d, input), a1, a2, p1, p2);
            const auto far_w = far.next(hn::LoadU(d, input + lanes), a1, a2, p1, p2);
            near_sum = hn::Add(near_sum, hn::Mul(near_w, near_w));
            far_sum = hn::Add(far_sum, hn::Mul(far_w, far_w));
        }
        near.store(d, states + column);
        far.store(d, states + column + lanes);
        hn::StoreU(near_sum, d, sums + column);
        hn::StoreU(far_sum, d, sums + column + lanes);
    }
}

}  // namespace
}  // namespace dubplate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dubplate {

HWY_EXPORT(transpose);
HWY_EXPORT(filter_from_rest);
HWY_EXPORT(sum_from_states);

namespace {

constexpr std::size_t group = KWeightedPair::group;
constexpr std::size_t columns = 2 * group;
constexpr std::int64_t rows_before = 2;

// 600 dB below full scale: far below all that can be measured, far above what double holds with full precision.
constexpr double settled = 1e-30;

KWeightedPair::State settle(KWeightedPair::State state) {
    for (double& value : state)
        if (std::abs(value) < settled) value = 0;
    return state;
}

// One frame of one channel: the same operations as of a column.
double advance(const KWeighting& design, KWeightedPair::State& state, double x, double x1, double x2) {
    const Biquad& shelf = design.shelf;
    const Biquad& pass = design.high_pass;
    auto& [v1, v2, w1, w2] = state;
    const double input = shelf.b0 * x + shelf.b1 * x1 + shelf.b2 * x2;
    const double v = (input - shelf.a2 * v2) - shelf.a1 * v1;
    const double w = (v - (v1 + v1) + v2 - pass.a2 * w2) - pass.a1 * w1;
    state = {v, v1, w, w1};
    return w * w;
}

KWeightedPair::State column_of(const std::vector<double>& states, std::size_t column) {
    return {states[column], states[columns + column], states[2 * columns + column],
            states[3 * columns + column]};
}

void put_column(std::vector<double>& states, std::size_t column, const KWeightedPair::State& state) {
    for (std::size_t i = 0; i < state.size(); ++i) states[i * columns + column] = state[i];
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

KWeightedPair::KWeightedPair(const KWeighting& design, std::int64_t shortest)
    : design_(design),
      shortest_(shortest),
      after_shortest_(transition(shortest)),
      after_longer_(transition(shortest + 1)),
      columns_(columns * static_cast<std::size_t>(rows_before + shortest + 1)),
      inputs_(columns * static_cast<std::size_t>(shortest)),
      column_states_(4 * columns) {}

KWeightedPair::Transition KWeightedPair::transition(std::int64_t frames) const {
    Transition made{};
    for (std::size_t from = 0; from < made.size(); ++from) {
        State state{};
        state[from] = 1;
        for (std::int64_t i = 0; i < frames; ++i) advance(design_, state, 0, 0, 0);
        for (std::size_t to = 0; to < made.size(); ++to) made[to][from] = state[to];
    }
    return made;
}

void KWeightedPair::place_columns(std::size_t channel, const float* samples, Lengths lengths) {
    std::array<const float*, group> stretches{};
    const float* at = samples - rows_before;
    for (std::size_t step = 0; step < group; at += lengths[step++]) stretches[step] = at;
    HWY_DYNAMIC_DISPATCH(transpose)
    (stretches.data(), rows_before + shortest_ + 1, columns_.data() + channel * group);
}

// The last frame of a column whose step is a longer one.
double KWeightedPair::advance_longer(std::size_t column, State& state) const {
    const float* x = columns_.data() + static_cast<std::size_t>(rows_before + shortest_) * columns + column;
    return advance(design_, state, static_cast<double>(*x), static_cast<double>(*(x - columns)),
                   static_cast<double>(*(x - 2 * columns)));
}

// Puts the state before each step in the place of that after it, from rest.
void KWeightedPair::find_states(std::size_t channel, Lengths lengths) {
    State before = states_[channel];
    for (std::size_t step = 0; step < group; ++step) {
        before = settle(before);
        const std::size_t column = channel * group + step;
        const bool is_longer = lengths[step] > shortest_;
        State after = column_of(column_states_, column);
        if (is_longer) advance_longer(column, after);
        const Transition& carried = is_longer ? after_longer_ : after_shortest_;
        for (std::size_t to = 0; to < after.size(); ++to)
            for (std::size_t from = 0; from < before.size(); ++from)
                after[to] += carried[to][from] * before[from];
        put_column(column_states_, column, before);
        before = after;
    }
}

KWeightedPair::Sums KWeightedPair::sums_of_squares(const float* first, const float* second, Lengths lengths) {
    place_columns(0, first, lengths);
    place_columns(1, second, lengths);
    const float* rows = columns_.data() + rows_before * columns;
    HWY_DYNAMIC_DISPATCH(filter_from_rest)(design_, rows, shortest_, inputs_.data(), column_states_.data());
    find_states(0, lengths);
    find_states(1, lengths);
    Sums sums{};
    HWY_DYNAMIC_DISPATCH(sum_from_states)
    (design_, inputs_.data(), shortest_, column_states_.data(), sums[0].data());
    for (std::size_t column = 0; column < columns; ++column) {
        const std::size_t step = column % group;
        State state = column_of(column_states_, column);
        if (lengths[step] > shortest_) sums[column / group][step] += advance_longer(column, state);
        if (step == group - 1) states_[column / group] = settle(state);
    }
    return sums;
}

double KWeightedPair::sum_of_squares(std::size_t channel, const float* samples, std::int64_t frames) {
    double sum = 0;
    const auto at = [&](std::int64_t i) { return static_cast<double>(samples[i]); };
    for (std::int64_t i = 0; i < frames; ++i)
        sum += advance(design_, states_[channel], at(i), at(i - 1), at(i - 2));
    states_[channel] = settle(states_[channel]);
    return sum;
}

}  // namespace dubplate
#endif
