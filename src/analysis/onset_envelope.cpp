#include "analysis/onset_envelope.h"

#include <algorithm>
#include <cmath>

namespace dubplate {

namespace {

constexpr int band_count = 36;
constexpr double lowest_hz = 30;
constexpr double highest_hz = 10000;
constexpr std::array<double, onset_groups - 1> group_edges_hz = {150, 600, 2500};
// Magnitudes of -60 dB and above count as levels, what is below fades out.
constexpr float compression = 1000;
constexpr std::size_t lag_frames = 2;

// O'Shaughnessy's formula of the mel scale.
double mel(double hz) {
    return 2595 * std::log10(1 + hz / 700);
}
double mel_to_hz(double value) {
    return 700 * (std::pow(10.0, value / 2595) - 1);
}

double edge_hz(int band) {
    const double share = static_cast<double>(band) / (band_count + 1);
    return mel_to_hz(mel(lowest_hz) + share * (mel(highest_hz) - mel(lowest_hz)));
}

std::size_t group_of(double hz) {
    std::size_t group = 0;
    while (group < group_edges_hz.size() && hz >= group_edges_hz[group]) ++group;
    return group;
}

}  // namespace

void OnsetEnvelope::begin(const FrameGrid& grid) {
    grid_ = grid;
    for (int b = 0; b < band_count; ++b) {
        const double low = edge_hz(b);
        const double center = edge_hz(b + 1);
        const double high = edge_hz(b + 2);
        // At least a bin to each side: at the bottom the bands are narrower than the bins.
        const double reach_low = std::max(center - low, grid.bin_width_hz);
        const double reach_high = std::max(high - center, grid.bin_width_hz);
        Band band;
        band.group = group_of(center);
        band.first_bin = grid.bin_at(center - reach_low);
        const int end = grid.bin_at(center + reach_high);
        for (int bin = band.first_bin; bin < end; ++bin) {
            const double off = bin * grid.bin_width_hz - center;
            band.weights.push_back(
                static_cast<float>(1 - std::abs(off) / (off < 0 ? reach_low : reach_high)));
        }
        if (!band.weights.empty()) bands_.push_back(std::move(band));
    }
    moments_.assign(lag_frames,
                    {std::vector<float>(bands_.size(), 0.0f), std::vector<float>(bands_.size(), 0.0f)});
}

float OnsetEnvelope::sum_of(const Band& band, std::span<const float> magnitudes) {
    float sum = 0;
    const float* const bins = magnitudes.data() + band.first_bin;
    for (std::size_t i = 0; i < band.weights.size(); ++i) sum += band.weights[i] * bins[i];
    return sum;
}

void OnsetEnvelope::frame(std::span<const float> magnitudes) {
    Onset onset{};
    float rise = 0;
    float fall = 0;
    Moment& before = moments_[onsets_.size() % lag_frames];
    for (std::size_t b = 0; b < bands_.size(); ++b) {
        const float sum = sum_of(bands_[b], magnitudes);
        const float level = std::log(1 + compression * sum);
        onset[bands_[b].group] += std::max(0.0f, level - before.levels[b]);
        rise += std::max(0.0f, sum - before.sums[b]);
        fall += std::max(0.0f, before.sums[b] - sum);
        before.levels[b] = level;
        before.sums[b] = sum;
    }
    matched_rises_ += static_cast<double>(rise * std::min(rise, fall));
    rise_squares_ += static_cast<double>(rise * rise);
    onsets_.push_back(onset);
}

std::vector<float> OnsetEnvelope::summed() const {
    std::vector<float> sums;
    sums.reserve(onsets_.size());
    for (const Onset& onset : onsets_) sums.push_back(onset[0] + onset[1] + onset[2] + onset[3]);
    return sums;
}

}  // namespace dubplate
