// loudness_meter.h: loudness, loudness range and true peak of one stream.
//
// Shape    planar float, 1 to 8 channels, any block size; results do not depend on it.
// Units    loudness in LUFS and range in LU (double, -inf for silence or less than one gating block); true peak in
//          dBTP; places in frames.
// Method   ITU-R BS.1770-5 Annex 1 (K-weighting, 400 ms blocks at 75 % overlap, gates at -70 LUFS and -10 LU) and
//          Annex 2 (4x oversampled peak below 96 kHz, 2x below 192 kHz, the samples alone from there); range: EBU Tech
//          3342; short-term 3 s, momentary 400 ms, every 100 ms: EBU Tech 3341. Their maxima are taken every 10 ms.
// Channels by count: 4 is L R Ls Rs, 5 L R C Ls Rs, 6 L R C LFE Ls Rs, 7 L R C LFE Cs Ls Rs, 8 L R C LFE Lb Rb Ls Rs.
//          LFE is left out, surrounds weigh 1.41 (BS.1770-5 Table 3).
// Short    a stream shorter than 400 ms has no gating block: `integrated_lufs` is then the ungated loudness of all of
//          it, and `is_short` says so.
// Bad      NaN and infinities are counted; measured as what Gain makes of them, 0 and full scale.
// Sections of some seconds are measured by themselves, and what they come to is put together in their order. With threads,
//          they are measured side by side; the result is the same for any number of them.
// Threads  thread-compatible. Memory: about 32 bytes for each 100 ms, and a section of about 1 MB for each thread and one
//          that is filled.
// Errors   start(): unsupported outside 1 to 8 channels and 8 to 384 kHz.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "audio/stream.h"
#include "core/units.h"

namespace dubplate {

struct PeakPlace {
    double dbtp = silence_db;
    std::int64_t frame = 0;
    int channel = 0;
};

struct LoudnessResult {
    std::int64_t frames = 0;
    bool is_short = false;
    double integrated_lufs = silence_db;
    double range_lu = 0;
    double max_momentary_lufs = silence_db;
    double max_short_term_lufs = silence_db;
    PeakPlace true_peak;
    double sample_peak = 0;  // linear
    std::int64_t non_finite_samples = 0;
    std::vector<float> short_term_lufs;  // every 100 ms, from the first full 3 s window on (at 3.0 s)
    std::vector<float> momentary_lufs;   // every 100 ms, from the first full 400 ms window on (at 0.4 s)
    std::vector<PeakPlace> peak_places;  // the ten highest, at least 1 s apart, in order of time
};

struct LoudnessMeterOptions {
    bool dual_mono = false;  // a mono stream is measured as played on two speakers (+3.01 LU)
    int threads = 1;         // more than 1: beside the caller, 4 at most
};

class LoudnessMeter final : public Sink<float> {
  public:
    static constexpr int lowest_rate_hz = 8'000;
    static constexpr int highest_rate_hz = 384'000;

    explicit LoudnessMeter(LoudnessMeterOptions options = {});
    ~LoudnessMeter() override;

    Status start(const StreamFormat& format) override;
    Status process(BlockView<const float> block) override;
    Status finish() override;

    const LoudnessResult& result() const;  // after finish()

  private:
    friend double joint_integrated_lufs(std::span<const LoudnessMeter* const> meters);
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// Integrated loudness of several programs played one after the other (album loudness): the gates work over all their
// blocks. `meters` are finished and of any rates. Where all are short, the ungated loudness of all of them.
double joint_integrated_lufs(std::span<const LoudnessMeter* const> meters);

}  // namespace dubplate
