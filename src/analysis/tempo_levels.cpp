#include "analysis/tempo_levels.h"
#include "analysis/tempo_model.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace dubplate {

namespace {

// The prior under which the strongest period is sought: log-normal around 110, as wide as an octave and a half.
constexpr double prior_bpm = 110;
constexpr double prior_octaves = 1.5;
constexpr double grid_ratio = 1.005;
constexpr double same_share = 0.02;

constexpr std::array<double, 11> ratios = {1.0,     0.5,     2.0, 2.0 / 3, 1.5, 0.75,
                                           4.0 / 3, 1.0 / 3, 3.0, 0.25,    4.0};

double prior(double bpm) {
    const double octaves = std::log2(bpm / prior_bpm) / prior_octaves;
    return std::exp(-0.5 * octaves * octaves);
}

double bpm_of(double period, double hop_s) {
    return 60 / (period * hop_s);
}

double strongest_period(const Periodicity& periodicity) {
    const double hop_s = periodicity.hop_s;
    double best = 0;
    double best_score = 0;
    for (double bpm = slowest_bpm; bpm <= fastest_bpm; bpm *= grid_ratio) {
        const double period = 60 / (bpm * hop_s);
        if (period > periodicity.longest_lag() - 2) continue;
        const double score = comb(periodicity.all, period) * prior(bpm);
        if (score <= best_score) continue;
        best_score = score;
        best = period;
    }
    return best;
}

// The height of the correlation around a lag: the best within 2 %, so that a cue does not hang on a frame.
double height(const std::vector<float>& correlation, double lag) {
    const double reach = std::max(1.0, 0.02 * lag);
    return std::max({value_at(correlation, lag), value_at(correlation, lag - reach / 2),
                     value_at(correlation, lag + reach / 2)});
}

LevelCues describe(const Periodicity& periodicity, const OnsetCounts& onsets, double period) {
    const std::vector<float>& all = periodicity.all;
    const std::vector<float>& low = periodicity.groups[0];
    const std::vector<float>& middle = periodicity.groups[2];
    const std::vector<float>& high = periodicity.groups[3];
    const double octaves = std::log2(bpm_of(period, periodicity.hop_s) / prior_bpm);
    const double density = std::log2(std::max(onsets.per_second, 0.1) * period * periodicity.hop_s);
    const double beat = height(all, period);
    const double low_beat = height(low, period);
    return {octaves,
            octaves * octaves,
            octaves * octaves * octaves,
            beat,
            height(all, period / 2),
            height(all, period / 3),
            height(all, period / 4),
            height(all, 2 * period),
            height(all, 3 * period),
            height(all, 4 * period),
            height(all, 8 * period),
            low_beat,
            height(low, period / 2),
            height(low, 2 * period),
            height(low, 4 * period),
            height(middle, period),
            height(middle, period / 2),
            height(middle, 2 * period),
            height(high, period),
            height(high, period / 2),
            height(high, period / 4),
            density,
            density * density,
            comb(all, period)};
}

void weigh(std::vector<Level>& levels) {
    double most = -1e9;
    for (Level& level : levels) {
        level.probability =
            std::inner_product(level.cues.begin(), level.cues.end(), tempo_model::level_weights.begin(), 0.0);
        most = std::max(most, level.probability);
    }
    double sum = 0;
    for (Level& level : levels) sum += level.probability = std::exp(level.probability - most);
    for (Level& level : levels) level.probability /= sum;
    std::ranges::sort(levels, std::ranges::greater{}, &Level::probability);
}

}  // namespace

OnsetCounts count_onsets(const std::vector<float>& envelope, double hop_s) {
    OnsetCounts counts;
    if (envelope.empty()) return counts;
    const auto frames = static_cast<double>(envelope.size());
    double sum = 0;
    double squares = 0;
    for (const float value : envelope) {
        sum += static_cast<double>(value);
        squares += static_cast<double>(value) * static_cast<double>(value);
    }
    const double mean = sum / frames;
    if (mean <= 0) return counts;
    counts.contrast = std::sqrt(std::max(0.0, squares / frames - mean * mean)) / mean;
    // What stands out is the highest within 40 ms and a quarter of the highest of all.
    const float floor = 0.25f * *std::ranges::max_element(envelope);
    const auto reach = static_cast<std::size_t>(std::lround(0.04 / hop_s));
    for (std::size_t i = 0; i < envelope.size(); ++i) {
        if (envelope[i] < floor) continue;
        const std::size_t begin = i - std::min(i, reach);
        const std::size_t end = std::min(envelope.size(), i + reach + 1);
        const auto first = envelope.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto highest = std::max_element(first, envelope.begin() + static_cast<std::ptrdiff_t>(end));
        counts.count += highest == envelope.begin() + static_cast<std::ptrdiff_t>(i) ? 1 : 0;
    }
    counts.per_second = counts.count / (frames * hop_s);
    return counts;
}

Levels find_levels(const Periodicity& periodicity, const OnsetCounts& onsets) {
    Levels result;
    const double strongest = strongest_period(periodicity);
    if (strongest <= 0) return result;
    const double refined = refined_period(periodicity.all, strongest);
    result.pulse = comb(periodicity.all, refined);
    for (const double ratio : ratios) {
        Level level;
        level.period = refined / ratio;
        level.bpm = bpm_of(level.period, periodicity.hop_s);
        if (level.bpm < slowest_bpm || level.bpm > fastest_bpm) continue;
        level.cues = describe(periodicity, onsets, level.period);
        result.levels.push_back(level);
    }
    weigh(result.levels);
    return result;
}

std::string relation_of(double bpm, double answer_bpm) {
    struct Relation {
        double ratio;
        const char* name;
    };
    constexpr std::array<Relation, 10> relations = {{{0.5, "half"},
                                                     {2, "double"},
                                                     {2.0 / 3, "2:3"},
                                                     {1.5, "3:2"},
                                                     {0.75, "3:4"},
                                                     {4.0 / 3, "4:3"},
                                                     {1.0 / 3, "1:3"},
                                                     {3, "3:1"},
                                                     {0.25, "1:4"},
                                                     {4, "4:1"}}};
    for (const Relation& relation : relations)
        if (std::abs(bpm / answer_bpm / relation.ratio - 1) < 0.03) return relation.name;
    return "other";
}

}  // namespace dubplate
