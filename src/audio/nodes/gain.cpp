#include "audio/nodes/gain.h"
#include "core/units.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace dubplate {

namespace {

float finite(float sample) {
    if (std::abs(sample) <= std::numeric_limits<float>::max()) return sample;
    return std::isnan(sample) ? 0.0f : std::copysign(1.0f, sample);
}

}  // namespace

Gain::Gain(double gain_db) : gain_(db_to_gain(gain_db)) {}

Status Gain::start(const StreamFormat& format) {
    buffer_ = BlockBuffer<float>(format.channels, block_frames);
    return outputs_.start(format);
}

Status Gain::process(BlockView<const float> block) {
    for (std::int64_t begin = 0; begin < block.frames(); begin += block_frames) {
        const std::int64_t frames = std::min(block_frames, block.frames() - begin);
        for (int c = 0; c < block.channels(); ++c) {
            const float* from = block.channel(c).data() + begin;
            float* to = buffer_.channel(c).data();
            for (std::int64_t i = 0; i < frames; ++i)
                to[i] = static_cast<float>(static_cast<double>(finite(from[i])) * gain_);
        }
        DUBPLATE_CHECK(outputs_.process(buffer_.const_view(frames)));
    }
    return {};
}

Status Gain::finish() {
    return outputs_.finish();
}

}  // namespace dubplate
