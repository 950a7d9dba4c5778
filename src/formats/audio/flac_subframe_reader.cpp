#include "formats/audio/flac_subframe_reader.h"

#include <algorithm>
#include <array>

namespace dubplate {

namespace {

// Six bits of a subframe's header, from which on a kind begins.
constexpr unsigned constant_type = 0;
constexpr unsigned verbatim_type = 1;
constexpr unsigned first_fixed_type = 8;
constexpr unsigned first_linear_type = 32;
constexpr std::size_t most_fixed = 4;

constexpr unsigned precision_bits = 4;
constexpr unsigned invalid_precision = 15;
constexpr unsigned shift_bits = 5;
constexpr unsigned partition_order_bits = 4;
constexpr unsigned plain_width_bits = 5;

constexpr unsigned widest_of_32_bits = 32;
constexpr int kept_wide_bits = 40;

// The polynomial through the samples before: 1; 2, -1; 3, -3, 1; ...
constexpr std::array<std::array<std::int32_t, most_fixed>, most_fixed + 1> fixed_weights{
    {{}, {1}, {2, -1}, {3, -3, 1}, {4, -6, 4, -1}}};

// In place, of residuals, for samples that do not fit 32 bits.
void restore_wide(const LinearPredictor& predictor, std::int64_t* samples, std::int64_t begin,
                  std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
        std::int64_t sum = 0;
        for (std::int64_t j = 1; j <= predictor.order; ++j)
            sum += predictor.weights[static_cast<std::size_t>(j)] * samples[i - j];
        // What is no audio would grow without end.
        const auto sample = static_cast<std::uint64_t>((sum >> predictor.shift) + samples[i]);
        samples[i] = static_cast<std::int64_t>(sample << (64 - kept_wide_bits)) >> (64 - kept_wide_bits);
    }
}

}  // namespace

bool FlacSubframeReader::read(BitReader& reader, int bits, std::int64_t frames, std::int32_t* to) {
    if (samples_.size() < longest_prediction + static_cast<std::size_t>(frames))
        samples_.resize(longest_prediction + static_cast<std::size_t>(frames));
    const bool is_padded = reader.take(1) == 0;
    const auto type = static_cast<unsigned>(reader.take(6));
    std::uint64_t wasted = 0;
    if (reader.take(1) != 0) wasted = reader.take_zeros() + 1;
    if (!is_padded || reader.overran() || wasted >= static_cast<std::uint64_t>(bits)) return false;
    bits_ = static_cast<unsigned>(bits) - static_cast<unsigned>(wasted);
    frames_ = frames;
    if (!read_samples(reader, type)) return false;
    narrow(samples(), to, frames, static_cast<int>(wasted));
    if (static_cast<unsigned>(bits) > widest_of_32_bits && wasted > 0)
        std::for_each_n(mutable_samples(), frames,
                        [wasted](std::int64_t& sample) { sample *= std::int64_t{1} << wasted; });
    return true;
}

bool FlacSubframeReader::read_samples(BitReader& reader, unsigned type) {
    if (type == constant_type) return read_constant(reader);
    if (type == verbatim_type) return read_verbatim(reader);
    if (type >= first_linear_type) return read_linear(reader, type - first_linear_type + 1);
    if (type < first_fixed_type || type > first_fixed_type + most_fixed) return false;
    return read_fixed(reader, type - first_fixed_type);
}

bool FlacSubframeReader::read_constant(BitReader& reader) {
    std::fill_n(mutable_samples(), frames_, reader.take_signed(bits_));
    return !reader.overran();
}

bool FlacSubframeReader::read_verbatim(BitReader& reader) {
    for (std::int64_t i = 0; i < frames_; ++i) mutable_samples()[i] = reader.take_signed(bits_);
    return !reader.overran();
}

bool FlacSubframeReader::read_warm_up(BitReader& reader, std::size_t order) {
    if (static_cast<std::int64_t>(order) > frames_) return false;
    for (std::size_t i = 0; i < order; ++i) mutable_samples()[i] = reader.take_signed(bits_);
    return true;
}

bool FlacSubframeReader::read_fixed(BitReader& reader, std::size_t order) {
    return read_warm_up(reader, order) &&
           read_predicted_samples(reader, {std::span(fixed_weights[order]).first(order), 0});
}

bool FlacSubframeReader::read_linear(BitReader& reader, std::size_t order) {
    if (!read_warm_up(reader, order)) return false;
    const auto precision = static_cast<unsigned>(reader.take(precision_bits));
    const std::int64_t shift = reader.take_signed(shift_bits);
    if (precision == invalid_precision || shift < 0) return false;
    std::array<std::int32_t, longest_prediction> weights{};
    for (std::size_t j = 0; j < order; ++j)
        weights[j] = static_cast<std::int32_t>(reader.take_signed(precision + 1));
    return read_predicted_samples(reader, {std::span(weights).first(order), static_cast<int>(shift)});
}

bool FlacSubframeReader::read_predicted_samples(BitReader& reader, const LinearPredictor& predictor) {
    if (bits_ <= widest_of_32_bits) return read_partitions(reader, predictor, predictor.order);
    const std::int64_t order = predictor.order;
    if (!read_partitions(reader, {{}, 0}, order)) return false;
    restore_wide(predictor, mutable_samples(), order, frames_);
    return true;
}

// order: samples of warm-up, which the first partition is short of.
bool FlacSubframeReader::read_partitions(BitReader& reader, const LinearPredictor& predictor,
                                         std::int64_t order) {
    const auto method = static_cast<unsigned>(reader.take(2));
    const auto partition_order = static_cast<unsigned>(reader.take(partition_order_bits));
    const std::int64_t length = frames_ >> partition_order;
    if (method > 1 || length << partition_order != frames_ || length < order) return false;
    const unsigned parameter_bits = method == 0 ? 4 : 5;
    const unsigned escape = (1U << parameter_bits) - 1;
    for (std::int64_t begin = order, end = length; end <= frames_; begin = end, end += length) {
        const auto parameter = static_cast<unsigned>(reader.take(parameter_bits));
        std::int64_t* const to = mutable_samples() + begin;
        const bool is_good =
            parameter == escape
                ? read_predicted_plain(reader, static_cast<unsigned>(reader.take(plain_width_bits)),
                                       predictor, to, end - begin)
                : read_predicted(reader, parameter, predictor, to, end - begin);
        if (!is_good) return false;
    }
    return true;
}

}  // namespace dubplate
