// section_meter.h: what one section of a stream adds to its loudness and its peaks; a part of LoudnessMeter.
//
//      ... lead | stretch 0 | stretch 1 | ... | stretch 7 | next section      eight stretches, which the filter takes side by side
//
// Shape    planar float; lead_frames() of the stream stand before the section, silence before the first one. All samples
//          are finite.
// Steps    of 10 ms, counted from the section's first frame. A section holds so many of them that the next one begins on a
//          whole frame: one after the other, they cut the stream as if it were cut at once.
// Memory   1 MB of samples, which stay in the second-level cache, or a second where that is more.
// Threads  immutable after construction: sections are measured side by side.
#pragma once

#include "audio/kernels/k_weighting.h"
#include "audio/nodes/peak_finder.h"
#include "audio/stream.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace dubplate {

struct MeasuredSection {
    std::vector<double>
        energies;  // of each step, over all channels by their weights; of the part of a step at the end, too
    SectionPeaks peaks;
};

// Where the step of 10 ms begins, to the nearest frame.
std::int64_t step_begin(std::int64_t step, int sample_rate_hz);

class SectionMeter {
  public:
    SectionMeter(const StreamFormat& format, std::span<const double> weights);

    std::int64_t lead_frames() const { return lead_frames_; }
    std::int64_t section_frames() const { return section_frames_; }
    // So many samples of a channel must be readable from the section's beginning on, where it has so many frames; what lies
    // behind these frames is overwritten with silence, and so may the samples themselves be.
    std::int64_t readable_frames(std::int64_t frames) const;

    // channels[c] points to the first of `frames` frames; 1 to section_frames() in the last section of a stream.
    MeasuredSection measure(std::span<float* const> channels, std::int64_t frames, bool is_last,
                            float peak_threshold) const;

  private:
    struct Cut;

    Cut cut(std::int64_t frames) const;
    void add_energies(const float* first, const float* second, const Cut& cut, std::array<double, 2> weights,
                      std::span<double> energies) const;

    StreamFormat format_;
    std::vector<double> weights_;
    KWeightedColumns filter_;
    PeakFinder peaks_;
    std::int64_t period_;  // steps, after which their lengths come round again
    std::int64_t section_steps_;
    std::int64_t section_frames_;
    std::int64_t lead_frames_;
};

}  // namespace dubplate
