#include "audio/kernels/k_weighting.h"

#include <cmath>
#include <numbers>

namespace dubplate {

namespace {

// 600 dB below full scale: far below all that can be measured, far above what double holds with full precision.
constexpr double settled = 1e-30;

DoubleLanes settle_lanes(DoubleLanes lanes) {
    for (int i = 0; i < 2; ++i)
        if (std::abs(lanes[i]) < settled) lanes[i] = 0;
    return lanes;
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

std::array<double, 2> KWeightedPair::sum_of_squares(const float* first, const float* second,
                                                    std::int64_t frames) {
    const Biquad shelf = design_.shelf;
    const Biquad pass = design_.high_pass;
    DoubleLanes x1 = input_[0], x2 = input_[1];
    DoubleLanes v1 = shelved_[0], v2 = shelved_[1];
    DoubleLanes w1 = weighted_[0], w2 = weighted_[1];
    DoubleLanes sum{};
    for (std::int64_t i = 0; i < frames; ++i) {
        const DoubleLanes x{static_cast<double>(first[i]), static_cast<double>(second[i])};
        // The newest output is multiplied and subtracted last, which keeps the chain from frame to frame short.
        const DoubleLanes v = (shelf.b0 * x + shelf.b1 * x1 + shelf.b2 * x2 - shelf.a2 * v2) - shelf.a1 * v1;
        const DoubleLanes w = (v - (v1 + v1) + v2 - pass.a2 * w2) - pass.a1 * w1;
        sum += w * w;
        x2 = x1;
        x1 = x;
        v2 = v1;
        v1 = v;
        w2 = w1;
        w1 = w;
    }
    input_[0] = x1, input_[1] = x2;
    shelved_[0] = v1, shelved_[1] = v2;
    weighted_[0] = w1, weighted_[1] = w2;
    return {sum[0], sum[1]};
}

void KWeightedPair::settle() {
    for (DoubleLanes& lanes : shelved_) lanes = settle_lanes(lanes);
    for (DoubleLanes& lanes : weighted_) lanes = settle_lanes(lanes);
}

}  // namespace dubplate
