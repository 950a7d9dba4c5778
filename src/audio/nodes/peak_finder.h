// peak_finder.h: the true peak of a stream and the places of its ten highest; a part of LoudnessMeter.
//
// Shape    sections of a stream, one after the other or side by side; history() frames stand before each.
// Windows  of about one second, chunk by chunk from the section's beginning, the last as much longer as is left; each keeps
//          its highest peak. Of them the thirty highest are enough to choose ten at least one second apart, since each choice
//          can rule out one neighbor on either side.
// Exact    what is skipped cannot matter: no place between samples reads more than the filter's bound, and a chunk
//          under the threshold by that bound changes no result. So it does not matter either how old the threshold is.
// Threads  PeakFinder is immutable, PeakRanking thread-compatible.
#pragma once

#include "audio/kernels/oversampler.h"
#include "audio/nodes/loudness_meter.h"
#include "audio/stream.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace dubplate {

struct FoundPeak {
    float magnitude = 0;
    std::int64_t frame = 0;
    int channel = 0;
};

struct SectionPeaks {
    std::vector<FoundPeak>
        of_windows;  // those that are not silent, in their order; frames from the section's first on
    float largest_sample = 0;
};

class PeakFinder {
  public:
    static constexpr std::int64_t chunk_frames = 256;

    explicit PeakFinder(const StreamFormat& format);

    // Before a section; more than the filter sees, so that what is bounded is whole chunks.
    std::int64_t history() const { return oversampler_.history() + 2; }
    // How far behind the end of a stream the filter may still read a peak.
    std::int64_t tail() const { return oversampler_.history(); }

    // channels[c] points to the section's first frame. frames: a whole chunk at least. threshold: see PeakRanking.
    SectionPeaks find(std::span<const float* const> channels, std::int64_t frames, float threshold) const;

  private:
    struct Chunk {
        std::int64_t begin = 0;
        float sample_peak = 0;
    };
    void search(const float* samples, int channel, const Chunk& chunk, FoundPeak& window) const;
    std::int64_t locate(const float* samples, float peak, float sample_peak) const;

    Oversampler oversampler_;
    std::int64_t rate_;
};

// Chooses among the peaks of all windows.
class PeakRanking {
  public:
    explicit PeakRanking(int sample_rate_hz) : rate_(sample_rate_hz) {}

    // In the order of the stream.
    void add(const FoundPeak& peak);
    void finish(std::int64_t total_frames);
    // A peak that is not above it is not among those that are kept.
    float threshold() const { return threshold_; }

    const PeakPlace& highest() const { return highest_; }
    const std::vector<PeakPlace>& places() const { return places_; }

  private:
    PeakPlace to_place(const FoundPeak& peak, std::int64_t total_frames) const;

    std::int64_t rate_;
    std::vector<FoundPeak> candidates_;  // a heap, the lowest first
    float threshold_ = 0;
    PeakPlace highest_;
    std::vector<PeakPlace> places_;
};

}  // namespace dubplate
