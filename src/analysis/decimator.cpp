#include "analysis/decimator.h"

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

Decimator::Decimator(int factor)
    : factor_(static_cast<std::size_t>(factor)), taps_(design(factor)), pending_(taps_.size() / 2, 0.0f) {}

void Decimator::process(std::span<const float> input, std::vector<float>& output) {
    pending_.insert(pending_.end(), input.begin(), input.end());
    drain(output);
}

void Decimator::finish(std::vector<float>& output) {
    pending_.insert(pending_.end(), taps_.size() / 2, 0.0f);
    drain(output);
}

// All results of one call side by side, tap after tap: a loop over results needs no sum across lanes.
void Decimator::drain(std::vector<float>& output) {
    if (pending_.size() < taps_.size()) return;
    const std::size_t ready = (pending_.size() - taps_.size()) / factor_ + 1;
    const std::size_t begin = output.size();
    output.resize(begin + ready, 0.0f);
    float* const results = output.data() + begin;
    for (std::size_t p = 0; p < std::min(factor_, taps_.size()); ++p) {
        phase_.resize((pending_.size() - p + factor_ - 1) / factor_);
        for (std::size_t i = 0; i < phase_.size(); ++i) phase_[i] = pending_[i * factor_ + p];
        for (std::size_t k = p; k < taps_.size(); k += factor_) {
            const float tap = taps_[k];
            const float* const samples = phase_.data() + k / factor_;
            for (std::size_t j = 0; j < ready; ++j) results[j] += tap * samples[j];
        }
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(ready * factor_));
}

}  // namespace dubplate
