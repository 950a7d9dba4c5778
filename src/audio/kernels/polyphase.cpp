// The loop is compiled once for each kind of processor. Every column is computed by the same operations in the same order,
// whatever the number of lanes, so that all kinds give the same bits.
#include "audio/kernels/polyphase.h"
#include "audio/kernels/kaiser.h"
#include "core/result.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <span>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "audio/kernels/polyphase.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace dubplate::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// The sums of two outputs, over a quarter of their rows.
template <class D>
struct PairedSum {
    hn::Vec<D> first, second;

    HWY_INLINE void clear(D d) { first = second = hn::Zero(d); }
    HWY_INLINE void add(const Row& row, std::size_t column, const PairedWeight& weight) {
        const D d;
        const auto samples = hn::Load(d, row.columns + column);
        first = hn::Add(first, hn::Mul(hn::Set(d, weight.first), samples));
        second = hn::Add(second, hn::Mul(hn::Set(d, weight.second), samples));
    }
};

// Two outputs of all columns. Four sums for each, since an addition waits for the one before.
void weigh(const Row* rows, const PairedWeight* weights, std::int64_t width, Row* out) {
    const hn::CappedTag<float, row_columns> d;
    for (std::size_t column = 0; column < row_columns; column += hn::Lanes(d)) {
        PairedSum<decltype(d)> a, b, c, e;
        a.clear(d);
        b = c = e = a;
        for (std::int64_t i = 0; i < width; i += 4) {
            a.add(rows[i], column, weights[i]);
            b.add(rows[i + 1], column, weights[i + 1]);
            c.add(rows[i + 2], column, weights[i + 2]);
            e.add(rows[i + 3], column, weights[i + 3]);
        }
        hn::Store(hn::Add(hn::Add(a.first, b.first), hn::Add(c.first, e.first)), d, out[0].columns + column);
        hn::Store(hn::Add(hn::Add(a.second, b.second), hn::Add(c.second, e.second)), d,
                  out[1].columns + column);
    }
}

// One round.
void weigh_all(const Row* rows, std::span<const std::int64_t> starts, const PairedWeight* weights,
               std::int64_t width, Row* out) {
    for (const std::int64_t start : starts) {
        weigh(rows + start, weights, width, out);
        weights += width;
        out += 2;
    }
}

}  // namespace
}  // namespace dubplate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dubplate {

HWY_EXPORT(weigh_all);

namespace {

constexpr double pass_band = 0.913;  // of the lower Nyquist
constexpr double ripple_db = 140;
// 5 MiB: the table for the widest pair of rates that music is kept in, 192 kHz to 11.025 kHz. Those of everyday use are
// below 0.5 MiB, stay in the second-level cache, and are made in a millisecond.
constexpr std::int64_t most_weights = 5 << 18;
// Frames of a column, about: few enough that its rows stay in the first-level cache, and more than its neighbors add.
constexpr std::int64_t usual_stretch = 256;

std::int64_t half_taps_for(int from_hz, int to_hz) {
    const double lower_nyquist = std::min(from_hz, to_hz) / 2.0;
    const double transition = lower_nyquist * (1 - pass_band) / from_hz;
    return static_cast<std::int64_t>(std::ceil(kaiser_taps(ripple_db, transition) / 2));
}

// The weights of the taps around a place between two frames, 0 to 1 after the middle one.
std::vector<double> design_phase(std::int64_t half_taps, double cutoff, double place) {
    static const KaiserWindow window(kaiser_beta(ripple_db));
    std::vector<double> weights;
    for (std::int64_t tap = 0; tap < 2 * half_taps; ++tap) {
        const double distance = place + static_cast<double>(half_taps - 1 - tap);
        const double angle = std::numbers::pi * cutoff * distance;
        const double sinc = angle == 0 ? 1 : std::sin(angle) / angle;
        weights.push_back(sinc * window.at(distance / static_cast<double>(half_taps)));
    }
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (double& weight : weights) weight /= sum;
    return weights;
}

}  // namespace

bool PolyphaseFilter::suits(int from_hz, int to_hz) {
    const std::int64_t phases = to_hz / std::gcd(from_hz, to_hz);
    const std::int64_t steps = from_hz / std::gcd(from_hz, to_hz);
    return 2 * std::max(phases * 2 * half_taps_for(from_hz, to_hz), steps) <= most_weights;
}

PolyphaseFilter::PolyphaseFilter(int from_hz, int to_hz) : half_taps_(half_taps_for(from_hz, to_hz)) {
    DUBPLATE_ASSERT(suits(from_hz, to_hz));
    const std::int64_t steps_in = from_hz / std::gcd(from_hz, to_hz);
    const std::int64_t steps_out = to_hz / std::gcd(from_hz, to_hz);
    const std::int64_t rounds_in_pairs = steps_out % 2 == 0 ? 1 : 2;
    round_in_ = rounds_in_pairs * steps_in;
    round_out_ = rounds_in_pairs * steps_out;
    rounds_ = std::max<std::int64_t>(usual_stretch / std::max(round_in_, round_out_), 1);
    const std::int64_t most_apart = steps_in / steps_out + 1;  // rows between the two outputs of a pair
    width_ = (taps() + most_apart + 3) / 4 * 4;
    weights_.resize(static_cast<std::size_t>(round_out_ / 2 * width_));
    // The middle of the transition, as a share of the input's Nyquist.
    const double cutoff = (1 + pass_band) / 2 * std::min(1.0, static_cast<double>(to_hz) / from_hz);
    for (std::int64_t k = 0; k < round_out_; k += 2) {
        starts_.push_back(k * steps_in / steps_out);
        PairedWeight* const pair = weights_.data() + k / 2 * width_;
        for (const std::int64_t output : {k, k + 1}) {
            const double place =
                static_cast<double>(output * steps_in % steps_out) / static_cast<double>(steps_out);
            const std::vector<double> weights = design_phase(half_taps_, cutoff, place);
            PairedWeight* weight = pair + output * steps_in / steps_out - starts_.back();
            for (const double value : weights) {
                (output == k ? weight->first : weight->second) = static_cast<float>(value);
                ++weight;
            }
        }
    }
}

void PolyphaseFilter::run(const Row* rows, Row* out) const {
    for (std::int64_t round = 0; round < rounds_; ++round) HWY_DYNAMIC_DISPATCH(weigh_all)
    (rows + round * round_in_, starts_, weights_.data(), width_, out + round * round_out_);
}

}  // namespace dubplate
#endif
