#include "analysis/features.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "analysis/onset_times.h"
#include "core/result.h"

namespace dubplate {

namespace {

constexpr std::size_t cepstrum_count = 13;
constexpr double range_db = 60;
constexpr double audible_power = 1e-8;  // -80 dB
constexpr double cepstrum_scale_db = 60;
constexpr double level_scale_db = 12;
constexpr double octave_scale = 2;
constexpr double onsets_scale = 8;  // sixteenths at 120 bpm

using Levels = std::array<double, mel_band_count>;

double mean_power(const MelPowers& cell) {
    double sum = 0;
    for (const float power : cell) sum += static_cast<double>(power);
    return sum / static_cast<double>(mel_band_count);
}

// Coefficients 1 to 13 of the cosine transform of levels in dB: 0 would be the level.
class CosineTransform {
  public:
    CosineTransform() {
        for (std::size_t c = 0; c < cepstrum_count; ++c)
            for (std::size_t b = 0; b < mel_band_count; ++b)
                rows_[c][b] = std::sqrt(2.0 / mel_band_count) *
                              std::cos(std::numbers::pi * static_cast<double>(c + 1) *
                                       (static_cast<double>(b) + 0.5) / mel_band_count);
    }
    std::array<double, cepstrum_count> of(const Levels& levels_db) const {
        std::array<double, cepstrum_count> cepstrum{};
        for (std::size_t c = 0; c < cepstrum_count; ++c)
            for (std::size_t b = 0; b < mel_band_count; ++b) cepstrum[c] += levels_db[b] * rows_[c][b];
        return cepstrum;
    }

  private:
    std::array<Levels, cepstrum_count> rows_{};
};

struct Statistics {
    double sum = 0;
    double squares = 0;
    double count = 0;
    void add(double value) {
        sum += value;
        squares += value * value;
        ++count;
    }
    double mean() const { return count > 0 ? sum / count : 0; }
    double deviation() const {
        return count > 0 ? std::sqrt(std::max(squares / count - mean() * mean(), 0.0)) : 0;
    }
};

class VectorBuilder {
  public:
    void add(double value) { values_.push_back(static_cast<float>(value)); }
    void add_frequency(const Spread& spread) {
        add(spread.mean > 0 ? std::log2(spread.mean / 1000) / octave_scale : 0);
        add(spread.mean > 0 ? spread.deviation / spread.mean : 0);
    }
    std::vector<float> finish() && {
        DUBPLATE_ASSERT(values_.size() == feature_count);
        return std::move(values_);
    }

  private:
    std::vector<float> values_;
};

std::array<double, notes_in_octave> mean_notes(const Chroma& chroma) {
    std::array<double, notes_in_octave> sums{};
    for (const NoteStrengths& frame : chroma.notes())
        for (std::size_t n = 0; n < notes_in_octave; ++n) sums[n] += static_cast<double>(frame[n]);
    double energy = 0;
    for (const double sum : sums) energy += sum * sum;
    if (energy > 0)
        for (double& sum : sums) sum /= std::sqrt(energy);
    return sums;
}

std::vector<float> feature_vector(const Timbre& timbre, const Chroma& chroma, double onsets_per_second) {
    double loudest = 0;
    for (const MelPowers& cell : timbre.cells())
        for (const float power : cell) loudest = std::max(loudest, static_cast<double>(power));
    if (loudest < audible_power) return std::vector<float>(feature_count, 0.0F);

    const CosineTransform transform;
    std::array<Statistics, cepstrum_count> cepstrum;
    Statistics level_db;
    for (const MelPowers& cell : timbre.cells()) {
        const double power = mean_power(cell);
        if (power < audible_power) continue;
        Levels levels{};
        for (std::size_t b = 0; b < mel_band_count; ++b)
            levels[b] = std::max(10 * std::log10(static_cast<double>(cell[b]) / loudest + 1e-30), -range_db);
        const auto coefficients = transform.of(levels);
        for (std::size_t c = 0; c < cepstrum_count; ++c) cepstrum[c].add(coefficients[c]);
        level_db.add(10 * std::log10(power));
    }
    VectorBuilder vector;
    for (const Statistics& coefficient : cepstrum) vector.add(coefficient.mean() / cepstrum_scale_db);
    for (const Statistics& coefficient : cepstrum) vector.add(coefficient.deviation() / cepstrum_scale_db);
    for (const double note : mean_notes(chroma)) vector.add(note);
    const SpectralShape shape = timbre.shape();
    vector.add_frequency(shape.centroid_hz);
    vector.add_frequency(shape.spread_hz);
    vector.add_frequency(shape.rolloff_hz);
    vector.add(shape.flatness.mean);
    vector.add(shape.flatness.deviation);
    vector.add(onsets_per_second / onsets_scale);
    vector.add(level_db.deviation() / level_scale_db);
    return std::move(vector).finish();
}

}  // namespace

Features find_features(const Timbre& timbre, const Chroma& chroma, const OnsetEnvelope& envelope,
                       double duration_s) {
    Features features;
    features.onsets_s = find_onsets(envelope);
    features.shape = timbre.shape();
    const double per_second = duration_s > 0 ? static_cast<double>(features.onsets_s.size()) / duration_s : 0;
    features.vector = feature_vector(timbre, chroma, per_second);
    return features;
}

}  // namespace dubplate
