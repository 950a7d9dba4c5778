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

// The recursive side of both filters, for one vector of columns.
template <class D>
struct Recursion {
    using V = hn::Vec<D>;
    V v1, v2, w1, w2;

    HWY_INLINE void rest(D d) { v1 = v2 = w1 = w2 = hn::Zero(d); }
    HWY_INLINE void store(D d, StepsFromRest& steps, std::size_t column) const {
        hn::StoreU(v1, d, steps.states[0] + column);
        hn::StoreU(v2, d, steps.states[1] + column);
        hn::StoreU(w1, d, steps.states[2] + column);
        hn::StoreU(w2, d, steps.states[3] + column);
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

// What a vector of columns comes to over a step from rest.
template <class D>
struct ColumnSums {
    using V = hn::Vec<D>;
    V squares, crossings[4];

    HWY_INLINE void clear(D d) {
        squares = crossings[0] = crossings[1] = crossings[2] = crossings[3] = hn::Zero(d);
    }
    HWY_INLINE void add(D d, V w, const double* ringing) {
        squares = hn::Add(squares, hn::Mul(w, w));
        for (int i = 0; i < 4; ++i) crossings[i] = hn::Add(crossings[i], hn::Mul(w, hn::Set(d, ringing[i])));
    }
    HWY_INLINE void store(D d, StepsFromRest& steps, std::size_t column) const {
        hn::StoreU(squares, d, steps.squares + column);
        for (int i = 0; i < 4; ++i) hn::StoreU(crossings[i], d, steps.crossings[i] + column);
    }
};

// rows: two rows stand before the first. ringing: four values for each row.
void filter_from_rest(const KWeighting& design, const Row* rows, std::int64_t frames, const double* ringing,
                      StepsFromRest& steps) {
    const hn::CappedTag<double, KWeightedPair::group> d;
    const hn::Rebind<float, decltype(d)> single;
    const std::size_t lanes = hn::Lanes(d);
    const auto b0 = hn::Set(d, design.shelf.b0), b1 = hn::Set(d, design.shelf.b1),
               b2 = hn::Set(d, design.shelf.b2);
    const auto a1 = hn::Set(d, design.shelf.a1), a2 = hn::Set(d, design.shelf.a2);
    const auto p1 = hn::Set(d, design.high_pass.a1), p2 = hn::Set(d, design.high_pass.a2);
    // Two vectors at once: one waits for its frame before while the other is worked on.
    for (std::size_t near = 0; near < row_columns; near += 2 * lanes) {
        const std::size_t far = near + lanes;
        const auto load = [&](std::int64_t row, std::size_t column) {
            return hn::PromoteTo(d, hn::Load(single, rows[row].columns + column));
        };
        auto near_x1 = load(-1, near), near_x2 = load(-2, near), far_x1 = load(-1, far),
             far_x2 = load(-2, far);
        Recursion<decltype(d)> near_state, far_state;
        near_state.rest(d);
        far_state.rest(d);
        ColumnSums<decltype(d)> near_sums, far_sums;
        near_sums.clear(d);
        far_sums.clear(d);
        for (std::int64_t i = 0; i < frames; ++i) {
            const auto near_x = load(i, near), far_x = load(i, far);
            const auto near_input =
                hn::Add(hn::Add(hn::Mul(b0, near_x), hn::Mul(b1, near_x1)), hn::Mul(b2, near_x2));
            const auto far_input =
                hn::Add(hn::Add(hn::Mul(b0, far_x), hn::Mul(b1, far_x1)), hn::Mul(b2, far_x2));
            near_sums.add(d, near_state.next(near_input, a1, a2, p1, p2), ringing + 4 * i);
            far_sums.add(d, far_state.next(far_input, a1, a2, p1, p2), ringing + 4 * i);
            near_x2 = near_x1;
            near_x1 = near_x;
            far_x2 = far_x1;
            far_x1 = far_x;
        }
        near_state.store(d, steps, near);
        far_state.store(d, steps, far);
        near_sums.store(d, steps, near);
        far_sums.store(d, steps, far);
    }
}

}  // namespace
}  // namespace dubplate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dubplate {

HWY_EXPORT(filter_from_rest);

namespace {

constexpr std::size_t group = KWeightedPair::group;
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

KWeightedPair::State column_of(const StepsFromRest& steps, std::size_t column) {
    return {steps.states[0][column], steps.states[1][column], steps.states[2][column],
            steps.states[3][column]};
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
      ringing_(4 * static_cast<std::size_t>(shortest)),
      rows_(static_cast<std::size_t>(rows_before + shortest + 1)) {
    for (std::size_t from = 0; from < 4; ++from) {
        State state{};
        state[from] = 1;
        for (std::size_t i = 0; i < static_cast<std::size_t>(shortest); ++i) {
            advance(design_, state, 0, 0, 0);
            ringing_[4 * i + from] = state[2];
        }
        for (std::size_t to = 0; to < 4; ++to) carried_[to][from] = state[to];
    }
    for (std::size_t i = 0; i < ringing_.size(); i += 4)
        for (std::size_t a = 0; a < 4; ++a)
            for (std::size_t b = 0; b < 4; ++b) ringing_squares_[a][b] += ringing_[i + a] * ringing_[i + b];
}

void KWeightedPair::place_columns(std::size_t channel, const float* samples, Lengths lengths) {
    std::array<const float*, group> stretches{};
    const float* at = samples - rows_before;
    for (std::size_t step = 0; step < group; at += lengths[step++]) stretches[step] = at;
    to_columns(stretches, rows_before + shortest_ + 1, channel * group, rows_.data());
}

// The last frame of a column whose step is a longer one.
double KWeightedPair::advance_longer(std::size_t column, State& state) const {
    const Row* row = rows_.data() + rows_before + shortest_;
    const auto x = [&](int back) { return static_cast<double>((row - back)->columns[column]); };
    return advance(design_, state, x(0), x(1), x(2));
}

// The sums of a channel's steps, each from the state in which the one before has left the filter.
void KWeightedPair::join_steps(std::size_t channel, Lengths lengths, std::array<double, group>& sums) {
    State& state = states_[channel];
    for (std::size_t step = 0; step < group; ++step) {
        const std::size_t column = channel * group + step;
        State after = column_of(from_rest_, column);
        double sum = from_rest_.squares[column];
        for (std::size_t a = 0; a < 4; ++a) {
            double ringing = 2 * from_rest_.crossings[a][column];
            for (std::size_t b = 0; b < 4; ++b) {
                ringing += ringing_squares_[a][b] * state[b];
                after[a] += carried_[a][b] * state[b];
            }
            sum += ringing * state[a];
        }
        sums[step] = std::max(sum, 0.0);  // rounding may leave less than nothing
        if (lengths[step] > shortest_) sums[step] += advance_longer(column, after);
        state = settle(after);
    }
}

KWeightedPair::Sums KWeightedPair::sums_of_squares(const float* first, const float* second, Lengths lengths) {
    place_columns(0, first, lengths);
    place_columns(1, second, lengths);
    HWY_DYNAMIC_DISPATCH(filter_from_rest)
    (design_, rows_.data() + rows_before, shortest_, ringing_.data(), from_rest_);
    Sums sums{};
    join_steps(0, lengths, sums[0]);
    join_steps(1, lengths, sums[1]);
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
