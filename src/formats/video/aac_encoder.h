// aac_encoder.h: audio as AAC-LC packets, for the sound of a video.
//
// What     a sink at the end of a chain. Packets are there as soon as they are encoded; take() gives those since the last time.
// Shape    1 or 2 channels of 44,100 or 48,000 Hz. Packets hold 1024 frames; the first 1024 frames that come out of a decoder are the
//          encoder's delay, so the first packet is at -1024. The last is as short as the audio asks for.
// Order    start(), process()*, finish(), as every sink.
// Threads  thread-compatible.
// Errors   unavailable: libavcodec is not there. unsupported: another shape. internal: what libavcodec tells.
// Source   ISO/IEC 14496-3; the delay of libavcodec's encoder is in its initial_padding.
#pragma once

#include <memory>
#include <vector>

#include "audio/stream.h"
#include "core/store.h"

namespace dubplate {

struct AudioPacket {
    Bytes data;
    std::int64_t pts = 0;  // in frames of audio
    std::int64_t frames = 0;
};

class AacEncoder final : public Sink<float> {
  public:
    explicit AacEncoder(int bitrate_kbps);
    ~AacEncoder() override;

    Status start(const StreamFormat& format) override;
    Status process(BlockView<const float> block) override;
    Status finish() override;

    const Bytes& header() const;  // after start()
    std::vector<AudioPacket> take();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace dubplate
