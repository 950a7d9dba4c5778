// spectrum.h: what stands around a Fourier transform: the window before it and the magnitudes after it.
//
// Exact    a product, and a square root of a sum of two squares: the same bits on every kind of processor.
// Threads  functions without state.
#pragma once

#include <complex>
#include <span>

namespace dubplate {

// to[i] = samples[i] * window[i], for all of `to`.
void apply_window(const float* samples, const float* window, std::span<float> to);

// magnitudes[i] = sqrt(re * re + im * im), for all of `bins`.
void compute_magnitudes(std::span<const std::complex<float>> bins, float* magnitudes);

}  // namespace dubplate
