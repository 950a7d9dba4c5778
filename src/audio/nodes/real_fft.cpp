#include "audio/nodes/real_fft.h"

#include <fftw3.h>

#include <cmath>
#include <mutex>
#include <string>
#include <type_traits>

namespace dubplate {

namespace {

std::mutex& planner_mutex() {
    static std::mutex mutex;
    return mutex;
}

struct FreeFftw {
    void operator()(void* memory) const { fftwf_free(memory); }
};

struct DestroyPlan {
    void operator()(fftwf_plan plan) const {
        const std::lock_guard lock(planner_mutex());
        fftwf_destroy_plan(plan);
    }
};

}  // namespace

struct RealFft::Impl {
    std::size_t size = 0;
    std::unique_ptr<float, FreeFftw> input;
    std::unique_ptr<fftwf_complex, FreeFftw> output;
    std::unique_ptr<std::remove_pointer_t<fftwf_plan>, DestroyPlan> plan;
};

RealFft::RealFft(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RealFft::~RealFft() = default;
RealFft::RealFft(RealFft&&) noexcept = default;
RealFft& RealFft::operator=(RealFft&&) noexcept = default;

std::size_t RealFft::size() const {
    return impl_->size;
}

std::span<float> RealFft::input() {
    return {impl_->input.get(), impl_->size};
}

std::span<const std::complex<float>> RealFft::run() {
    fftwf_execute(impl_->plan.get());
    // FFTW promises that its complex numbers are laid out as those of C++.
    return {reinterpret_cast<const std::complex<float>*>(impl_->output.get()), bins()};
}

Result<RealFft> make_real_fft(std::size_t size) {
    auto impl = std::make_unique<RealFft::Impl>();
    impl->size = size;
    impl->input.reset(fftwf_alloc_real(size));
    impl->output.reset(fftwf_alloc_complex(size / 2 + 1));
    {
        const std::lock_guard lock(planner_mutex());
        impl->plan.reset(fftwf_plan_dft_r2c_1d(static_cast<int>(size), impl->input.get(), impl->output.get(),
                                               FFTW_ESTIMATE | FFTW_PRESERVE_INPUT));
    }
    if (!impl->plan)
        return fail(ErrorCode::internal, "FFTW makes no plan for " + std::to_string(size) + " samples");
    return RealFft(std::move(impl));
}

std::size_t fast_fft_size(double wanted) {
    double best = 2;
    for (double five = 2; five < 2 * wanted; five *= 5)
        for (double three = five; three < 2 * wanted; three *= 3)
            for (double two = three; two < 2 * wanted; two *= 2)
                if (std::abs(two - wanted) < std::abs(best - wanted)) best = two;
    return static_cast<std::size_t>(best);
}

}  // namespace dubplate
