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

// Both filters, for one vector of columns; advance() below does the same for one column.
template <class D>
struct Filters {
    using V = hn::Vec<D>;
    V s1, s2, u1, d1;

    HWY_INLINE void rest(D d) { s1 = s2 = u1 = d1 = hn::Zero(d); }
    HWY_INLINE V next(D d, V x, const KWeightingSteps& k) {
        const V s = hn::Sub(hn::Sub(x, hn::Mul(hn::Set(d, k.a2), s2)), hn::Mul(hn::Set(d, k.a1), s1));
        const V v = hn::Add(hn::Add(s, hn::Mul(hn::Set(d, k.b1), s1)), hn::Mul(hn::Set(d, k.b2), s2));
        const V difference =
            hn::Sub(hn::Add(v, hn::Mul(hn::Set(d, k.keep), d1)), hn::Mul(hn::Set(d, k.pull), u1));
        const V w = hn::Sub(difference, d1);
        s2 = s1;
        s1 = s;
        u1 = hn::Add(u1, difference);
        d1 = difference;
        return w;
    }
    HWY_INLINE void store(D d, StepsFromRest& steps, std::size_t column) const {
        hn::StoreU(s1, d, steps.states[0] + column);
        hn::StoreU(s2, d, steps.states[1] + column);
        hn::StoreU(u1, d, steps.states[2] + column);
        hn::StoreU(d1, d, steps.states[3] + column);
    }
};

// What a vector of columns comes to over a step from rest.
template <class D>
struct ColumnSums {
    using V = hn::Vec<D>;
    V squares, first, second, third, fourth;

    HWY_INLINE void clear(D d) { squares = first = second = third = fourth = hn::Zero(d); }
    HWY_INLINE void add(D d, V w, const double* ringing) {
        squares = hn::Add(squares, hn::Mul(w, w));
        first = hn::Add(first, hn::Mul(w, hn::Set(d, ringing[0])));
        second = hn::Add(second, hn::Mul(w, hn::Set(d, ringing[1])));
        third = hn::Add(third, hn::Mul(w, hn::Set(d, ringing[2])));
        fourth = hn::Add(fourth, hn::Mul(w, hn::Set(d, ringing[3])));
    }
    HWY_INLINE void store(D d, StepsFromRest& steps, std::size_t column) const {
        hn::StoreU(squares, d, steps.squares + column);
        hn::StoreU(first, d, steps.crossings[0] + column);
        hn::StoreU(second, d, steps.crossings[1] + column);
        hn::StoreU(third, d, steps.crossings[2] + column);
        hn::StoreU(fourth, d, steps.crossings[3] + column);
    }
};

// ringing: four values for each row.
void filter_from_rest(const KWeightingSteps& filter, const Row* rows, std::int64_t frames,
                      const double* ringing, StepsFromRest& steps) {
    const hn::CappedTag<double, KWeightedPair::group> d;
    const hn::Rebind<float, decltype(d)> single;
    const std::size_t lanes = hn::Lanes(d);
    const KWeightingSteps k = filter;
    // Two vectors at once: one waits for its frame before while the other is worked on.
    for (std::size_t near = 0; near < row_columns; near += 2 * lanes) {
        const std::size_t far = near + lanes;
        Filters<decltype(d)> near_filters, far_filters;
        near_filters.rest(d);
        far_filters.rest(d);
        ColumnSums<decltype(d)> near_sums, far_sums;
        near_sums.clear(d);
        far_sums.clear(d);
        for (std::int64_t i = 0; i < frames; ++i) {
            const auto near_x = hn::PromoteTo(d, hn::Load(single, rows[i].columns + near));
            const auto far_x = hn::PromoteTo(d, hn::Load(single, rows[i].columns + far));
            near_sums.add(d, near_filters.next(d, near_x, k), ringing + 4 * i);
            far_sums.add(d, far_filters.next(d, far_x, k), ringing + 4 * i);
        }
        near_filters.store(d, steps, near);
        far_filters.store(d, steps, far);
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

// 600 dB below full scale: far below all that can be measured, far above what double holds with full precision.
constexpr double settled = 1e-30;

KWeightedPair::State settle(KWeightedPair::State state) {
    for (double& value : state)
        if (std::abs(value) < settled) value = 0;
    return state;
}

// One frame of one channel: its filtered sample.
double advance(const KWeightingSteps& k, KWeightedPair::State& state, double x) {
    auto& [s1, s2, u1, d1] = state;
    const double s = x - k.a2 * s2 - k.a1 * s1;
    const double v = s + k.b1 * s1 + k.b2 * s2;
    const double difference = v + k.keep * d1 - k.pull * u1;
    const double w = difference - d1;
    state = {s, s1, u1 + difference, difference};
    return w;
}

KWeightingSteps steps_of(const KWeighting& design) {
    const Biquad& shelf = design.shelf;
    const Biquad& pass = design.high_pass;
    return {.a1 = shelf.a1,
            .a2 = shelf.a2,
            .b1 = shelf.b1 / shelf.b0,
            .b2 = shelf.b2 / shelf.b0,
            .keep = pass.a2,
            .pull = 1 + pass.a1 + pass.a2,
            .energy = shelf.b0 * shelf.b0};
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
    : filter_(steps_of(design)),
      shortest_(shortest),
      ringing_(4 * static_cast<std::size_t>(shortest)),
      rows_(static_cast<std::size_t>(shortest + 1)) {
    for (std::size_t from = 0; from < 4; ++from) {
        State state{};
        state[from] = 1;
        for (std::size_t i = from; i < ringing_.size(); i += 4) ringing_[i] = advance(filter_, state, 0);
        for (std::size_t to = 0; to < 4; ++to) carried_[to][from] = state[to];
    }
    for (std::size_t i = 0; i < ringing_.size(); i += 4)
        for (std::size_t a = 0; a < 4; ++a)
            for (std::size_t b = 0; b < 4; ++b) ringing_squares_[a][b] += ringing_[i + a] * ringing_[i + b];
}

void KWeightedPair::place_columns(const float* first, const float* second, Lengths lengths) {
    std::array<const float*, row_columns> stretches{};
    std::int64_t begin = 0;
    for (std::size_t step = 0; step < group; begin += lengths[step++]) {
        stretches[step] = first + begin;
        stretches[group + step] = second + begin;
    }
    to_columns(stretches, shortest_ + 1, rows_.data());
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
        sum = std::max(sum, 0.0);  // rounding may leave less than nothing
        if (lengths[step] > shortest_) {
            const Row& last = rows_[static_cast<std::size_t>(shortest_)];
            const double w = advance(filter_, after, static_cast<double>(last.columns[column]));
            sum += w * w;
        }
        sums[step] = filter_.energy * sum;
        state = settle(after);
    }
}

KWeightedPair::Sums KWeightedPair::sums_of_squares(const float* first, const float* second, Lengths lengths) {
    place_columns(first, second, lengths);
    HWY_DYNAMIC_DISPATCH(filter_from_rest)(filter_, rows_.data(), shortest_, ringing_.data(), from_rest_);
    Sums sums{};
    join_steps(0, lengths, sums[0]);
    join_steps(1, lengths, sums[1]);
    return sums;
}

double KWeightedPair::sum_of_squares(std::size_t channel, const float* samples, std::int64_t frames) {
    double sum = 0;
    for (std::int64_t i = 0; i < frames; ++i) {
        const double w = advance(filter_, states_[channel], static_cast<double>(samples[i]));
        sum += w * w;
    }
    states_[channel] = settle(states_[channel]);
    return filter_.energy * sum;
}

}  // namespace dubplate
#endif
