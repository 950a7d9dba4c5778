// columns.h: stretches of samples side by side, so that one vector holds the same frame of many of them.
//
// Shape    a row holds one frame of `row_columns` stretches; column j of row i is frame i of stretch j.
// Why      a filter that works along the time works on all columns at once, and each column gets the same operations
//          whatever the number of lanes.
// Threads  free functions, no state.
#pragma once

#include <cstdint>
#include <span>

namespace dubplate {

inline constexpr std::size_t row_columns = 16;

// Aligned as the widest vectors are, so that no load touches two lines of the cache.
struct alignas(64) Row {
    float columns[row_columns];
};

// Fills `frames` rows.
void to_columns(std::span<const float* const, row_columns> stretches, std::int64_t frames, Row* rows);
// And back.
void from_columns(const Row* rows, std::int64_t frames, std::span<float* const, row_columns> stretches);

}  // namespace dubplate
