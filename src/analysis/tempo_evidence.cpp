#include "analysis/tempo_evidence.h"
#include "analysis/confidence.h"
#include "analysis/tempo_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace dubplate {

namespace {

// How far a loop's length may be from whole bars of the tempo heard, in beats: the tempo is heard to 0.1 %.
constexpr double loop_tolerance_beats = 0.08;
constexpr double longest_loop_s = 70;
constexpr std::array<int, 12> loop_beat_counts = {4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 6, 2};
// Tags and names are often whole numbers; a wider share would take neighbors such as 4:3 of the tempo for it.
constexpr double agreement_share = 0.02;
// A witness may choose half or double of what is heard; another relation must be likely by itself.
constexpr double least_probability = 0.1;
// How often people's tags, names and chunks are right where the audio bears them out: set by judgement, not tuned.
constexpr double witness_confidence = 0.95;
constexpr double alone_confidence = 0.6;

// Three bars: set by judgement, not tuned.
constexpr double enough_beats = 12;

// Noise and pads have a contrast of 0.2 to 0.35 and a floor of 0.03 or more; beats a contrast of 0.7 and more.
constexpr double least_contrast = 0.4;
constexpr double least_floor = 0.01;

struct Witness {
    std::optional<double> bpm;
    const char* source;   // "tags"
    const char* sayings;  // "tags say"
};

std::array<Witness, 3> witnesses(const TempoEvidence& evidence) {
    return {{{evidence.acid_bpm, "acid chunk", "the acid chunk says"},
             {evidence.tag_bpm, "tags", "the tags say"},
             {evidence.name_bpm, "file name", "the file's name says"}}};
}

bool is_possible(std::optional<double> bpm) {
    return bpm && *bpm >= slowest_bpm && *bpm <= fastest_bpm;
}

double folded(double bpm, const TempoOptions& options) {
    if (!options.min_bpm || !options.max_bpm || *options.min_bpm * 2 > *options.max_bpm * (1 + 1e-9))
        return bpm;
    while (bpm < *options.min_bpm) bpm *= 2;
    while (bpm > *options.max_bpm) bpm /= 2;
    return bpm;
}

bool is_near(double bpm, double other) {
    return std::abs(bpm / other - 1) < agreement_share;
}

// As people read them.
bool is_told_apart(double bpm, double other) {
    return std::abs(bpm - other) >= 0.05;
}

// The level that a witness means, if one is near.
const Level* level_near(const Levels& levels, double bpm) {
    const double heard = levels.levels.front().bpm;
    for (const Level& level : levels.levels) {
        const bool is_octave =
            is_near(level.bpm, heard) || is_near(level.bpm, 2 * heard) || is_near(level.bpm, heard / 2);
        if (is_near(level.bpm, bpm) && (is_octave || level.probability >= least_probability)) return &level;
    }
    return nullptr;
}

// Beats of a file that is whole bars long at this tempo; 0 where it is not.
int whole_bars(double bpm, double duration_s) {
    if (duration_s > longest_loop_s) return 0;
    const double beats = bpm * duration_s / 60;
    for (const int count : loop_beat_counts)
        if (std::abs(beats - count) <= std::min(loop_tolerance_beats, 0.01 * count)) return count;
    return 0;
}

void make_loop(Tempo& tempo, int beats, double duration_s) {
    tempo.bpm = 60.0 * beats / duration_s;
    tempo.material = Material::loop;
    tempo.loop_beats = beats;
}

// A chunk counts beats even where the file is no loop; such a count, rounded, does not fit the chunk's own tempo.
bool acid_counts(const TempoEvidence& evidence, double duration_s) {
    if (!evidence.acid_beats || *evidence.acid_beats <= 0 || evidence.acid_one_shot.value_or(false))
        return false;
    constexpr double fit = 0.005;
    return !is_possible(evidence.acid_bpm) ||
           std::abs(60.0 * *evidence.acid_beats / duration_s / *evidence.acid_bpm - 1) < fit;
}

}  // namespace

bool is_steady_sound(const OnsetCounts& onsets) {
    return onsets.contrast < least_contrast && onsets.floor > least_floor;
}

Material material_before_search(const TempoInput& input, const TempoEvidence& evidence,
                                const OnsetCounts& onsets) {
    if (input.peak <= 0 || acid_counts(evidence, input.duration_s) || evidence.loop_points)
        return Material::unknown;
    if (evidence.acid_one_shot.value_or(false)) return Material::one_shot;
    return onsets.count <= 1 && !is_steady_sound(onsets) ? Material::one_shot : Material::unknown;
}

Tempo from_outside(Tempo unheard, const TempoInput& input, const TempoEvidence& evidence) {
    if (unheard.material == Material::one_shot || input.duration_s <= 0) return unheard;
    if (acid_counts(evidence, input.duration_s) &&
        is_possible(60.0 * *evidence.acid_beats / input.duration_s)) {
        make_loop(unheard, *evidence.acid_beats, input.duration_s);
        unheard.source = "acid chunk";
    } else {
        for (const Witness& witness : witnesses(evidence)) {
            if (!is_possible(witness.bpm)) continue;
            unheard.bpm = witness.bpm;
            unheard.source = witness.source;
            break;
        }
    }
    if (!unheard.bpm) return unheard;
    unheard.notes.push_back("the audio has no tempo: " + unheard.reason);
    unheard.reason.clear();
    unheard.confidence = alone_confidence;
    return unheard;
}

Tempo choose_tempo(const Levels& levels, const OnsetCounts& onsets, const TempoInput& input,
                   const TempoOptions& options) {
    Tempo tempo;
    const Level& heard = levels.levels.front();
    tempo.bpm = folded(heard.bpm, options);
    tempo.confidence = calibrated(tempo_model::confidence_weights, heard.probability, levels.pulse);
    tempo.source = "audio";
    tempo.material = input.duration_s > longest_loop_s ? Material::track : Material::unknown;
    const TempoEvidence& evidence = options.evidence;
    if (acid_counts(evidence, input.duration_s) &&
        level_near(levels, 60.0 * *evidence.acid_beats / input.duration_s)) {
        make_loop(tempo, *evidence.acid_beats, input.duration_s);
        tempo.source = "acid chunk";
        tempo.confidence = witness_confidence;
        return tempo;
    }
    std::optional<double> said_bpm;
    for (const Witness& witness : witnesses(evidence)) {
        if (!is_possible(witness.bpm)) continue;
        if (const Level* level = level_near(levels, *witness.bpm)) {
            if (!is_near(level->bpm, *tempo.bpm))
                tempo.notes.push_back(
                    fmt::format("{} {:.6g} bpm, which is believed; the audio alone would be {:.6g}",
                                witness.sayings, *witness.bpm, *tempo.bpm));
            tempo.bpm = level->bpm;
            tempo.source = witness.source;
            said_bpm = witness.bpm;
            tempo.confidence = std::max(tempo.confidence, witness_confidence);
            break;
        }
        tempo.notes.push_back(
            fmt::format("{} {:.6g} bpm, the audio {:.6g}", witness.sayings, *witness.bpm, *tempo.bpm));
    }
    if (const int beats = whole_bars(*tempo.bpm, input.duration_s); beats > 0) {
        make_loop(tempo, beats, input.duration_s);
        if (!said_bpm || is_told_apart(*said_bpm, *tempo.bpm)) tempo.source = "loop length";
    }
    // The model of the confidence has seen pieces of many beats and sounds; a few that happen to be even say less.
    const double beats = std::min(input.duration_s * *tempo.bpm / 60, static_cast<double>(onsets.count));
    if (tempo.source == "audio") tempo.confidence *= std::min(1.0, beats / enough_beats);
    return tempo;
}

}  // namespace dubplate
