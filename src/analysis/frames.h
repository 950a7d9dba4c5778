// frames.h: the one front end of the analysis: audio in, spectra out, so that each transform is made once for all who listen.
//
//                                     +-> short frames: 46 ms every 10 ms, up to 11 kHz    -> tempo, onsets, timbre
//   any rate, any channels -> mono -> |
//     (mono_mix.h)          22 kHz    +-> long frames: 0.74 s every 0.19 s, up to 1.1 kHz  -> key, chords, structure
//                           class
//
// Grid     the rate is divided by whole numbers, so a frame's time is exact: frame k is centered at k * hop_s from the
//          first sample, and there are ceil(length / hop) frames. Beyond both ends lies silence. Hop and window differ from
//          the above by 1 % or so with the source's rate; FrameGrid tells the true ones.
// Shape    magnitudes, bin b at b * bin_width_hz; a sine of amplitude 1 reads about 1 (Hann window).
// Range    rates of 8 kHz to 192 kHz, 1 to 8 channels. Samples that are not finite count as 0.
// Owner    listeners are borrowed and get begin(), frame()*, end() in the order in which they were added; a frame's span
//          lives as long as the call.
// Memory   flat: 300 kB and what the listeners keep.
// Blocks   the result does not depend on how the stream was cut.
// Threads  thread-compatible; many streams may run side by side.
// Errors   start(): unsupported (rate or channels out of range), internal.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "audio/stream.h"

namespace dubplate {

struct FrameGrid {
    double hop_s = 0;
    double window_s = 0;
    double bin_width_hz = 0;
    int bins = 0;

    double time_s(double frame) const { return frame * hop_s; }
    // The first bin at or above a frequency, at most `bins`.
    int bin_at(double frequency_hz) const;
};

class FrameListener {
  public:
    FrameListener() = default;
    FrameListener(const FrameListener&) = delete;
    FrameListener& operator=(const FrameListener&) = delete;
    virtual ~FrameListener() = default;

    virtual void begin(const FrameGrid& grid) = 0;
    virtual void frame(std::span<const float> magnitudes) = 0;
    virtual void end() {}
};

class FrameStream final : public Sink<float> {
  public:
    static constexpr int lowest_rate_hz = 8'000;
    static constexpr int highest_rate_hz = 192'000;

    FrameStream();
    ~FrameStream() override;

    void add_short(FrameListener& listener);
    void add_long(FrameListener& listener);

    Status start(const StreamFormat& format) override;
    Status process(BlockView<const float> block) override;
    Status finish() override;

    StreamFormat format() const;
    std::int64_t frames() const;  // of the source, so far
    double duration_s() const;    // of the source, so far
    float peak() const;           // of the mono signal, so far

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace dubplate
