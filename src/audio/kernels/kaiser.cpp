#include "audio/kernels/kaiser.h"

#include <cmath>
#include <numbers>

namespace dubplate {

namespace {

// The modified Bessel function of order 0, by its power series.
double bessel_i0(double x) {
    const double quarter = x * x / 4;
    double sum = 1;
    double term = 1;
    for (int k = 1; term > sum * 1e-17; ++k) {
        term *= quarter / (k * k);
        sum += term;
    }
    return sum;
}

}  // namespace

double kaiser_window(double place, double beta) {
    if (std::abs(place) >= 1) return 0;
    return bessel_i0(beta * std::sqrt(1 - place * place)) / bessel_i0(beta);
}

double kaiser_beta(double ripple_db) {
    return 0.1102 * (ripple_db - 8.7);
}

double kaiser_taps(double ripple_db, double transition) {
    return (ripple_db - 7.95) / (2.285 * 2 * std::numbers::pi * transition) + 1;
}

}  // namespace dubplate
