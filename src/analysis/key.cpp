#include "analysis/key.h"
#include "analysis/confidence.h"
#include "analysis/key_model.h"
#include "tags/musical_key.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace dubplate {

namespace {

constexpr std::array<const char*, 12> major_names = {"C",  "Db", "D",  "Eb", "E",  "F",
                                                     "F#", "G",  "Ab", "A",  "Bb", "B"};
constexpr std::array<const char*, 12> minor_names = {"C",  "C#", "D",  "Eb", "E",  "F",
                                                     "F#", "G",  "G#", "A",  "Bb", "B"};
constexpr std::size_t most_alternatives = 4;
// Three seconds: set by judgment, not tuned.
constexpr double enough_windows = 4;
// Synthetic chords agree on 0.94 and more, tuned drums on 0.76 at most; the harmonics of a lone note leave the third note 0.10. One chord
// alone is that of several keys: set by judgment, not tuned.
constexpr double least_agreement_of_triad = 0.9;
constexpr double least_share_in_triad = 0.15;
constexpr double most_confidence_of_triad = 0.6;

const char* tonic_name(const MusicalKey& key) {
    return (key.minor ? minor_names : major_names)[static_cast<std::size_t>(key.tonic)];
}

// Steps along the circle of fifths from C major or A minor, 0 to 11.
int fifths(const MusicalKey& key) {
    const int major_tonic = key.minor ? key.tonic + 3 : key.tonic;
    return major_tonic * 7 % 12;
}

using Profile = std::array<double, notes_in_octave>;

// Compressed, so that one loud note does not decide, and brought to mean 0 and deviation 1.
Profile standardized(const Profile& shares) {
    Profile values{};
    double mean = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = std::log1p(key_model::compression * shares[i]);
        mean += values[i] / notes_in_octave;
    }
    double squares = 0;
    for (double& value : values) {
        value -= mean;
        squares += value * value / notes_in_octave;
    }
    for (double& value : values) value /= std::sqrt(squares) + 1e-9;
    return values;
}

// `values` seen from a tonic, weighed.
double weighed(const Profile& values, const Profile& weights, int tonic) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
        sum += weights[i] * values[(i + static_cast<std::size_t>(tonic)) % notes_in_octave];
    return sum;
}

std::vector<KeyCandidate> rank(const ChromaSummary& summary) {
    const Profile notes = standardized(summary.notes);
    const Profile bass = standardized(summary.bass);
    std::vector<KeyCandidate> keys;
    double sum = 0;
    for (int tonic = 0; tonic < static_cast<int>(notes_in_octave); ++tonic) {
        const double major =
            weighed(notes, key_model::major_notes, tonic) + weighed(bass, key_model::major_bass, tonic);
        const double minor =
            weighed(notes, key_model::minor_notes, tonic) + weighed(bass, key_model::minor_bass, tonic);
        keys.push_back({{tonic, false}, std::exp(major)});
        keys.push_back({{tonic, true}, std::exp(minor + key_model::minor_bias)});
    }
    for (const KeyCandidate& candidate : keys) sum += candidate.weight;
    for (KeyCandidate& candidate : keys) candidate.weight /= sum;
    std::ranges::stable_sort(keys, std::ranges::greater{}, &KeyCandidate::weight);
    return keys;
}

// How many notes would sound as evenly as these do above what drums and noise leave in all of them: 0 to 9. The fourth weakest note is such a
// floor, as a key leaves five out.
double sounding_notes(const Profile& shares) {
    Profile sorted = shares;
    std::ranges::sort(sorted);
    const double floor = sorted[3];
    double all = 0;
    for (const double share : shares) all += std::max(0.0, share - floor);
    double entropy = 0;
    for (const double share : shares)
        if (share > floor) entropy -= (share - floor) / all * std::log((share - floor) / all);
    return all > 0 ? std::exp(entropy) : 0;
}

// Three notes alone can be a key's own chord: major or minor, each of them strong, all of one tuning. Drums agree on less, and the
// harmonics of one note are weaker than that.
std::optional<MusicalKey> find_triad(const ChromaSummary& summary) {
    if (summary.agreement < least_agreement_of_triad) return std::nullopt;
    std::array<std::size_t, notes_in_octave> order{};
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater{},
                             [&](std::size_t note) { return summary.notes[note]; });
    if (summary.notes[order[2]] < least_share_in_triad) return std::nullopt;
    for (std::size_t i = 0; i < 3; ++i) {
        const auto above = [&](std::size_t other) {
            return (order[(i + other) % 3] + notes_in_octave - order[i]) % notes_in_octave;
        };
        const std::size_t third = std::min(above(1), above(2)), fifth = std::max(above(1), above(2));
        if ((third == 3 || third == 4) && fifth == 7)
            return MusicalKey{static_cast<int>(order[i]), third == 3};
    }
    return std::nullopt;
}

bool has_few_notes(const ChromaSummary& summary) {
    return sounding_notes(summary.notes) < key_model::least_notes;
}

std::string why_none(const ChromaSummary& summary) {
    if (std::ranges::max(summary.notes) <= 0)
        return "silence, channels that cancel each other, or nothing between 55 and 1000 Hz";
    const double least =
        key_model::least_agreement + key_model::agreement_of_one_window / std::max(summary.windows, 1.0);
    if (summary.agreement < least || summary.tonality < key_model::least_tonality)
        return "drums or noise: no notes of one tuning are heard";
    if (has_few_notes(summary) && !find_triad(summary)) return "too few notes for a key";
    return "";
}

}  // namespace

std::string MusicalKey::name() const {
    return std::string(tonic_name(*this)) + (minor ? " minor" : " major");
}
std::string MusicalKey::short_name() const {
    return std::string(tonic_name(*this)) + (minor ? "m" : "");
}
std::string MusicalKey::camelot() const {
    return std::to_string((fifths(*this) + 7) % 12 + 1) + (minor ? "A" : "B");
}
std::string MusicalKey::open_key() const {
    return std::to_string(fifths(*this) + 1) + (minor ? "m" : "d");
}

std::optional<MusicalKey> parse_key(std::string_view text) {
    const std::optional<std::string> spelled = normalize_key(text);
    if (!spelled || spelled->empty()) return std::nullopt;
    constexpr std::array<int, 7> naturals = {9, 11, 0, 2, 4, 5, 7};  // A to G
    int tonic = naturals[static_cast<std::size_t>(spelled->front() - 'A')];
    for (const char sign : *spelled) tonic += sign == '#' ? 1 : sign == 'b' ? 11 : 0;
    return MusicalKey{tonic % 12, spelled->back() == 'm'};
}

KeyEstimate find_key(const Chroma& chroma) {
    KeyEstimate estimate;
    const ChromaSummary summary = summarize(chroma);
    estimate.reason = why_none(summary);
    if (!estimate.reason.empty()) return estimate;
    std::vector<KeyCandidate> keys = rank(summary);
    // One chord alone is taken for that of the tonic.
    if (has_few_notes(summary))
        std::stable_partition(keys.begin(), keys.end(),
                              [&](const auto& each) { return each.key == find_triad(summary); });
    estimate.key = keys.front().key;
    // The model of the confidence has seen pieces of many chords; one or two say less.
    estimate.confidence = calibrated(key_model::confidence_weights, keys.front().weight, summary.agreement) *
                          std::min(1.0, summary.windows / enough_windows);
    if (has_few_notes(summary)) estimate.confidence = std::min(estimate.confidence, most_confidence_of_triad);
    estimate.alternatives.assign(keys.begin() + 1, keys.begin() + 1 + most_alternatives);
    estimate.tuning_cents = chroma.tuning_cents();
    return estimate;
}

}  // namespace dubplate
