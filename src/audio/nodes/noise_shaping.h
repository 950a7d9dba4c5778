// noise_shaping.h: the filters through which the quantizer feeds back its errors.
//
// Shape    the noise that comes out is the error filtered by 1 + c1 z^-1 + ... + c9 z^-9.
// Method   at 44.1 and 48 kHz the filter of that form which makes the noise least audible: of all, it has the least
//          mean of |1 + ...|^2 weighted by 10^(-T/10), where T is the threshold of hearing in quiet in dB (Terhardt,
//          Hearing Research 1 (1979), taken at most 30 dB above its lowest point). That is linear prediction of a
//          noise with the weight as its spectrum, so Levinson's recursion gives it, and it is stable and minimum
//          phase. The noise as heard falls by 12 dB; as measured it rises by 8 dB.
//          The test derives the coefficients again from this description.
// Others   at other rates the error is subtracted from the next frame: noise falls by 6 dB per octave towards 0 Hz.
#pragma once

#include <array>
#include <cstddef>

namespace dubplate {

inline constexpr std::size_t shaping_taps = 9;
using ShapingFilter = std::array<double, shaping_taps>;  // c1 ... c9

ShapingFilter shaping_filter(int sample_rate_hz);

}  // namespace dubplate
