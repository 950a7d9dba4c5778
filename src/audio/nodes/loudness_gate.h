// loudness_gate.h: from the energies of 100 ms steps to loudness and range; a part of LoudnessMeter.
//
// Shape    one energy for each 100 ms: the sum over channels and frames of the weighted squares. A rate that is no
//          multiple of ten gives steps of unequal lengths, which do not drift: step k ends at round(k rate / 10).
// Units    LUFS and LU; power is the mean of the weighted squares.
// Source   ITU-R BS.1770-5 Annex 1 (gates), EBU Tech 3342 (range), EBU Tech 3341 (windows).
#pragma once

#include "core/units.h"

#include <cstdint>
#include <span>
#include <vector>

namespace dubplate {

double power_to_lufs(double power);

struct LoudnessSteps {
    int sample_rate_hz = 0;
    std::vector<double> energies;

    std::int64_t end_frame(std::size_t steps) const;  // of the first `steps` steps
    // The mean power of `count` steps up to and including step `last`.
    double power(std::size_t last, std::size_t count) const;
};

// The integrated loudness of several programs, as one. -inf where nothing passes the gates.
double gated_lufs(std::span<const LoudnessSteps* const> programs);

// The range of the short-term loudness taken every 100 ms: between its 10th and its 95th percentile.
double loudness_range_lu(const LoudnessSteps& steps);

// The loudness of each window of `count` steps, from the first full one on.
std::vector<float> loudness_series(const LoudnessSteps& steps, std::size_t count);

inline constexpr std::size_t momentary_steps = 4;
inline constexpr std::size_t short_term_steps = 30;

}  // namespace dubplate
