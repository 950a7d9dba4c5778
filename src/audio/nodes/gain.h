// gain.h: one factor for every sample. NaN becomes 0 and infinities +-1 before it, so that nothing behind it sees them.
#pragma once

#include "audio/stream.h"

namespace dubplate {

class Gain final : public Filter<float, float> {
  public:
    explicit Gain(double gain_db);

    Status start(const StreamFormat& format) override;
    Status process(BlockView<const float> block) override;
    Status finish() override;

  private:
    double gain_;
    BlockBuffer<float> buffer_;
};

}  // namespace dubplate
