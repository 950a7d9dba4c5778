// shape.h: nodes that cut, fade and fold a stream.
//
// Region   passes frames [begin, end) of what comes in; done() says that no later frame is wanted.
// Fades    raised-cosine from silence over the first frames and to silence over the last; needs the stream's length.
// Channels one channel to two: a copy on each. Two to one: their mean. More to two: ITU-R BS.775 (center and surrounds
//          at -3 dB, LFE left out), divided so that it cannot clip; more to one: that, and then the mean.
// Silence  finds the first and the last frame above a threshold (dBFS, any channel), for --trim-silence.
// Threads  thread-compatible.
#pragma once

#include <cstdint>
#include <vector>

#include "audio/stream.h"

namespace dubplate {

class Region final : public Filter<float, float> {
  public:
    Region(std::int64_t begin_frame, std::int64_t end_frame);
    Status start(const StreamFormat& format) override;
    Status process(BlockView<const float> block) override;
    Status finish() override;
    bool done() const { return position_ >= end_; }

  private:
    std::int64_t begin_;
    std::int64_t end_;
    std::int64_t position_ = 0;
};

class Fades final : public Filter<float, float> {
  public:
    // total_frames: the length of the stream; the fades may overlap.
    Fades(std::int64_t fade_in_frames, std::int64_t fade_out_frames, std::int64_t total_frames);
    Status start(const StreamFormat& format) override;
    Status process(BlockView<const float> block) override;
    Status finish() override;

  private:
    std::int64_t fade_in_;
    std::int64_t fade_out_;
    std::int64_t total_;
    std::int64_t position_ = 0;
    BlockBuffer<float> buffer_;
};

class ChannelFold final : public Filter<float, float> {
  public:
    explicit ChannelFold(int target_channels);  // 1 or 2
    Status start(const StreamFormat& format) override;
    Status process(BlockView<const float> block) override;
    Status finish() override;

  private:
    int target_;
    std::vector<std::vector<double>> matrix_;  // [target][source]; empty where nothing changes
    BlockBuffer<float> buffer_;
};

class SilenceFinder final : public Sink<float> {
  public:
    explicit SilenceFinder(double threshold_dbfs);
    Status start(const StreamFormat& format) override;
    Status process(BlockView<const float> block) override;
    Status finish() override;
    // The audible part [begin, end); begin == end == 0 where all is silent.
    std::int64_t begin_frame() const { return first_ < 0 ? 0 : first_; }
    std::int64_t end_frame() const { return last_ + 1; }

  private:
    float threshold_;
    std::int64_t position_ = 0;
    std::int64_t first_ = -1;
    std::int64_t last_ = -1;
};

}  // namespace dubplate
