#include "audio/kernels/sliding.h"
#include "support/dispatch.h"
#include "support/signals.h"

#include <vector>

namespace dubplate {
namespace {

using namespace test;

TEST(Sliding, AddsTheProductsTermAfterTermOnEveryProcessor) {
    for (const std::int64_t count : {0, 1, 7, 31, 64, 200}) {
        for (const std::int64_t weight_count : {0, 1, 23, 185}) {
            const std::vector<float> from = noise(1000, 1, 1, 1, 3).channels[0];
            const std::vector<float> weights = noise(1000, 1, 0.2, 1, 4).channels[0];
            const std::vector<float> start = noise(1000, 1, 0.2, 1, 5).channels[0];
            std::vector<float> expected(start.begin(), start.begin() + count);
            for (std::size_t i = 0; i < expected.size(); ++i)
                for (std::size_t k = 0; k < static_cast<std::size_t>(weight_count); ++k)
                    expected[i] += weights[k] * from[i + k];

            const auto slid = [&] {
                std::vector<float> to(start.begin(), start.begin() + count);
                add_sliding_products(from.data(), weights.data(), weight_count, to.data(), count);
                return to;
            };

            EXPECT_TRUE(same_bytes(slid(), expected)) << count << " " << weight_count;
            expect_same_on_all_targets(slid);
        }
    }
}

}  // namespace
}  // namespace dubplate
