#include "analysis/timbre.h"

#include <algorithm>
#include <cmath>

namespace dubplate {

namespace {

constexpr double lowest_hz = 30;
constexpr double highest_hz = 10'500;  // the short frames of all rates from 22 kHz on reach so far
constexpr double rolloff_share = 0.85;
constexpr double audible_power = 1e-8;  // -80 dB
constexpr double least_power = 1e-14;   // keeps the logarithm of nothing finite

// O'Shaughnessy's formula of the mel scale.
double mel(double hz) {
    return 2595 * std::log10(1 + hz / 700);
}

// Edge 0 is the lower end of the first band; a band's center is the edge after its lower end.
double edge_hz(std::size_t edge) {
    const double share = static_cast<double>(edge) / static_cast<double>(mel_band_count + 1);
    const double value = mel(lowest_hz) + share * (mel(highest_hz) - mel(lowest_hz));
    return 700 * (std::pow(10.0, value / 2595) - 1);
}

// The mean of the logarithms. Eight powers are multiplied before each logarithm, which is what takes the time.
double mean_log(std::span<const float> powers) {
    constexpr std::size_t group = 8;
    double sum = 0;
    for (std::size_t begin = 0; begin < powers.size(); begin += group) {
        double product = 1;
        for (std::size_t i = begin; i < std::min(begin + group, powers.size()); ++i)
            product *= static_cast<double>(powers[i]) + least_power;
        sum += std::log(product);
    }
    return sum / static_cast<double>(powers.size());
}

}  // namespace

double Timbre::band_center_hz(std::size_t band) {
    return edge_hz(band + 1);
}

void Timbre::begin(const FrameGrid& grid) {
    grid_ = grid;
    powers_.resize(static_cast<std::size_t>(grid.bins));
    bands_.clear();
    for (std::size_t b = 0; b < mel_band_count; ++b) {
        const double center = edge_hz(b + 1);
        // At least a bin to each side: at the bottom the bands are narrower than the bins.
        const double below = std::max(center - edge_hz(b), grid.bin_width_hz);
        const double above = std::max(edge_hz(b + 2) - center, grid.bin_width_hz);
        Band band;
        band.first_bin = static_cast<std::size_t>(grid.bin_at(std::max(center - below, 0.0)));
        const auto end = static_cast<std::size_t>(grid.bin_at(center + above));
        for (std::size_t bin = band.first_bin; bin < end; ++bin) {
            const double off = static_cast<double>(bin) * grid.bin_width_hz - center;
            band.weights.push_back(static_cast<float>(1 - std::abs(off) / (off < 0 ? below : above)));
        }
        bands_.push_back(std::move(band));
    }
}

void Timbre::frame(std::span<const float> magnitudes) {
    for (std::size_t b = 0; b < magnitudes.size(); ++b) powers_[b] = magnitudes[b] * magnitudes[b];
    for (std::size_t b = 0; b < mel_band_count; ++b) {
        const float* const bins = powers_.data() + bands_[b].first_bin;
        float sum = 0;
        for (std::size_t i = 0; i < bands_[b].weights.size(); ++i) sum += bands_[b].weights[i] * bins[i];
        current_[b] += sum;
    }
    add_shape(powers_);
    if (++in_current_ == frames_in_cell_) close_cell();
}

void Timbre::end() {
    if (in_current_ > 0) close_cell();
}

void Timbre::close_cell() {
    for (float& power : current_) power /= static_cast<float>(in_current_);
    cells_.push_back(current_);
    current_ = {};
    in_current_ = 0;
    if (cells_.size() == most_cells) join_neighbors();
}

void Timbre::join_neighbors() {
    for (std::size_t i = 0; i < most_cells / 2; ++i)
        for (std::size_t b = 0; b < mel_band_count; ++b)
            cells_[i][b] = (cells_[2 * i][b] + cells_[2 * i + 1][b]) / 2;
    cells_.resize(most_cells / 2);
    frames_in_cell_ *= 2;
}

void Timbre::add_shape(std::span<const float> powers) {
    double sum = 0;
    double first = 0;
    double second = 0;
    for (std::size_t b = 0; b < powers.size(); ++b) {
        const auto power = static_cast<double>(powers[b]);
        const auto place = static_cast<double>(b);
        sum += power;
        first += place * power;
        second += place * place * power;
    }
    if (sum < audible_power) return;
    const double centroid = first / sum;
    double below = 0;
    std::size_t rolloff = 0;
    while (rolloff + 1 < powers.size() && below + static_cast<double>(powers[rolloff]) < rolloff_share * sum)
        below += static_cast<double>(powers[rolloff++]);
    ++audible_frames_;
    centroid_.add(centroid * grid_.bin_width_hz);
    spread_.add(std::sqrt(std::max(second / sum - centroid * centroid, 0.0)) * grid_.bin_width_hz);
    rolloff_.add(static_cast<double>(rolloff) * grid_.bin_width_hz);
    flatness_.add(std::min(std::exp(mean_log(powers)) / (sum / static_cast<double>(powers.size())), 1.0));
}

void Timbre::Moments::add(double value) {
    sum += value;
    squares += value * value;
}

Spread Timbre::Moments::over(std::int64_t count) const {
    if (count == 0) return {};
    const double mean = sum / static_cast<double>(count);
    return {mean, std::sqrt(std::max(squares / static_cast<double>(count) - mean * mean, 0.0))};
}

SpectralShape Timbre::shape() const {
    return {centroid_.over(audible_frames_), spread_.over(audible_frames_), rolloff_.over(audible_frames_),
            flatness_.over(audible_frames_)};
}

}  // namespace dubplate
