// samples.h: what is done to every sample by itself.
//
// Exact    each sample's result depends on that sample, on its index where noise is added, and on nothing else: it does not
//          matter how a stream is cut, or on what kind of processor it is worked on.
// Threads  functions without state.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/prng.h"

namespace dubplate {

bool all_finite(const float* samples, std::int64_t count);

// to = from * gain. NaN becomes 0 and an infinity full scale of its sign before that. from and to may be the same.
void scale_finite(const float* from, float* to, std::int64_t count, double gain);

// Integers of `bits` bits: 1.0 is 2^(bits - 1), halves are rounded to even, what is past full scale is clipped, NaN is 0.
// Returns how many were clipped. With noise, noise->triangular(first_index + i) LSB are added before the rounding.
std::int64_t quantize(const float* from, std::int32_t* to, std::int64_t count, int bits,
                      const Random* noise = nullptr, std::uint64_t first_index = 0);

// What quantize() did to a sample, back: exact up to 24 bits.
void to_floats(const std::int32_t* from, float* to, std::int64_t count, int bits);

// Stereo frames of two little-endian samples of 24 bits each, one behind the other in 6 bytes. For machines whose own order is
// the same.
void stereo24_to_floats(const std::byte* from, float* left, float* right, std::int64_t frames);

}  // namespace dubplate
