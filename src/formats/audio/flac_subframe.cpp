#include "formats/audio/flac_subframe.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace dubplate {

namespace {

constexpr unsigned subframe_header_bits = 8;
constexpr unsigned residual_header_bits = 6;
constexpr unsigned precision_bits = 4;
constexpr unsigned shift_bits = 5;

// Six bits of a subframe's header.
constexpr unsigned constant_type = 0;
constexpr unsigned verbatim_type = 1;
constexpr unsigned fixed_type = 8;    // + the order
constexpr unsigned linear_type = 31;  // + the order

void append_header(unsigned type, int wasted, BitWriter& writer) {
    writer.put(type << 1 | (wasted > 0 ? 1U : 0U), subframe_header_bits);
    if (wasted > 0) writer.put(1, static_cast<unsigned>(wasted));  // one less as zeros, and a one
}

// The low bits that are 0 in all samples.
int wasted_bits(std::span<const std::int32_t> samples) {
    std::uint32_t any = 0;
    for (const std::int32_t sample : samples) {
        any |= static_cast<std::uint32_t>(sample);
        if ((any & 1) != 0) return 0;
    }
    return any == 0 ? 0 : std::countr_zero(any);
}

bool is_constant(std::span<const std::int32_t> samples) {
    return std::ranges::all_of(samples,
                               [first = samples[0]](std::int32_t sample) { return sample == first; });
}

void append_samples(std::span<const std::int32_t> samples, int bits, BitWriter& writer) {
    for (const std::int32_t sample : samples) writer.put_signed(sample, static_cast<unsigned>(bits));
}

std::uint64_t verbatim_bits(std::span<const std::int32_t> samples, int bits) {
    return samples.size() * static_cast<std::uint64_t>(bits);
}

}  // namespace

FlacSubframe::FlacSubframe(std::int64_t most_frames)
    : shifted_(static_cast<std::size_t>(most_frames)),
      doubles_(most_prediction_order + static_cast<std::size_t>(most_frames)) {
    best_.residuals.resize(shifted_.size());
    tried_.residuals.resize(shifted_.size());
}

std::size_t FlacSubframe::most_bytes(std::int64_t frames, int bits) {
    // A plan is within a bit for each frame of what it says, and is not begun where it says more than the samples take.
    return static_cast<std::size_t>(frames) * static_cast<std::size_t>(bits + 1) / 8 + 128 +
           BitWriter::slack_bytes;
}

void FlacSubframe::keep_better() {
    if (tried_.bits < best_.bits) std::swap(best_, tried_);
}

void FlacSubframe::try_fixed(std::span<const std::int32_t> samples, int bits, std::size_t order) {
    const std::span residuals = std::span(tried_.residuals).first(samples.size());
    std::ranges::copy(samples, residuals.begin());
    for (std::size_t pass = 1; pass <= order; ++pass)
        for (std::size_t i = samples.size() - 1; i >= pass; --i) residuals[i] -= residuals[i - 1];
    std::fill_n(residuals.begin(), order, 0);
    tried_.order = order;
    tried_.is_linear = false;
    tried_.plan = plan_flac_residuals(residuals, order);
    tried_.bits = residual_header_bits + order * static_cast<std::uint64_t>(bits) + tried_.plan.bits;
    keep_better();
}

void FlacSubframe::try_linear(std::span<const std::int32_t> samples, int bits,
                              const FlacPrediction& prediction) {
    const std::size_t order = prediction.linear_order;
    tried_.weights = quantize_flac(prediction.weights, order, flac_weight_bits(bits));
    if (tried_.weights.shift < 0) return;
    const auto frames = static_cast<std::int64_t>(samples.size());
    double* doubles = doubles_.data() + most_prediction_order;
    to_doubles(samples.data(), doubles, frames);
    const std::span residuals = std::span(tried_.residuals).first(samples.size());
    std::fill_n(residuals.begin(), order, 0);
    if (!linear_residuals(doubles, static_cast<std::int64_t>(order), frames, tried_.weights.weights,
                          tried_.weights.shift, residuals.data()))
        return;
    tried_.order = order;
    tried_.is_linear = true;
    tried_.plan = plan_flac_residuals(residuals, order);
    tried_.bits = residual_header_bits + precision_bits + shift_bits +
                  order * static_cast<std::uint64_t>(bits + tried_.weights.precision) + tried_.plan.bits;
    keep_better();
}

void FlacSubframe::try_predictors(std::span<const std::int32_t> samples, int bits,
                                  const FlacPrediction* prediction) {
    best_.bits = ~std::uint64_t{0};
    if (prediction == nullptr) {
        for (std::size_t order = 0; order <= most_fixed_order && order < samples.size(); ++order)
            try_fixed(samples, bits, order);
        return;
    }
    if (prediction->linear_order > 0) try_linear(samples, bits, *prediction);
    // What is told from the autocorrelation is not that exact.
    constexpr double doubt = 1.01;
    if (best_.bits == ~std::uint64_t{0} || prediction->fixed_bits < prediction->linear_bits * doubt)
        try_fixed(samples, bits, prediction->fixed_order);
}

void FlacSubframe::append(std::span<const std::int32_t> samples, int bits, const FlacPrediction* prediction,
                          BitWriter& writer) {
    if (is_constant(samples)) {
        append_header(constant_type, 0, writer);
        writer.put_signed(samples[0], static_cast<unsigned>(bits));
        return;
    }
    const int wasted = wasted_bits(samples);
    if (wasted > 0) {
        std::ranges::transform(samples, shifted_.begin(),
                               [wasted](std::int32_t sample) { return sample >> wasted; });
        samples = std::span<const std::int32_t>(shifted_).first(samples.size());
        bits -= wasted;
    }
    try_predictors(samples, bits, prediction);
    const BitWriter before = writer;
    if (best_.bits < verbatim_bits(samples, bits)) {
        append_header(static_cast<unsigned>(best_.order) + (best_.is_linear ? linear_type : fixed_type),
                      wasted, writer);
        const std::uint64_t begin = writer.bits();
        append_samples(samples.first(best_.order), bits, writer);
        if (best_.is_linear) {
            const auto precision = static_cast<unsigned>(best_.weights.precision);
            writer.put(precision - 1, precision_bits);
            writer.put_signed(best_.weights.shift, shift_bits);
            for (std::size_t j = 0; j < best_.order; ++j)
                writer.put_signed(static_cast<std::int64_t>(best_.weights.weights[j]), precision);
        }
        append_flac_residuals(std::span(best_.residuals).first(samples.size()), best_.order, best_.plan,
                              writer);
        if (writer.bits() - begin <= verbatim_bits(samples, bits)) return;
        writer = before;
    }
    append_header(verbatim_type, wasted, writer);
    append_samples(samples, bits, writer);
}

}  // namespace dubplate
