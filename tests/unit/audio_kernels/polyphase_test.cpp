#include "audio/kernels/polyphase.h"
#include "support/dispatch.h"
#include "support/signals.h"

#include <cmath>
#include <complex>
#include <numbers>

namespace dubplate {
namespace {

using namespace test;

constexpr std::pair<int, int> rates[] = {{44'100, 48'000}, {48'000, 44'100}, {44'100, 88'200},
                                         {96'000, 44'100}, {44'100, 32'000}, {11'025, 8'000}};

// What becomes of a stretch of noise: every column of it the same.
std::vector<Row> run_noise(const PolyphaseFilter& filter) {
    const auto count = static_cast<std::size_t>(filter.rows());
    const Audio audio = noise(1000, 1, static_cast<double>(count) / 1000, 0.9);
    std::vector<Row> rows(count);
    for (std::size_t i = 0; i < count; ++i) std::ranges::fill(rows[i].columns, audio.channels[0][i]);
    std::vector<Row> out(static_cast<std::size_t>(filter.stretch_out()));
    filter.run(rows.data(), out.data());
    return out;
}

// The weights of one output, found by one impulse after the other.
std::vector<double> weights_of(const PolyphaseFilter& filter, std::size_t output) {
    std::vector<double> weights;
    const auto count = static_cast<std::size_t>(filter.rows());
    for (std::size_t begin = 0; begin < count; begin += row_columns) {
        std::vector<Row> rows(count);
        for (std::size_t j = 0; j < row_columns && begin + j < count; ++j) rows[begin + j].columns[j] = 1;
        std::vector<Row> out(static_cast<std::size_t>(filter.stretch_out()));
        filter.run(rows.data(), out.data());
        for (const float weight : out[output].columns) weights.push_back(static_cast<double>(weight));
    }
    return weights;
}

double response_db(const std::vector<double>& weights, double cycles_for_each_frame) {
    std::complex<double> sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i)
        sum += weights[i] *
               std::polar(1.0, 2 * std::numbers::pi * cycles_for_each_frame * static_cast<double>(i));
    return 20 * std::log10(std::abs(sum));
}

TEST(PolyphaseFilter, SuitsTheRatesThatMusicIsKeptIn) {
    constexpr int usual[] = {8'000,  11'025, 16'000, 22'050,  32'000, 44'100,
                             48'000, 88'200, 96'000, 176'400, 192'000};
    for (const int from : usual)
        for (const int to : usual) EXPECT_TRUE(PolyphaseFilter::suits(from, to)) << from << " to " << to;
    EXPECT_FALSE(PolyphaseFilter::suits(44'056, 48'000));
    EXPECT_FALSE(PolyphaseFilter::suits(767'999, 768'000));
}

TEST(PolyphaseFilter, IsTheSameBitsOnEveryKindOfProcessor) {
    for (const auto& [from, to] : rates) {
        const PolyphaseFilter filter(from, to);
        expect_same_on_all_targets([&] { return run_noise(filter); });
    }
}

TEST(PolyphaseFilter, GivesEveryColumnTheSame) {
    for (const Row& row : run_noise(PolyphaseFilter(44'100, 48'000)))
        for (const float value : row.columns) ASSERT_EQ(value, row.columns[0]);
}

TEST(PolyphaseFilter, PassesAConstantAsItIsAtEveryPhase) {
    const PolyphaseFilter filter(44'100, 48'000);
    std::vector<Row> rows(static_cast<std::size_t>(filter.rows()));
    for (Row& row : rows) std::ranges::fill(row.columns, 0.5f);
    std::vector<Row> out(static_cast<std::size_t>(filter.stretch_out()));

    filter.run(rows.data(), out.data());

    for (const Row& row : out) ASSERT_NEAR(row.columns[0], 0.5f, 1e-6f);
}

// One phase alone is a fractional delay: flat over the pass band. What the phases do together above it is shown where
// they are together, in the tests of Resampler.
TEST(PolyphaseFilter, IsFlatOverThePassBandAtEveryPhase) {
    const PolyphaseFilter filter(44'100, 48'000);
    for (const std::size_t output : {0u, 1u, 37u, 80u, 159u}) {
        const std::vector<double> weights = weights_of(filter, output);
        for (const double hz : {0.0, 20.0, 1'000.0, 10'000.0, 18'000.0, 20'000.0})
            EXPECT_NEAR(response_db(weights, hz / 44'100), 0, 1e-4) << hz << " Hz, output " << output;
    }
}

TEST(PolyphaseFilter, LetsNothingThroughAboveTheLowerNyquist) {
    const PolyphaseFilter filter(96'000, 44'100);
    const std::vector<double> weights = weights_of(filter, 0);
    for (double hz = 22'050; hz < 48'000; hz += 37)
        ASSERT_LT(response_db(weights, hz / 96'000), -130) << hz << " Hz";
}

}  // namespace
}  // namespace dubplate
