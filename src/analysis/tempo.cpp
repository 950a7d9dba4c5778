#include "analysis/tempo.h"
#include "analysis/beat_phase.h"
#include "analysis/beats.h"
#include "analysis/downbeats.h"
#include "analysis/local_tempo.h"
#include "analysis/periodicity.h"
#include "analysis/pulse.h"
#include "analysis/tempo_evidence.h"
#include "analysis/tempo_levels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace dubplate {

namespace {

constexpr float silent_peak = 1e-4f;  // -80 dBFS
constexpr double shortest_s = 0.5;
// What is no rhythm has a pulse of 0.05 or less, the weakest pieces of the tuning half 0.09.
constexpr double least_pulse = 0.08;
// A tone that sweeps enters one band after the other, and seems to pulse: by 0.45 at most. 0.7 and more of what rises falls elsewhere at the
// same time; of the tuning half's pieces it is 0.4 at most.
constexpr double most_gliding = 0.6;
constexpr double pulse_of_glides = 0.5;
constexpr std::size_t most_alternatives = 4;
constexpr int least_onsets = 3;  // two have a distance, and no tempo

// Why there can be no tempo, as far as it is clear before any search.
std::string why_none(const TempoInput& input, const OnsetCounts& onsets, Material material) {
    if (input.peak < silent_peak) return "silence, or channels that cancel each other";
    if (material == Material::one_shot) return "a one-shot: one sound without a repetition";
    if (input.duration_s < shortest_s)
        return fmt::format("too short: {:.3g} s, a tempo needs {} s", input.duration_s, shortest_s);
    if (onsets.count < least_onsets && !is_steady_sound(onsets)) return "too few sounds for a tempo";
    if (is_steady_sound(onsets)) return "noise or a steady sound: nothing begins clearly";
    return "";
}

Tempo none(std::string reason, Material material) {
    Tempo tempo;
    tempo.material = material;
    tempo.reason = std::move(reason);
    return tempo;
}

// They share what the confidence leaves, as their probabilities are to each other.
void list_alternatives(const Levels& levels, Tempo& tempo) {
    double others = 0;
    for (const Level& level : levels.levels) {
        if (std::abs(level.bpm / *tempo.bpm - 1) < 0.02) continue;
        others += level.probability;
        if (tempo.alternatives.size() < most_alternatives)
            tempo.alternatives.push_back({level.bpm, level.probability, relation_of(level.bpm, *tempo.bpm)});
    }
    for (TempoCandidate& candidate : tempo.alternatives)
        candidate.weight *= others > 0 ? (1 - tempo.confidence) / others : 0;
}

// The distance of the beats at each frame, at the tempo that was chosen.
std::vector<float> beat_periods(const Pulse& pulse, const std::vector<float>& envelope, double period,
                                double hop_s) {
    if (pulse.followed.empty()) return local_periods(envelope, period, hop_s);
    std::vector<float> periods = pulse.followed;
    const float ratio = static_cast<float>(period) / median_of(periods);
    for (float& value : periods) value *= ratio;
    return periods;
}

void place(const Pulse& pulse, const OnsetEnvelope& onsets, Tempo& tempo) {
    const double hop_s = onsets.grid().hop_s;
    const std::vector<float> envelope = sharpened(onsets.summed(), hop_s);
    const double period = 60 / (*tempo.bpm * hop_s);
    std::vector<float> periods = beat_periods(pulse, envelope, period, hop_s);
    tempo.steady = is_steady(periods);
    if (tempo.steady) std::ranges::fill(periods, static_cast<float>(period));
    for (const double beat : place_beats(envelope, periods)) tempo.beats_s.push_back(beat * hop_s);
    tempo.beats_s = on_the_beat(std::move(tempo.beats_s), onsets);
    // Where a loop ends, its first beat comes again: that one is counted already.
    if (tempo.loop_beats && tempo.steady &&
        tempo.beats_s.size() > static_cast<std::size_t>(*tempo.loop_beats))
        tempo.beats_s.resize(static_cast<std::size_t>(*tempo.loop_beats));
}

constexpr double least_beats = 3;

// A piece whose tempo moves has no length in beats of one tempo.
void forget_loop(Tempo& tempo, double heard_bpm) {
    if (tempo.source != "loop length") return;
    tempo.bpm = heard_bpm;
    tempo.source = "audio";
    tempo.material = Material::unknown;
    tempo.loop_beats.reset();
}

}  // namespace

std::string_view name_of(Material material) {
    switch (material) {
        case Material::one_shot:
            return "one_shot";
        case Material::loop:
            return "loop";
        case Material::track:
            return "track";
        case Material::unknown:
            break;
    }
    return "unknown";
}

Tempo find_tempo(const TempoInput& input, const TempoOptions& options) {
    const double hop_s = input.onsets.grid().hop_s;
    const OnsetCounts onsets = count_onsets(input.onsets.onsets(), hop_s);
    const Material material = material_before_search(input, options.evidence, onsets);
    if (std::string reason = why_none(input, onsets, material); !reason.empty())
        return from_outside(none(std::move(reason), material), input, options.evidence);
    const Pulse pulse = find_pulse(input.onsets.onsets(), hop_s, onsets);
    if (pulse.levels.levels.empty() || pulse.levels.pulse < least_pulse)
        return from_outside(none("no pulse: nothing repeats in time", material), input, options.evidence);
    if (input.onsets.gliding() > most_gliding && pulse.levels.pulse < pulse_of_glides)
        return from_outside(none("a sound that glides: nothing begins clearly", material), input,
                            options.evidence);
    Tempo tempo = choose_tempo(pulse.levels, onsets, input, options);
    if (tempo.source == "audio" && input.duration_s * *tempo.bpm < 60 * least_beats)
        return none("too short: no three beats fit into it", material);
    list_alternatives(pulse.levels, tempo);
    place(pulse, input.onsets, tempo);
    if (!tempo.steady) forget_loop(tempo, pulse.levels.levels.front().bpm);
    tempo.downbeats_s = find_downbeats(tempo.beats_s, input.onsets, input.chroma);
    return tempo;
}

}  // namespace dubplate
