// structure.h: the parts of a piece, which of them come again, and what can be looped.
//
// Method   the piece is cut into units: beats where they are known, else half seconds. Every unit is compared with every other by
//          its notes and its timbre. A boundary is where what lies before is like itself, what comes after too, and the two
//          are not alike (Foote, "Automatic audio segmentation using a measure of audio novelty", 2000). Parts that run alike
//          from unit to unit get the same letter. A loop is a stretch after which the same is heard once more.
// Units    seconds from the first sample; similarities and scores from 0 to 1.
// Memory   at most most_units units, so at most 4 MB of comparisons: in long pieces a unit is several beats.
// Honesty  one part called A where nothing changes; none for silence and for pieces under four units.
// Threads  pure functions.
#pragma once

#include <string>
#include <vector>

#include "analysis/chroma.h"
#include "analysis/timbre.h"

namespace dubplate {

inline constexpr std::size_t most_units = 1000;

struct Segment {
    double begin_s = 0;
    double end_s = 0;
    std::string label;  // "A", "B", ... in the order of their first appearance; "AA" after "Z"
    bool operator==(const Segment&) const = default;
};

struct LoopCandidate {
    double begin_s = 0;
    double end_s = 0;
    int beats = 0;
    double score = 0;  // how alike the stretch and what follows it are
    bool operator==(const LoopCandidate&) const = default;
};

struct Structure {
    std::vector<Segment> segments;     // without gaps, from the first to the last sample
    std::vector<LoopCandidate> loops;  // the best first, 8 at most; empty where no beat is known
};

struct StructureInput {
    const Timbre& timbre;
    const Chroma& chroma;
    const std::vector<double>& beats_s;      // may be empty
    const std::vector<double>& downbeats_s;  // a part of them; may be empty
    double duration_s = 0;
};

Structure find_structure(const StructureInput& input);

}  // namespace dubplate
