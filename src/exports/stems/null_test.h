// null_test.h: do the stems sum to the mix? Both are decoded and subtracted; what is left is measured.
//
// What     the sum of the delivered stems, with gains and pans as in the project, minus the mix, frame by frame. Nothing is
//          shifted or scaled for it. Where something is left, the numbers beside it tell why: the offset of the mix against the
//          sum (cross-correlation of the loudest seconds, to 1.3 s), its polarity, and the gain that fits best.
// Units    dBFS: 0 is a sample of 1.0; levels are RMS over all frames and both channels. Frames at the session's rate.
// Limit    what quantizing may leave: two steps for each stem, with its gain, and two for the mix.
// Threads  plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/progress.h"
#include "exports/stems/mix_reader.h"

namespace dubplate {

struct NullTest {
    std::string against;  // what the stems were compared with: "mix.wav", or "their own sum"
    double mix_rms_dbfs = 0;
    double sum_rms_dbfs = 0;
    double residual_rms_dbfs = 0;  // -inf: the same to the bit
    double residual_peak_dbfs = 0;
    double limit_peak_dbfs = 0;      // what the peak may be
    std::int64_t worst_frame = 0;    // where the peak is
    std::int64_t offset_frames = 0;  // the mix is so much later than the stems
    double correlation = 0;          // 0 to 1, at that offset: below 0.9 it tells nothing
    bool inverted = false;           // its polarity
    double gain_db = 0;              // of the stems that would leave the least
    double gained_rms_dbfs = 0;      // what would be left with it
    bool passed = false;
    // For the picture: the largest of each of equal stretches.
    std::vector<float> mix_peaks;
    std::vector<float> sum_peaks;
    std::vector<float> residual_peaks;
};

// Both are read from their beginning; `mix` is mono or stereo. Errors: those of the readers; canceled.
Result<NullTest> null_test(MixReader& sum, AudioReader& mix, double limit_peak, Progress::Part progress,
                           std::stop_token stop);

}  // namespace dubplate
