// flac_subframe.h: one channel of a FLAC frame.
//
// What     append() writes the channel as the shortest of: one value, a fixed predictor, a linear one, or the samples as
//          they are; with the low bits taken off that are 0 in all samples.
// Range    samples of 4 to 25 bits; up to the frames that it was made for.
// Memory   holds what it works in, to be used for one channel after the other.
// Threads  thread-compatible.
// Source   RFC 9639 section 9.2.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "audio/kernels/bit_writer.h"
#include "formats/audio/flac_prediction.h"
#include "formats/audio/flac_rice.h"

namespace dubplate {

class FlacSubframe {
  public:
    explicit FlacSubframe(std::int64_t most_frames);

    // prediction: of the samples; null where there are too few to tell.
    void append(std::span<const std::int32_t> samples, int bits, const FlacPrediction* prediction,
                BitWriter& writer);

    // That append() may write, what it takes back included.
    static std::size_t most_bytes(std::int64_t frames, int bits);

  private:
    struct Candidate {
        std::vector<std::int32_t> residuals;
        FlacResidualPlan plan;
        std::size_t order = 0;
        bool is_linear = false;
        QuantizedWeights weights;
        std::uint64_t bits = ~std::uint64_t{0};  // of the whole subframe, estimated
    };

    void try_fixed(std::span<const std::int32_t> samples, int bits, std::size_t order);
    void try_linear(std::span<const std::int32_t> samples, int bits, const FlacPrediction& prediction);
    void try_predictors(std::span<const std::int32_t> samples, int bits, const FlacPrediction* prediction);
    void keep_better();

    std::vector<std::int32_t> shifted_;
    std::vector<double> doubles_;
    Candidate best_;
    Candidate tried_;
};

}  // namespace dubplate
