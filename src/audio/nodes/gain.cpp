#include "audio/nodes/gain.h"
#include "audio/kernels/samples.h"
#include "core/units.h"

#include <algorithm>

namespace dubplate {

Gain::Gain(double gain_db) : gain_(db_to_gain(gain_db)) {}

Status Gain::start(const StreamFormat& format) {
    buffer_ = BlockBuffer<float>(format.channels, block_frames);
    return outputs_.start(format);
}

Status Gain::process(BlockView<const float> block) {
    for (std::int64_t begin = 0; begin < block.frames(); begin += block_frames) {
        const std::int64_t frames = std::min(block_frames, block.frames() - begin);
        for (int c = 0; c < block.channels(); ++c)
            scale_finite(block.channel(c).data() + begin, buffer_.channel(c).data(), frames, gain_);
        DUBPLATE_CHECK(outputs_.process(buffer_.const_view(frames)));
    }
    return {};
}

Status Gain::finish() {
    return outputs_.finish();
}

}  // namespace dubplate
