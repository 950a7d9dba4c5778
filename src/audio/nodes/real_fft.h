// real_fft.h: the spectrum of a stretch of real numbers, by FFTW in single precision.
//
// Shape    `size` real numbers in, size / 2 + 1 complex bins out, not scaled: a sine of amplitude 1 in the middle of a bin
//          reads size / 2.
// Owner    the transform owns its input and output; both stay where they are while it lives.
// Threads  thread-compatible. FFTW's planner is not thread-safe: every plan of the program is made and destroyed
//          under one mutex, here. Nothing is measured while planning, so that results are the same each time.
// Errors   make_real_fft(): internal where FFTW has no plan.
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>

#include "core/result.h"

namespace dubplate {

class RealFft {
  public:
    ~RealFft();
    RealFft(RealFft&&) noexcept;
    RealFft& operator=(RealFft&&) noexcept;

    std::size_t size() const;
    std::size_t bins() const { return size() / 2 + 1; }
    std::span<float> input();
    // Transforms what is in input(), which keeps its content.
    std::span<const std::complex<float>> run();

  private:
    struct Impl;
    explicit RealFft(std::unique_ptr<Impl> impl);
    friend Result<RealFft> make_real_fft(std::size_t size);
    std::unique_ptr<Impl> impl_;
};

Result<RealFft> make_real_fft(std::size_t size);

// The even size nearest to `wanted` whose factors are 2, 3 and 5: FFTW is fast at these.
std::size_t fast_fft_size(double wanted);

}  // namespace dubplate
