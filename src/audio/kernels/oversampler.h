// oversampler.h: the signal between the samples, by a polyphase windowed sinc.
//
//      x[i-2H+1] ... x[i-H]   |   x[i-H+1] ... x[i]        2H frames are seen for each frame i
//                         place i - H + phase / factor     phase 1 .. factor-1; phase 0 is the sample itself
//
// Shape    one channel of floats, with history() frames standing before the first.
// Readings meter_oversampler(): what BS.1770-5 Annex 2 asks for, by the 49-tap filter whose readings are the common
//          reference of loudness meters; it reads up to 0.44 dB too little and 0.11 dB too much near the top of the
//          band. precise_oversampler(): 4x by 48 taps for each place, flat within 0.01 dB up to 0.46 of the sample
//          rate; what lies between its places is for the caller to estimate.
// Bounds   a place between samples is a straight line between its two neighbors, and what the signal bends away from it:
//          summed by parts, a weight for each second difference that the filter sees. Music bends little for its size, so
//          this says far sooner than the sum of the filter's weights that a stretch need not be read.
// Threads  immutable after construction.
#pragma once

#include <cstdint>
#include <vector>

namespace dubplate {

// Weights for each pair of mirrored samples. The phases are mirror images of each other too, so the sums of two samples
// carry the even part and their differences the odd one. even and odd are null where the middle is the only phase.
struct OversamplerTaps {
    int half_width = 0;
    const float* middle = nullptr;
    const float* even = nullptr;
    const float* odd = nullptr;
};

// What is known of a stretch before it is read.
struct Extent {
    float magnitude = 0;  // the largest of a sample
    float bend = 0;       // the largest of a second difference, x[i] - 2 x[i-1] + x[i-2]
};

Extent larger(const Extent& a, const Extent& b);

class Oversampler {
  public:
    enum class Window { hann, kaiser };
    static constexpr std::int64_t step = 4;  // frames are read in groups of so many

    // factor: 1 (nothing between), 2 or 4. half_width: H, in frames.
    Oversampler(int factor, int half_width, Window window);

    int factor() const { return factor_; }
    int delay() const { return half_width_; }
    int history() const { return 2 * half_width_ - 1; }
    // No place reads more, where `seen` is the extent of all frames that it sees.
    float bound(const Extent& seen) const;

    // The largest magnitude between the samples that each of `frames` frames sees; a multiple of `step`.
    float peak(const float* x, std::int64_t frames) const;
    // All that peak() looked at: rows[phase - 1][i]. frames is a multiple of `step`.
    void read(const float* x, std::int64_t frames, float* const* rows) const;

  private:
    OversamplerTaps taps() const;
    void widen_bounds(const std::vector<double>& weights, double place);

    int factor_;
    int half_width_;
    double by_magnitude_ = 1;  // the bound by magnitude alone
    double by_line_ = 1;       // that of a line, and of what is left at the filter's end
    double by_bend_ = 0;       // to be added to it for each unit of bend
    std::vector<float> middle_;
    std::vector<float> even_;
    std::vector<float> odd_;
};

// The largest magnitude of `count` samples.
float largest_magnitude(const float* samples, std::int64_t count);
// Two samples stand before the first.
Extent extent_of(const float* samples, std::int64_t count);

Oversampler meter_oversampler(int sample_rate_hz);
Oversampler precise_oversampler();

}  // namespace dubplate
