#include "formats/audio/flac_rice.h"

#include <algorithm>
#include <bit>

#include "audio/kernels/rice.h"

namespace dubplate {

namespace {

constexpr unsigned short_parameter_bits = 4;
constexpr unsigned long_parameter_bits = 5;
constexpr unsigned most_short_parameter = 14;  // 15 is another thing
constexpr unsigned most_long_parameter = 30;

struct Choice {
    unsigned parameter = 0;
    std::uint64_t bits = 0;
};

// sum: of the magnitudes of `count` numbers.
std::uint64_t code_bits(std::uint64_t sum, std::uint64_t count, unsigned parameter) {
    // Half of the numbers are below 0, and those come to one less when folded.
    const std::uint64_t folded = 2 * sum - std::min(sum, count / 2);
    // The low bits, which are not counted in zeros, are half of what they can be.
    const std::uint64_t cut = count / 2 - (count / 2 >> parameter);
    const std::uint64_t zeros = folded >> parameter;
    return count * (parameter + 1) + (zeros > cut ? zeros - cut : 0);
}

Choice choose_parameter(std::uint64_t sum, std::uint64_t count) {
    if (count == 0) return {};
    // The best is close to the logarithm of the mean: three are tried.
    const int lowest = static_cast<int>(std::bit_width(sum)) - static_cast<int>(std::bit_width(count)) - 1;
    Choice best{.parameter = 0, .bits = ~std::uint64_t{0}};
    for (int p = lowest; p < lowest + 3; ++p) {
        const unsigned parameter =
            static_cast<unsigned>(std::clamp(p, 0, static_cast<int>(most_long_parameter)));
        const std::uint64_t bits = code_bits(sum, count, parameter);
        if (bits < best.bits) best = {.parameter = parameter, .bits = bits};
    }
    return best;
}

unsigned parameter_bits(const FlacResidualPlan& plan) {
    const auto end = plan.parameters.begin() + (std::ptrdiff_t{1} << plan.partition_order);
    return std::any_of(plan.parameters.begin(), end, [](unsigned p) { return p > most_short_parameter; })
               ? long_parameter_bits
               : short_parameter_bits;
}

FlacResidualPlan plan_partitions(std::span<const std::uint64_t> sums, std::uint64_t frames,
                                 std::size_t order) {
    FlacResidualPlan plan;
    plan.partition_order = static_cast<unsigned>(std::countr_zero(sums.size()));
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const std::uint64_t count = (frames >> plan.partition_order) - (i == 0 ? order : 0);
        const Choice choice = choose_parameter(sums[i], count);
        plan.parameters[i] = static_cast<std::uint8_t>(choice.parameter);
        plan.bits += choice.bits;
    }
    plan.bits += parameter_bits(plan) << plan.partition_order;
    return plan;
}

}  // namespace

FlacResidualPlan plan_flac_residuals(std::span<const std::int32_t> residuals, std::size_t order) {
    const std::size_t frames = residuals.size();
    unsigned finest = std::min(most_flac_partition_order, static_cast<unsigned>(std::countr_zero(frames)));
    while (finest > 0 && frames >> finest <= order) --finest;
    std::array<std::uint64_t, 1U << most_flac_partition_order> sums{};
    std::size_t partitions = std::size_t{1} << finest;
    sum_magnitudes(residuals.data(), static_cast<std::int64_t>(partitions),
                   static_cast<std::int64_t>(frames >> finest), sums.data());
    FlacResidualPlan best = plan_partitions(std::span(sums).first(partitions), frames, order);
    while (partitions > 1) {
        partitions /= 2;
        for (std::size_t i = 0; i < partitions; ++i) sums[i] = sums[2 * i] + sums[2 * i + 1];
        const FlacResidualPlan plan = plan_partitions(std::span(sums).first(partitions), frames, order);
        if (plan.bits <= best.bits) best = plan;
    }
    return best;
}

void append_flac_residuals(std::span<const std::int32_t> residuals, std::size_t order,
                           const FlacResidualPlan& plan, BitWriter& writer) {
    const unsigned width = parameter_bits(plan);
    writer.put(width == long_parameter_bits ? 1 : 0, 2);
    writer.put(plan.partition_order, 4);
    const std::size_t length = residuals.size() >> plan.partition_order;
    for (std::size_t begin = order, end = length, i = 0; end <= residuals.size();
         begin = end, end += length, ++i) {
        writer.put(plan.parameters[i], width);
        append_rice_codes(residuals.data() + begin, static_cast<std::int64_t>(end - begin),
                          plan.parameters[i], writer);
    }
}

}  // namespace dubplate
