// flac_rice.h: the residuals of a FLAC subframe as partitions of Rice codes.
//
// What     plan_flac_residuals() chooses into how many partitions they are cut and each one's parameter, from the sums of
//          their magnitudes alone; append_flac_residuals() writes them.
// Shape    as many residuals as the block has frames, those of the warm-up 0.
// Units    bits, estimated from the sums: within half a bit for each frame.
// Threads  pure functions.
// Source   RFC 9639 section 9.2.7.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "audio/kernels/bit_writer.h"

namespace dubplate {

inline constexpr unsigned most_flac_partition_order = 5;  // 8 are allowed in the subset

struct FlacResidualPlan {
    unsigned partition_order = 0;
    std::array<std::uint8_t, 1U << most_flac_partition_order> parameters{};
    std::uint64_t bits = 0;  // of all, estimated
};

// order: samples of warm-up; fewer than residuals.
FlacResidualPlan plan_flac_residuals(std::span<const std::int32_t> residuals, std::size_t order);

void append_flac_residuals(std::span<const std::int32_t> residuals, std::size_t order,
                           const FlacResidualPlan& plan, BitWriter& writer);

}  // namespace dubplate
