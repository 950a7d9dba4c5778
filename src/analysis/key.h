// key.h: the musical key of a piece, and how sure that is.
//
// What     the mean chroma is compared with a profile of major and one of minor on each of the twelve notes; the best wins.
// Names    "A minor", with Camelot ("8A") and Open Key ("1m") for those who mix by wheel. Notes are spelled as keys are
//          written: Db, Eb, F#, Ab, Bb major; C#, Eb, F#, G#, Bb minor.
// Honesty  null for silence, drums, noise and less than a chord, and `reason` says why. confidence is the share of such answers that were
//          exactly right on the benchmark's tuning half.
// Threads  pure functions; no state survives a call.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/chroma.h"

namespace dubplate {

struct MusicalKey {
    int tonic = 0;  // 0 is C, 11 is B
    bool minor = false;
    bool operator==(const MusicalKey&) const = default;

    std::string name() const;        // "A minor"
    std::string short_name() const;  // "Am", as tags have it
    std::string camelot() const;     // "8A"
    std::string open_key() const;    // "1m"
};

// Out of a tag: "Am", "A minor", "8A". None where the text is no key.
std::optional<MusicalKey> parse_key(std::string_view text);

struct KeyCandidate {
    MusicalKey key;
    double weight = 0;  // 0 to 1; all 24 make 1
};

struct KeyEstimate {
    std::optional<MusicalKey> key;
    double confidence = 0;                   // 0 to 1
    std::vector<KeyCandidate> alternatives;  // up to 4, the heaviest first
    double tuning_cents = 0;                 // from A = 440 Hz
    std::string reason;                      // why key is null
};

KeyEstimate find_key(const Chroma& chroma);

}  // namespace dubplate
