// flac_prediction.h: how a channel of a FLAC frame is best predicted, as its autocorrelation tells.
//
// What     predict_flac() finds the linear predictor of each order and the energy that the fixed ones would leave, and
//          names the best of each kind with the bits that it would take. quantize_flac() makes whole numbers of weights.
// Units    bits of the whole subframe, estimated: of residuals as they are distributed in music.
// Exact    additions, multiplications, divisions and square roots of doubles in one order, no function of a library that
//          rounds as it likes: the same on every machine.
// Threads  pure functions.
// Source   RFC 9639 sections 9.2.5 and 9.2.6; the recursion of Levinson and Durbin.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "audio/kernels/prediction.h"

namespace dubplate {

// The window through which autocorrelations are taken: flat in its middle half, with smooth flanks.
std::vector<float> make_flac_window(std::int64_t frames);

struct FlacPrediction {
    std::size_t linear_order = 0;  // 0: no linear predictor is of use
    PredictionWeights weights{};
    double linear_bits = 0;
    std::size_t fixed_order = 0;
    double fixed_bits = 0;

    double sample_bits = 0;  // of the samples as they are

    double bits() const {
        return std::min({linear_order > 0 ? linear_bits : fixed_bits, fixed_bits, sample_bits});
    }
};

// autocorrelation: of the channel behind make_flac_window(frames). bits: of its samples.
FlacPrediction predict_flac(const Autocorrelation& autocorrelation, std::int64_t frames, int bits);

// As whole numbers of `precision` bits, to be divided by 2^shift.
struct QuantizedWeights {
    PredictionWeights weights{};
    int shift = 0;
    int precision = 0;
};

// precision: of the weights for samples of so many bits.
int flac_weight_bits(int bits);
// shift is below 0 where the weights are too large for a FLAC frame.
QuantizedWeights quantize_flac(const PredictionWeights& weights, std::size_t order, int precision);

}  // namespace dubplate
