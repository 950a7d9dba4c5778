#include "analysis/self_similarity.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace dubplate {

namespace {

constexpr std::size_t timbre_bands = 16;
constexpr float notes_scale = 0.3F;
constexpr float timbre_scale_db = 8;
constexpr float range_db = 60;
constexpr float audible_power = 1e-8F;  // -80 dB
// Below the first the piece has no tones that could be told apart, from the second on it is made of them.
constexpr double least_tonality = 0.3;
constexpr double full_tonality = 0.7;
constexpr double most_notes_share = 0.5;

using TimbreBands = std::array<float, timbre_bands>;

// Calls take(unit, item) for each item whose center lies in the unit; a unit with none gets the nearest one.
template <class Take>
void for_each_in_units(const std::vector<double>& edges_s, double step_s, double first_center_s,
                       std::size_t count, Take take) {
    if (count == 0) return;
    const auto nearest = [&](double time_s) {
        const double place = (time_s - first_center_s) / step_s;
        return static_cast<std::size_t>(std::clamp(std::round(place), 0.0, static_cast<double>(count - 1)));
    };
    for (std::size_t unit = 0; unit + 1 < edges_s.size(); ++unit) {
        const double from = std::ceil((edges_s[unit] - first_center_s) / step_s);
        const double to = std::ceil((edges_s[unit + 1] - first_center_s) / step_s);
        const auto begin = static_cast<std::size_t>(std::max(from, 0.0));
        const auto end = std::min(static_cast<std::size_t>(std::max(to, 0.0)), count);
        if (begin >= end) take(unit, nearest((edges_s[unit] + edges_s[unit + 1]) / 2));
        for (std::size_t item = begin; item < end; ++item) take(unit, item);
    }
}

std::vector<TimbreBands> timbre_of_units(const Timbre& timbre, const std::vector<double>& edges_s,
                                         bool& silent) {
    constexpr std::size_t joined = mel_band_count / timbre_bands;
    std::vector<TimbreBands> units(edges_s.size() - 1);
    std::vector<float> counts(units.size());
    const std::vector<MelPowers>& cells = timbre.cells();
    for_each_in_units(edges_s, timbre.cell_s(), timbre.cell_s() / 2, cells.size(),
                      [&](std::size_t unit, std::size_t cell) {
                          counts[unit] += joined;
                          for (std::size_t b = 0; b < mel_band_count; ++b)
                              units[unit][b / joined] += cells[cell][b];
                      });
    float loudest = audible_power;
    for (std::size_t u = 0; u < units.size(); ++u)
        for (float& power : units[u]) loudest = std::max(loudest, power /= std::max(counts[u], 1.0F));
    silent = loudest <= audible_power;
    for (TimbreBands& unit : units)
        for (float& power : unit) power = std::max(10 * std::log10(power / loudest + 1e-30F), -range_db);
    return units;
}

std::vector<NoteStrengths> notes_of_units(const Chroma& chroma, const std::vector<double>& edges_s) {
    std::vector<NoteStrengths> units(edges_s.size() - 1);
    const std::vector<NoteStrengths> frames = chroma.notes();
    for_each_in_units(edges_s, chroma.moment_s(), chroma.first_moment_s(), frames.size(),
                      [&](std::size_t unit, std::size_t frame) {
                          for (std::size_t n = 0; n < notes_in_octave; ++n)
                              units[unit][n] += frames[frame][n];
                      });
    for (NoteStrengths& unit : units) {
        float energy = 0;
        for (const float note : unit) energy += note * note;
        if (energy <= 0) continue;
        for (float& note : unit) note /= std::sqrt(energy);
    }
    return units;
}

template <std::size_t count>
float distance_squared(const std::array<float, count>& a, const std::array<float, count>& b) {
    float sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

}  // namespace

SelfSimilarity::SelfSimilarity(const Timbre& timbre, const Chroma& chroma, const std::vector<double>& edges_s)
    : size_(edges_s.size() - 1), values_(size_ * size_) {
    const std::vector<TimbreBands> timbres = timbre_of_units(timbre, edges_s, silent_);
    const std::vector<NoteStrengths> notes = notes_of_units(chroma, edges_s);
    const double tones = (chroma.tonality() - least_tonality) / (full_tonality - least_tonality);
    const auto notes_share = static_cast<float>(most_notes_share * std::clamp(tones, 0.0, 1.0));
    constexpr float timbre_scale = timbre_scale_db * timbre_scale_db * timbre_bands;
    for (std::size_t a = 0; a < size_; ++a) {
        for (std::size_t b = a; b < size_; ++b) {
            const float timbre_likeness = std::exp(-distance_squared(timbres[a], timbres[b]) / timbre_scale);
            const float notes_likeness = std::exp(-distance_squared(notes[a], notes[b]) / notes_scale);
            values_[a * size_ + b] = values_[b * size_ + a] =
                notes_share * notes_likeness + (1 - notes_share) * timbre_likeness;
        }
    }
}

double SelfSimilarity::mean(std::size_t row_begin, std::size_t row_end, std::size_t column_begin,
                            std::size_t column_end) const {
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t row = row_begin; row < row_end; ++row) {
        for (std::size_t column = column_begin; column < column_end; ++column) {
            if (row == column) continue;
            sum += at(row, column);
            ++count;
        }
    }
    return count > 0 ? sum / static_cast<double>(count) : 1;
}

double SelfSimilarity::along(std::size_t a, std::size_t b, std::size_t length) const {
    double sum = 0;
    for (std::size_t i = 0; i < length; ++i) sum += at(a + i, b + i);
    return length > 0 ? sum / static_cast<double>(length) : 0;
}

}  // namespace dubplate
