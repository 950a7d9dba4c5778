#include "analysis/key.h"
#include "analysis/key_model.h"
#include "tags/musical_key.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace dubplate {

namespace {

constexpr std::array<const char*, 12> major_names = {"C",  "Db", "D",  "Eb", "E",  "F",
                                                     "F#", "G",  "Ab", "A",  "Bb", "B"};
constexpr std::array<const char*, 12> minor_names = {"C",  "C#", "D",  "Eb", "E",  "F",
                                                     "F#", "G",  "G#", "A",  "Bb", "B"};
constexpr std::size_t most_alternatives = 4;

const char* tonic_name(const MusicalKey& key) {
    return (key.minor ? minor_names : major_names)[static_cast<std::size_t>(key.tonic)];
}

// Steps along the circle of fifths from C major or A minor, 0 to 11.
int fifths(const MusicalKey& key) {
    const int major_tonic = key.minor ? key.tonic + 3 : key.tonic;
    return major_tonic * 7 % 12;
}

using Profile = std::array<double, notes_in_octave>;

double correlation(const Profile& notes, const Profile& profile, int tonic) {
    double mean_n = 0;
    double mean_p = 0;
    for (std::size_t i = 0; i < notes_in_octave; ++i) {
        mean_n += notes[i] / 12;
        mean_p += profile[i] / 12;
    }
    double product = 0;
    double square_n = 0;
    double square_p = 0;
    for (std::size_t i = 0; i < notes_in_octave; ++i) {
        const double n = notes[(i + static_cast<std::size_t>(tonic)) % 12] - mean_n;
        const double p = profile[i] - mean_p;
        product += n * p;
        square_n += n * n;
        square_p += p * p;
    }
    return square_n > 0 ? product / std::sqrt(square_n * square_p) : 0;
}

std::vector<KeyCandidate> rank(const Profile& notes) {
    std::vector<KeyCandidate> keys;
    double sum = 0;
    for (int tonic = 0; tonic < 12; ++tonic)
        for (const bool minor : {false, true}) {
            const Profile& profile = minor ? key_model::minor_profile : key_model::major_profile;
            const double weight = std::exp(key_model::sharpness * correlation(notes, profile, tonic));
            keys.push_back({{tonic, minor}, weight});
            sum += weight;
        }
    for (KeyCandidate& candidate : keys) candidate.weight /= sum;
    std::ranges::stable_sort(keys, std::ranges::greater{}, &KeyCandidate::weight);
    return keys;
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
    const Profile& notes = summary.notes;
    if (std::ranges::max(notes) <= 0) {
        estimate.reason = "silence";
        return estimate;
    }
    if (summary.tonality < key_model::least_tonality) {
        estimate.reason = "drums or noise: no notes are heard";
        return estimate;
    }
    const std::vector<KeyCandidate> keys = rank(notes);
    estimate.key = keys.front().key;
    estimate.confidence = keys.front().weight;
    estimate.alternatives.assign(keys.begin() + 1, keys.begin() + 1 + most_alternatives);
    estimate.tuning_cents = chroma.tuning_cents();
    return estimate;
}

}  // namespace dubplate
