// prediction.h: linear prediction of integers, as lossless coders use it.
//
// Shape    one channel. Arrays may be of any alignment.
// Exact    residuals are integers: the same on all kinds of processor. Autocorrelations are sums of doubles over eight
//          columns, each in its own order, whatever the number of lanes.
// Range    samples of up to 25 bits and coefficients of up to 15: sums of eight products are exact in double.
// Threads  functions without state.
// Source   RFC 9639 sections 9.2.5 and 9.2.6.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace dubplate {

inline constexpr std::size_t most_prediction_order = 12;
inline constexpr std::size_t most_fixed_order = 4;
inline constexpr std::size_t autocorrelation_columns = 8;

// From lag 0 on.
using Autocorrelation = std::array<double, most_prediction_order + 1>;
// Of the sample before, the one before that, ...; 0 behind the order.
using PredictionWeights = std::array<double, most_prediction_order>;

// Half the sum, rounded down, and the difference.
void mid_and_side(const std::int32_t* left, const std::int32_t* right, std::int32_t* mid, std::int32_t* side,
                  std::int64_t count);

void to_doubles(const std::int32_t* from, double* to, std::int64_t count);
void apply_window(const std::int32_t* from, const float* window, double* to, std::int64_t count);
void subtract(const double* from, const double* what, double* to, std::int64_t count);

// most_prediction_order samples in front of `samples` must be there and 0, and as many 0 behind them as fill the last
// eight.
Autocorrelation autocorrelate(const double* samples, std::int64_t count);

// residuals[i] = samples[i] - floor(sum of weights[j] * samples[i - 1 - j] / 2^shift), for i of [begin, count). Weights are
// whole numbers; most_prediction_order samples in front of samples[begin] must be there. False: a residual does not fit 31
// bits, and then all are worth nothing.
bool linear_residuals(const double* samples, std::int64_t begin, std::int64_t count,
                      const PredictionWeights& weights, int shift, std::int32_t* residuals);

}  // namespace dubplate
