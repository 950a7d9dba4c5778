// rice.h: Rice codes of many numbers at once.
//
// Code     of a number r with the parameter k: u = 2r, or -2r - 1 where r is below 0; u / 2^k zeros, a one, the k low bits
//          of u.
// Range    numbers of up to 31 bits, parameters of 0 to 30.
// Exact    the bits do not depend on the kind of processor.
// Threads  functions without state.
// Source   RFC 9639 section 9.2.7.
#pragma once

#include <cstdint>

#include "audio/kernels/bit_writer.h"

namespace dubplate {

// The sums of the magnitudes of each `block` numbers: `blocks` of them.
void sum_magnitudes(const std::int32_t* numbers, std::int64_t blocks, std::int64_t block,
                    std::uint64_t* sums);

void append_rice_codes(const std::int32_t* numbers, std::int64_t count, unsigned parameter,
                       BitWriter& writer);

}  // namespace dubplate
