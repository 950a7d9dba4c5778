#include "formats/audio/flac_prediction.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace dubplate {

namespace {

constexpr int order_bits = 4 + 5;  // in front of the weights: their precision and their shift
constexpr int most_shift = 15;     // five bits, of which the negative half is not allowed

// By a series, because std::log2 may round differently on another machine. Right to 1e-6.
double log2_of(double x) {
    int exponent = 0;
    double mantissa = std::frexp(x, &exponent);  // 0.5 to 1
    if (mantissa < 0.70710678118654752) {
        mantissa *= 2;
        --exponent;
    }
    const double y = (mantissa - 1) / (mantissa + 1);
    const double square = y * y;
    const double series = 1 + square * (1.0 / 3 + square * (1.0 / 5 + square * (1.0 / 7)));
    return exponent + 2.8853900817779268 * y * series;  // 2 / ln 2
}

// A Rice code of a residual with this mean square: where residuals are distributed as Laplace's law says, as they nearly
// are, the logarithm of their mean magnitude and 2.5 bits.
double code_bits(double mean_square) {
    return mean_square <= 0 ? 1 : std::max(1.0, 0.5 * log2_of(mean_square / 2) + 2.5);
}

// The energy that is left where the samples of the past are taken off with binomial weights.
double fixed_energy(const Autocorrelation& r, std::size_t order) {
    static constexpr double filters[most_fixed_order + 1][most_fixed_order + 1] = {
        {1, 0, 0, 0, 0}, {1, -1, 0, 0, 0}, {1, -2, 1, 0, 0}, {1, -3, 3, -1, 0}, {1, -4, 6, -4, 1}};
    double energy = 0;
    for (std::size_t i = 0; i <= order; ++i)
        for (std::size_t j = 0; j <= order; ++j)
            energy += filters[order][i] * filters[order][j] * r[i < j ? j - i : i - j];
    return std::max(energy, 0.0);
}

struct Estimate {
    double per_window;  // the sum of the window's squares: what energies are to be divided by
    double frames;
    double bits;  // of a sample

    double of(double energy, std::size_t order, double weight_bits) const {
        const auto warm_up = static_cast<double>(order);
        return (frames - warm_up) * code_bits(energy / per_window) + warm_up * (bits + weight_bits);
    }
};

void choose_fixed(const Autocorrelation& r, const Estimate& estimate, FlacPrediction& result) {
    for (std::size_t order = 0; order <= most_fixed_order; ++order) {
        const double bits = estimate.of(fixed_energy(r, order), order, 0);
        if (order > 0 && bits >= result.fixed_bits) continue;
        result.fixed_order = order;
        result.fixed_bits = bits;
    }
}

void choose_linear(const Autocorrelation& r, const Estimate& estimate, int precision,
                   FlacPrediction& result) {
    PredictionWeights weights{};
    double energy = r[0];
    for (std::size_t order = 1; order <= most_prediction_order && energy > 0; ++order) {
        double reflection = r[order];
        for (std::size_t j = 1; j < order; ++j) reflection -= weights[j - 1] * r[order - j];
        reflection /= energy;
        const PredictionWeights before = weights;
        weights[order - 1] = reflection;
        for (std::size_t j = 1; j < order; ++j)
            weights[j - 1] = before[j - 1] - reflection * before[order - j - 1];
        energy *= 1 - reflection * reflection;
        if (!(energy >= 0)) return;  // more than rounding can tell
        const double bits = estimate.of(energy, order, precision) + order_bits;
        if (result.linear_order > 0 && bits >= result.linear_bits) continue;
        result.linear_order = order;
        result.linear_bits = bits;
        result.weights = weights;
    }
}

}  // namespace

std::vector<float> make_flac_window(std::int64_t frames) {
    std::vector<float> window(static_cast<std::size_t>(frames), 1.0F);
    const std::size_t flank = window.size() / 4;
    for (std::size_t i = 0; i < flank; ++i) {
        const double x = (static_cast<double>(i) + 0.5) / static_cast<double>(flank);
        // Close to half a cosine, by operations that every machine rounds alike.
        window[i] = window[window.size() - 1 - i] = static_cast<float>(x * x * (3 - 2 * x));
    }
    return window;
}

int flac_weight_bits(int bits) {
    return bits <= 17 ? 14 : 15;
}

FlacPrediction predict_flac(const Autocorrelation& autocorrelation, std::int64_t frames, int bits) {
    // Of make_flac_window(): half of it is 1, and the squares of the flanks come to 13/35 of their length.
    constexpr double window_power = 0.5 + 0.5 * 13.0 / 35;
    const Estimate estimate{.per_window = static_cast<double>(frames) * window_power,
                            .frames = static_cast<double>(frames),
                            .bits = static_cast<double>(bits)};
    FlacPrediction result;
    result.sample_bits = estimate.frames * estimate.bits;
    choose_fixed(autocorrelation, estimate, result);
    choose_linear(autocorrelation, estimate, flac_weight_bits(bits), result);
    return result;
}

QuantizedWeights quantize_flac(const PredictionWeights& weights, std::size_t order, int precision) {
    double largest = 0;
    for (const double weight : weights) largest = std::max(largest, std::abs(weight));
    int exponent = 0;
    std::frexp(largest, &exponent);
    QuantizedWeights result{
        .weights = {}, .shift = std::min(precision - 1 - exponent, most_shift), .precision = precision};
    const double limit = std::ldexp(1.0, precision - 1);
    double rest = 0;  // what rounding took from one weight, the next one gets
    for (std::size_t j = 0; j < order; ++j) {
        rest += std::ldexp(weights[j], result.shift);
        result.weights[j] = std::clamp(std::round(rest), -limit, limit - 1);
        rest -= result.weights[j];
    }
    return result;
}

}  // namespace dubplate
