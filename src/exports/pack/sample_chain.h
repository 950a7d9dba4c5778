// sample_chain.h: what every sample of a pack goes through.
//
//   source ─▶ fold ─▶ resample ─▶ cut ─▶ gain ─▶ pad ─┬─▶ quantize 16, TPDF ─▶ its files
//                                                     └─▶ picture
//
// A node that would change nothing is not made: a sample that fits as it is comes out as it went in.
// Threads  thread-compatible.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "audio/nodes/pictures.h"
#include "audio/nodes/quantizer.h"
#include "exports/pack/loop_rates.h"
#include "exports/pack/sample_writer.h"

namespace dubplate {

struct SampleSound {
    int source_channels = 1;
    int channels = 1;              // as delivered
    RatePair rates{};              // their ratio
    std::int64_t skip_frames = 0;  // of what was resampled, before the sample begins
    std::int64_t keep_frames = std::numeric_limits<std::int64_t>::max();
    double gain_db = 0;
    std::int64_t min_frames = 0;     // what is shorter
    std::int64_t padded_frames = 0;  // gets silence up to here
    bool is_float = false;           // of the source: what is no number is counted
    bool keeps_samples = false;      // neither gain nor dither: every sample as it is
    std::uint64_t seed = 0;
};

class SampleChain {
  public:
    SampleChain(const SampleSound& sound, SampleWriter& writer, WaveformPicture* picture);
    ~SampleChain();

    Result<Sink<float>*> start();
    std::int64_t bad_samples() const { return bad_samples_; }
    std::int64_t clipped_samples() const { return quantizer_.clipped_samples(); }

  private:
    void append(std::unique_ptr<Filter<float, float>> node);

    SampleSound sound_;
    std::int64_t bad_samples_ = 0;
    std::vector<std::unique_ptr<Filter<float, float>>> nodes_;  // the first is the head
    Quantizer quantizer_;
};

}  // namespace dubplate
