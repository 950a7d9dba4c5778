#include "analysis/downbeats.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "analysis/key.h"

namespace dubplate {

namespace {

constexpr std::size_t fewest_beats = 12;
constexpr double reach_s = 0.03;
// Set by judgment: three standard errors are one chance in a thousand, for each of seven phases.
constexpr double least_errors = 3;
constexpr double least_margin = 1;

std::size_t frame_at(double time_s, double hop_s, std::size_t frames) {
    return std::min(static_cast<std::size_t>(std::max(0.0, std::round(time_s / hop_s))), frames);
}

std::vector<double> bass_onsets(const std::vector<double>& beats_s, const OnsetEnvelope& envelope) {
    const std::vector<Onset>& onsets = envelope.onsets();
    const double hop_s = envelope.grid().hop_s;
    std::vector<double> strengths;
    for (const double beat_s : beats_s) {
        float highest = 0;
        const std::size_t end = frame_at(beat_s + reach_s, hop_s, onsets.size());
        for (std::size_t i = frame_at(beat_s - reach_s, hop_s, onsets.size()); i < end; ++i)
            highest = std::max(highest, onsets[i][0]);
        strengths.push_back(static_cast<double>(highest));
    }
    return strengths;
}

NoteStrengths mean_between(const std::vector<NoteStrengths>& notes, double begin_s, double end_s,
                           double hop_s) {
    NoteStrengths sums{};
    float all = 1e-9f;
    const std::size_t begin = frame_at(begin_s, hop_s, notes.size());
    const std::size_t end = std::max(begin + 1, frame_at(end_s, hop_s, notes.size()));
    for (std::size_t f = begin; f < std::min(end, notes.size()); ++f)
        for (std::size_t n = 0; n < notes_in_octave; ++n) {
            sums[n] += notes[f][n];
            all += notes[f][n];
        }
    for (float& sum : sums) sum /= all;
    return sums;
}

// How much of the notes is other after a beat than before it.
std::vector<double> harmony_changes(const std::vector<double>& beats_s, const Chroma& chroma) {
    const std::vector<NoteStrengths> notes = chroma.notes();
    const double step_s = chroma.moment_s();
    // A window reaches half its length to both sides: what lies nearer than that to a change knows both chords.
    const double blur_s = chroma.grid().window_s / 4;
    std::vector<double> changes;
    for (std::size_t b = 0; b < beats_s.size(); ++b) {
        const double gap = b + 1 < beats_s.size() ? beats_s[b + 1] - beats_s[b] : beats_s[b] - beats_s[b - 1];
        const double beat_s = beats_s[b] - chroma.first_moment_s();
        const NoteStrengths before = mean_between(notes, beat_s - gap - blur_s, beat_s - blur_s, step_s);
        const NoteStrengths after = mean_between(notes, beat_s + blur_s, beat_s + gap + blur_s, step_s);
        double change = 0;
        for (std::size_t n = 0; n < notes_in_octave; ++n)
            change += static_cast<double>(std::abs(after[n] - before[n]));
        changes.push_back(b == 0 ? 0 : change);
    }
    return changes;
}

void add_standardized(const std::vector<double>& values, std::vector<double>& sums) {
    double mean = 0;
    double squares = 0;
    for (const double value : values) {
        mean += value / static_cast<double>(values.size());
        squares += value * value / static_cast<double>(values.size());
    }
    const double deviation = std::sqrt(std::max(0.0, squares - mean * mean));
    if (deviation < 1e-6) return;
    for (std::size_t i = 0; i < values.size(); ++i) sums[i] += (values[i] - mean) / deviation;
}

struct Phase {
    std::size_t meter = 4;
    std::size_t first = 0;
    double errors = 0;  // by how many standard errors its beats stand out
};

double errors_of(const std::vector<double>& strengths, std::size_t meter, std::size_t first) {
    double inside = 0;
    double outside = 0;
    double squares = 0;
    double count = 0;
    for (std::size_t b = 0; b < strengths.size(); ++b) {
        const bool is_first = b % meter == first;
        (is_first ? inside : outside) += strengths[b];
        count += is_first ? 1 : 0;
        squares += strengths[b] * strengths[b];
    }
    const auto all = static_cast<double>(strengths.size());
    const double deviation = std::sqrt(std::max(squares / all, 1e-9));
    return (inside / count - outside / (all - count)) /
           (deviation * std::sqrt(1 / count + 1 / (all - count)));
}

}  // namespace

std::vector<double> find_downbeats(const std::vector<double>& beats_s, const OnsetEnvelope& onsets,
                                   const Chroma& chroma) {
    if (beats_s.size() < fewest_beats || !find_key(chroma).key) return {};
    std::vector<double> strengths(beats_s.size(), 0.0);
    add_standardized(bass_onsets(beats_s, onsets), strengths);
    add_standardized(harmony_changes(beats_s, chroma), strengths);
    std::vector<Phase> phases;
    for (const std::size_t meter : {std::size_t{4}, std::size_t{3}})
        for (std::size_t first = 0; first < meter; ++first)
            phases.push_back({meter, first, errors_of(strengths, meter, first)});
    std::ranges::stable_sort(phases, std::ranges::greater{}, &Phase::errors);
    if (phases[0].errors < least_errors || phases[0].errors < phases[1].errors + least_margin) return {};
    std::vector<double> downbeats_s;
    for (std::size_t b = phases[0].first; b < beats_s.size(); b += phases[0].meter)
        downbeats_s.push_back(beats_s[b]);
    return downbeats_s;
}

}  // namespace dubplate
