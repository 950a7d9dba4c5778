// reconstruction.h: what lossless coders took apart put together again: Rice codes, linear prediction, two channels stored as
// others.
//
// Shape    one channel, its samples one after the other; those before them are what is predicted from.
// Exact    integers: the same on all kinds of processor, for bytes that mean no audio too. What does not fit 32 bits loses its
//          upper ones.
// Range    samples of up to 32 bits, coefficients of up to 16, orders of up to 32: the sums fit 64 bits.
// Speed    reading codes waits for the place where the next begins, and prediction for the sample before: a few of each in
//          turn let a processor do both at once. Of the sums, what depends on older samples is made for four at once.
// Threads  functions without state; the predictor is a value.
// Source   RFC 9639 sections 4.2, 9.2.5 to 9.2.7.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "audio/kernels/bit_reader.h"

namespace dubplate {

inline constexpr std::size_t longest_prediction = 32;

// sample = residual + (sum of weights[j] * the sample j + 1 before it) / 2^shift, rounded down.
struct LinearPredictor {
    // Up to longest_prediction weights; none: samples are their residuals. by: 0 to 31.
    LinearPredictor(std::span<const std::int32_t> from, int by);

    std::int64_t order;
    int shift;
    std::array<std::int64_t, longest_prediction + 1> weights{};  // by distance, from 1 on; 0 past the order
};

// Reads `count` Rice codes and puts the samples that they are residuals of behind those before `to`: longest_prediction of
// them must be there. False: the bits end before.
bool read_predicted(BitReader& bits, unsigned parameter, const LinearPredictor& predictor, std::int64_t* to,
                    std::int64_t count);
// Likewise, where residuals of `width` bits each stand as they are, 0 to 32.
bool read_predicted_plain(BitReader& bits, unsigned width, const LinearPredictor& predictor, std::int64_t* to,
                          std::int64_t count);

// The samples without their upper 32 bits, times 2^wasted.
void narrow(const std::int64_t* from, std::int32_t* to, std::int64_t count, int wasted);

// What became of left and right in their place: their difference, and half of their sum.
enum class StereoCode { left_and_side, side_and_right, mid_and_side };
void restore_stereo(StereoCode code, std::int32_t* first, std::int32_t* second, std::int64_t count);

}  // namespace dubplate
