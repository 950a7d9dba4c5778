// limiter.h: a look-ahead true-peak limiter that leaves alone what does not need it.
//
// Method   the true peak around every frame is read from an oversampled copy; where it would pass the ceiling, a gain
//          curve comes down to it before it arrives (look-ahead), stays, and lets go smoothly. All channels share it.
// Idle     a stream that never passes the ceiling comes out bit for bit as it went in.
// Delay    compensated: as many frames come out as went in, each at its place.
// Reading  the oversampling filter and its error are stated in limiter.cpp and tested up to 0.45 of the sample rate.
// Units    dBTP, dB of reduction (positive), milliseconds.
// Threads  thread-compatible. Memory: the look-ahead, for each channel.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <vector>

#include "audio/stream.h"

namespace dubplate {

// A stretch of the stream with a ceiling of its own, [begin, end).
struct LowerCeiling {
    std::int64_t begin_frame = 0;
    std::int64_t end_frame = 0;
    double ceiling_dbtp = 0;
    auto operator<=>(const LowerCeiling&) const = default;
};

struct LimiterSettings {
    double ceiling_dbtp = -1.0;
    double look_ahead_ms = 5.0;
    double release_ms = 80.0;
    std::vector<LowerCeiling> lower{};  // the lowest counts; to some milliseconds around them, too
};

struct LimiterResult {
    std::int64_t active_frames = 0;  // frames whose gain was below 1
    double max_reduction_db = 0;
    std::vector<float> reduction_db;  // the largest of every 100 ms
};

class Limiter final : public Filter<float, float> {
  public:
    explicit Limiter(LimiterSettings settings);
    ~Limiter() override;

    Status start(const StreamFormat& format) override;
    Status process(BlockView<const float> block) override;
    Status finish() override;

    const LimiterResult& result() const;  // after finish()

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace dubplate
