// confidence.h: from a model's own probability to the share of such answers that are right.
//
// What     a logistic regression over the logit of the probability and one more measure, fitted on answers to pieces that the model had
//          not seen (bench/analysis_tune.py).
// Range    0.01 to 0.99: no answer is certain.
// Threads  pure.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

namespace dubplate {

inline double calibrated(const std::array<double, 3>& weights, double probability, double measure) {
    const double p = std::clamp(probability, 1e-4, 1 - 1e-4);
    const double logit = weights[0] + weights[1] * std::log(p / (1 - p)) + weights[2] * measure;
    return std::clamp(1 / (1 + std::exp(-logit)), 0.01, 0.99);
}

}  // namespace dubplate
