#include "audio/kernels/kaiser.h"

#include <numbers>
#include <numeric>

namespace dubplate {

KaiserWindow::KaiserWindow(double beta) {
    const double quarter = beta * beta / 4;
    double sum = 0;
    double term = 1;
    for (int k = 1; term > sum * 1e-17; ++k) {
        sum += term;
        series_.push_back(term);
        term *= quarter / (k * k);
    }
    for (double& weight : series_) weight /= sum;
}

double KaiserWindow::at(double place) const {
    const double inside = 1 - place * place;
    if (inside <= 0) return 0;
    return std::accumulate(series_.rbegin(), series_.rend(), 0.0,
                           [&](double sum, double weight) { return sum * inside + weight; });
}

double kaiser_beta(double ripple_db) {
    return 0.1102 * (ripple_db - 8.7);
}

double kaiser_taps(double ripple_db, double transition) {
    return (ripple_db - 7.95) / (2.285 * 2 * std::numbers::pi * transition) + 1;
}

}  // namespace dubplate
