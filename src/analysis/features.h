// features.h: what stands out in a piece, and the piece as a point among others: what is near sounds alike.
//
// Vector   always feature_count numbers, about -1 to 3 each, so that the plain distance between two vectors weighs all of them:
//          13 means and 13 deviations of the mel cepstrum (the timbre without its level), the 12 notes scaled to length 1,
//          mean and deviation of centroid, spread, rolloff (octaves around 1 kHz) and flatness, onsets for each second,
//          and how much the level moves.
// Silence  all zeros.
// Compare  only vectors of one features_version.
// Threads  a pure function.
#pragma once

#include <vector>

#include "analysis/chroma.h"
#include "analysis/onset_envelope.h"
#include "analysis/timbre.h"

namespace dubplate {

inline constexpr int features_version = 1;
inline constexpr std::size_t feature_count = 48;

struct Features {
    std::vector<double> onsets_s;
    SpectralShape shape;
    std::vector<float> vector;
};

Features find_features(const Timbre& timbre, const Chroma& chroma, const OnsetEnvelope& envelope,
                       double duration_s);

}  // namespace dubplate
