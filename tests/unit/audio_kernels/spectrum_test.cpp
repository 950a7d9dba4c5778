#include "audio/kernels/spectrum.h"
#include "support/dispatch.h"
#include "support/signals.h"

#include <cmath>
#include <vector>

namespace dubplate {
namespace {

using namespace test;

TEST(Spectrum, WindowsAndMeasuresTheSameOnEveryProcessor) {
    for (const std::size_t count : {0U, 1U, 7U, 16U, 17U, 513U}) {
        const std::vector<float> samples = noise(1000, 1, 1.1, 1, 3).channels[0];
        const std::vector<float> window = noise(1000, 1, 1.1, 1, 4).channels[0];
        std::vector<std::complex<float>> bins;
        std::vector<float> expected_products;
        std::vector<float> expected_magnitudes;
        for (std::size_t i = 0; i < count; ++i) {
            const float re = samples[i];
            const float im = window[i];
            bins.emplace_back(re, im);
            expected_products.push_back(re * im);
            expected_magnitudes.push_back(std::sqrt(re * re + im * im));
        }

        const auto windowed = [&] {
            std::vector<float> to(count);
            apply_window(samples.data(), window.data(), to);
            return to;
        };
        const auto measured = [&] {
            std::vector<float> to(count);
            compute_magnitudes(bins, to.data());
            return to;
        };

        EXPECT_TRUE(same_bytes(windowed(), expected_products)) << count;
        EXPECT_TRUE(same_bytes(measured(), expected_magnitudes)) << count;
        expect_same_on_all_targets(windowed);
        expect_same_on_all_targets(measured);
    }
}

}  // namespace
}  // namespace dubplate
