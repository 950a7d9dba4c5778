// sliding.h: filters and correlations: sums of products of one array with a stretch of another that slides.
//
// Exact    each sum has one order of its terms, on every kind of processor and for every count.
// Threads  functions without state.
#pragma once

#include <cstdint>

namespace dubplate {

// to[i] += weights[0] * from[i] + weights[1] * from[i + 1] + ..., for i below `count`, term after term.
// Reads count + weight_count - 1 of `from`, which may be `weights` itself, but not `to`.
void add_sliding_products(const float* from, const float* weights, std::int64_t weight_count, float* to,
                          std::int64_t count);

}  // namespace dubplate
