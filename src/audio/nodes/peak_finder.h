// peak_finder.h: the true peak of a stream and the places of its ten highest; a part of LoudnessMeter.
//
// Shape    chunks of chunk_frames frames, each channel with history() frames standing before it.
// Exact    what is skipped cannot matter: no place between samples reads more than the filter's bound, and a chunk
//          under the threshold by that bound changes no result.
// Windows  of about one second; each keeps its highest peak. Of them the thirty highest are enough to choose ten
//          at least one second apart, since each choice can rule out one neighbor on either side.
// Threads  thread-compatible. No allocation after construction but for the thirty.
#pragma once

#include "audio/kernels/oversampler.h"
#include "audio/nodes/loudness_meter.h"
#include "audio/stream.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace dubplate {

class PeakFinder {
  public:
    static constexpr std::int64_t chunk_frames = 256;

    explicit PeakFinder(const StreamFormat& format);

    std::int64_t history() const { return std::max<std::int64_t>(oversampler_.history(), 2); }
    // channels[c] points to the first of chunk_frames frames. What lies past the end of the stream is 0.
    void take(std::span<const float* const> channels, std::span<const Extent> extents);
    // The filter's tail: call take() with chunks of zeros until all frames of the stream were read, and then this.
    void finish(std::int64_t total_frames);

    const PeakPlace& highest() const { return highest_; }
    const std::vector<PeakPlace>& places() const { return places_; }

  private:
    struct Peak {
        float magnitude = 0;
        std::int64_t frame = 0;
        int channel = 0;
    };

    void search(const float* samples, int channel, float sample_peak);
    std::int64_t locate(const float* samples, float peak, float sample_peak) const;
    void close_window();
    PeakPlace to_place(const Peak& peak) const;

    Oversampler oversampler_;
    std::int64_t rate_;
    std::int64_t total_frames_ = 0;
    std::int64_t chunk_begin_ = 0;
    std::int64_t window_end_;
    std::vector<Extent> before_;  // of the chunk before, for each channel
    Peak window_;
    std::vector<Peak> candidates_;  // a heap, the lowest first
    PeakPlace highest_;
    std::vector<PeakPlace> places_;
};

}  // namespace dubplate
