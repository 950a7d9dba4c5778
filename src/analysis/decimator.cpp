#include "analysis/decimator.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace dubplate {

namespace {

// Kaiser's formulas for 60 dB over a transition of 0.16 of the new rate.
constexpr double kaiser_beta = 5.65;
constexpr int taps_for_each_step = 23;
constexpr std::size_t lanes = 16;

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

// Sixteen results side by side in registers, tap after tap: no sum goes across lanes, and each has one order of its terms.
void Decimator::drain(std::vector<float>& output) {
    if (pending_.size() < taps_.size()) return;
    const std::size_t ready = (pending_.size() - taps_.size()) / factor_ + 1;
    const std::size_t rounded = (ready + lanes - 1) / lanes * lanes;
    spread(rounded + taps_.size() / factor_ + 1);
    const std::size_t begin = output.size();
    output.resize(begin + rounded);
    for (std::size_t j = 0; j < rounded; j += lanes) {
        std::array<float, lanes> sums{};
        for (std::size_t k = 0; k < taps_.size(); ++k) {
            const float* const samples = phases_[k % factor_].data() + k / factor_ + j;
            for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += taps_[k] * samples[lane];
        }
        std::ranges::copy(sums, output.begin() + static_cast<std::ptrdiff_t>(begin + j));
    }
    output.resize(begin + ready);
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(ready * factor_));
}

// Every factor-th sample in an array of its own, `length` of each, silence behind the last.
void Decimator::spread(std::size_t length) {
    phases_.resize(factor_);
    for (std::size_t p = 0; p < factor_; ++p) {
        const std::size_t there = p < pending_.size() ? (pending_.size() - p + factor_ - 1) / factor_ : 0;
        phases_[p].assign(length, 0.0f);
        for (std::size_t i = 0; i < std::min(length, there); ++i) phases_[p][i] = pending_[i * factor_ + p];
    }
}

}  // namespace dubplate
