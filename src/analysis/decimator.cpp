#include "analysis/decimator.h"
#include "audio/kernels/sliding.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace dubplate {

namespace {

// Kaiser's formulas for 60 dB over a transition of 0.16 of the new rate.
constexpr double kaiser_beta = 5.65;
constexpr int taps_for_each_step = 23;

double bessel_i0(double x) {
    double term = 1;
    double sum = 1;
    for (int k = 1; k < 40; ++k) {
        term *= x * x / (4.0 * k * k);
        sum += term;
    }
    return sum;
}

// An odd number of taps, so that the delay is whole.
std::vector<float> design(int factor) {
    if (factor == 1) return {1.0f};
    const int half = taps_for_each_step * factor / 2;
    std::vector<double> taps;
    double sum = 0;
    for (int i = -half; i <= half; ++i) {
        const double x = std::numbers::pi * i / factor;
        const double place = static_cast<double>(i) / (half + 1);
        taps.push_back((i == 0 ? 1.0 : std::sin(x) / x) *
                       bessel_i0(kaiser_beta * std::sqrt(1 - place * place)));
        sum += taps.back();
    }
    std::vector<float> scaled;
    for (const double tap : taps) scaled.push_back(static_cast<float>(tap / sum));
    return scaled;
}

}  // namespace

// Rounded up with taps of 0 to the same number for each phase.
Decimator::Decimator(int factor) : factor_(static_cast<std::size_t>(factor)) {
    const std::vector<float> taps = design(factor);
    const std::size_t taps_of_a_phase = (taps.size() + factor_ - 1) / factor_;
    phase_taps_.assign(taps_of_a_phase * factor_, 0.0f);
    for (std::size_t k = 0; k < taps.size(); ++k)
        phase_taps_[k % factor_ * taps_of_a_phase + k / factor_] = taps[k];
    delay_ = taps.size() / 2;
    pending_.assign(delay_, 0.0f);
}

void Decimator::process(std::span<const float> input, std::vector<float>& output) {
    pending_.insert(pending_.end(), input.begin(), input.end());
    drain(output);
}

void Decimator::finish(std::vector<float>& output) {
    // As much silence as the last result reaches for.
    pending_.insert(pending_.end(), phase_taps_.size() - 1 - delay_, 0.0f);
    drain(output);
}

// The taps of one phase after the other: each slides over the samples of that phase.
void Decimator::drain(std::vector<float>& output) {
    if (pending_.size() < phase_taps_.size()) return;
    const std::size_t ready = (pending_.size() - phase_taps_.size()) / factor_ + 1;
    const std::size_t taps_of_a_phase = phase_taps_.size() / factor_;
    const std::size_t begin = output.size();
    output.resize(begin + ready, 0.0f);
    phase_.resize(ready + taps_of_a_phase - 1);
    for (std::size_t p = 0; p < factor_; ++p) {
        for (std::size_t i = 0; i < phase_.size(); ++i) phase_[i] = pending_[i * factor_ + p];
        add_sliding_products(phase_.data(), phase_taps_.data() + p * taps_of_a_phase,
                             static_cast<std::int64_t>(taps_of_a_phase), output.data() + begin,
                             static_cast<std::int64_t>(ready));
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(ready * factor_));
}

}  // namespace dubplate
