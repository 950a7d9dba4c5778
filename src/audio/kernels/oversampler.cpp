#include "audio/kernels/oversampler.h"
#include "core/result.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace dubplate {

namespace {

// Kaiser's beta for 60 dB of ripple: with 48 frames in sight the band is flat up to 0.46 of the sample rate.
constexpr double kaiser_beta = 5.65;

double bessel_i0(double x) {
    double sum = 1;
    double term = 1;
    for (int k = 1; term > sum * 1e-17; ++k) {
        term *= (x / (2 * k)) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

double window_at(Oversampler::Window window, double place) {  // place: -1 to 1
    if (window == Oversampler::Window::hann) return 0.5 * (1 + std::cos(std::numbers::pi * place));
    return bessel_i0(kaiser_beta * std::sqrt(std::max(0.0, 1 - place * place))) / bessel_i0(kaiser_beta);
}

// The weight of the sample that lies `distance` frames from the place that is read; never 0 frames.
double weight_at(Oversampler::Window window, int half_width, double distance) {
    const double angle = std::numbers::pi * distance;
    return std::sin(angle) / angle * window_at(window, distance / half_width);
}

}  // namespace

Oversampler::Oversampler(int factor, int half_width, Window window)
    : factor_(factor), half_width_(half_width) {
    DUBPLATE_ASSERT(factor == 1 || factor == 2 || factor == 4);
    const auto lanes_of = [](double value) { return FloatLanes{} + static_cast<float>(value); };
    double bound = 1;
    for (int phase = 1; phase < factor; ++phase) {
        double sum = 0;
        for (int tap = 0; tap < 2 * half_width; ++tap)
            sum += std::abs(
                weight_at(window, half_width, half_width - tap - static_cast<double>(phase) / factor));
        bound = std::max(bound, sum);
    }
    bound_ = static_cast<float>(bound * 1.0001);  // more than the rounding of the sums can add
    if (factor == 1) return;
    for (int tap = 0; tap < half_width; ++tap) {
        middle_.push_back(lanes_of(weight_at(window, half_width, half_width - tap - 0.5)));
        if (factor == 2) continue;
        const double near = weight_at(window, half_width, half_width - tap - 0.25);
        const double far = weight_at(window, half_width, half_width - tap - 0.75);
        even_.push_back(lanes_of((near + far) / 2));
        odd_.push_back(lanes_of((near - far) / 2));
    }
}

template <class Take>
void Oversampler::each_group(const float* x, std::int64_t frames, Take&& take) const {
    const int last = 2 * half_width_ - 1;
    if (factor_ == 2) {
        for (std::int64_t i = 0; i < frames; i += float_lanes) {
            FloatLanes middle{};
            for (int tap = 0; tap < half_width_; ++tap)
                middle += middle_.data()[tap] * (load_lanes(x + i - tap) + load_lanes(x + i - (last - tap)));
            take(i, middle, middle, middle);
        }
        return;
    }
    for (std::int64_t i = 0; i < frames; i += float_lanes) {
        FloatLanes middle{}, even{}, odd{};
        for (int tap = 0; tap < half_width_; ++tap) {
            const FloatLanes near = load_lanes(x + i - tap);
            const FloatLanes far = load_lanes(x + i - (last - tap));
            const FloatLanes sum = near + far;
            middle += middle_.data()[tap] * sum;
            even += even_.data()[tap] * sum;
            odd += odd_.data()[tap] * (near - far);
        }
        take(i, even + odd, middle, even - odd);
    }
}

float Oversampler::peak(const float* x, std::int64_t frames) const {
    DUBPLATE_ASSERT(frames % float_lanes == 0);
    FloatLanes best{};
    if (factor_ == 1) return 0;
    each_group(x, frames, [&](std::int64_t, FloatLanes first, FloatLanes second, FloatLanes third) {
        best = larger(larger(magnitude(first), magnitude(third)), larger(magnitude(second), best));
    });
    return largest_lane(best);
}

void Oversampler::read(const float* x, std::int64_t frames, float* const* rows) const {
    DUBPLATE_ASSERT(frames % float_lanes == 0);
    if (factor_ == 1) return;
    each_group(x, frames, [&](std::int64_t i, FloatLanes first, FloatLanes second, FloatLanes third) {
        if (factor_ == 4) {
            store_lanes(first, rows[0] + i);
            store_lanes(second, rows[1] + i);
            store_lanes(third, rows[2] + i);
        } else {
            store_lanes(second, rows[0] + i);
        }
    });
}

Oversampler meter_oversampler(int sample_rate_hz) {
    // 49 taps at the oversampled rate, whatever the factor.
    if (sample_rate_hz < 96'000) return {4, 6, Oversampler::Window::hann};
    if (sample_rate_hz < 192'000) return {2, 12, Oversampler::Window::hann};
    return {1, 1, Oversampler::Window::hann};
}

Oversampler precise_oversampler() {
    return {4, 24, Oversampler::Window::kaiser};
}

}  // namespace dubplate
