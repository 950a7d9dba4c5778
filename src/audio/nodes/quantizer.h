// quantizer.h: floats as integers of 16, 24 or 32 bits, with dither where bits are cut.
//
// Range    1.0 is 2^(bits-1); what is past full scale is clipped, never wrapped, and counted.
// Dither   tpdf: triangular, +-1 LSB, flat; shaped: the same with the error fed back through a filter that moves the
//          noise to where the ear hears least. The numbers come from a seed, the channel and the frame's index alone,
//          so that the same audio gives the same bytes however it is cut. 32 bits are never dithered.
// Exact    a stream whose samples all fit the depth exactly (k / 2^(bits-1)) should be quantized with Dither::none:
//          it then comes out exact. The plan decides.
// Shaping  carries its state from frame to frame; it does not split over time.
// Threads  thread-compatible.
#pragma once

#include <cstdint>
#include <memory>

#include "audio/stream.h"

namespace dubplate {

enum class Dither { none, tpdf, shaped };

struct QuantizerSettings {
    int bits = 16;
    Dither dither = Dither::tpdf;
    std::uint64_t seed = 0;
};

class Quantizer final : public Filter<float, std::int32_t> {
  public:
    explicit Quantizer(QuantizerSettings settings);
    ~Quantizer() override;

    Status start(const StreamFormat& format) override;
    Status process(BlockView<const float> block) override;
    Status finish() override;

    std::int64_t clipped_samples() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace dubplate
