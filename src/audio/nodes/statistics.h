// statistics.h: what the samples of one stream come to: level, offset, likeness of the sides, silence, clipping.
//
// Shape    planar float, 1 to 8 channels, any block size; results do not depend on it.
// Units    amplitudes are linear, 1.0 is full scale; places and lengths in frames.
// Clipping a run of at least clipped_run_frames frames of one channel at full scale or above: one frame may well
//          peak there, several in a row were cut off.
// Silence  the frames at either end in which no channel comes above silence_dbfs; all frames where none does.
// Bad      NaN counts as 0 and an infinity as full scale, as Gain makes them.
// Threads  thread-compatible. No allocation after start().
// Errors   start(): unsupported outside 1 to 8 channels.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "audio/stream.h"

namespace dubplate {

// Under what a listener hears of a recording at its usual level, above the dither of 16 bits.
inline constexpr double silence_dbfs = -60;
inline constexpr std::int64_t clipped_run_frames = 3;

struct ClippedRuns {
    std::int64_t runs = 0;
    std::int64_t samples = 0;  // in those runs
    std::int64_t longest_frames = 0;
    std::int64_t first_frame = 0;  // of the first run
    bool operator==(const ClippedRuns&) const = default;
};

struct SampleStatistics {
    std::int64_t frames = 0;
    double peak = 0;       // the largest magnitude
    double rms = 0;        // over all samples of all channels
    double dc_offset = 0;  // the mean of the channel whose mean is farthest from 0
    std::optional<double>
        correlation;  // stereo: 1 the sides are alike, 0 unrelated, -1 inverted; none: one is silent
    std::int64_t leading_silence_frames = 0;
    std::int64_t trailing_silence_frames = 0;  // 0 where all is silent: it is all in front
    ClippedRuns clipping;
};

class StatisticsMeter final : public Sink<float> {
  public:
    // bits: of the stored samples: the greatest that 8 bits hold is 0.992. 0: unknown, or lossy.
    explicit StatisticsMeter(int bits = 0);

    Status start(const StreamFormat& format) override;
    Status process(BlockView<const float> block) override;
    Status finish() override;

    const SampleStatistics& result() const { return result_; }  // after finish()

  private:
    using Lanes = std::array<double, 8>;
    struct Channel {
        Lanes sums{};
        Lanes squares{};
        std::int64_t run_frames = 0;  // at full scale, up to now
    };

    void take(BlockView<const float> block);
    void add_channel(const float* samples, std::int64_t frames, Channel& channel);
    void add_products(const float* left, const float* right, std::int64_t frames);
    void find_clipping(const float* samples, std::int64_t frames, Channel& channel);
    void find_silence(BlockView<const float> block, bool is_first);
    void close_run(Channel& channel, std::int64_t end_frame);

    float full_scale_;
    float audible_;
    std::int64_t position_ = 0;
    std::int64_t first_audible_ = -1;
    std::int64_t last_audible_ = -1;
    float peak_ = 0;
    std::vector<Channel> channels_;
    Lanes products_{};
    BlockBuffer<float> finite_;  // a part of a block without NaN and infinities
    SampleStatistics result_;
};

}  // namespace dubplate
