// audio_view.h: float32 audio in somebody else's memory, as programs and tensors hold it.
//
// Shape    frames x channels with any strides: interleaved is {frame_stride = channels, channel_stride = 1}, planar is
//          {frame_stride = 1, channel_stride = frames}.
// Units    strides in floats (not bytes), may be negative; nominal full scale +-1.0.
// Owner    the caller; it must outlive every use.
#pragma once

#include <cstddef>
#include <cstdint>

#include "audio/stream.h"

namespace dubplate {

struct AudioView {
    const float* data = nullptr;
    std::int64_t frames = 0;
    int channels = 0;
    int sample_rate_hz = 0;
    std::ptrdiff_t frame_stride = 0;
    std::ptrdiff_t channel_stride = 0;

    static AudioView interleaved(const float* data, std::int64_t frames, int channels, int sample_rate_hz) {
        return {data, frames, channels, sample_rate_hz, channels, 1};
    }
    static AudioView planar(const float* data, std::int64_t frames, int channels, int sample_rate_hz) {
        return {data, frames, channels, sample_rate_hz, 1, static_cast<std::ptrdiff_t>(frames)};
    }
    float at(std::int64_t frame, int channel) const {
        return data[frame * frame_stride + channel * channel_stride];
    }
};

}  // namespace dubplate
