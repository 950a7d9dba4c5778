// rate_converter.h: what stands behind Resampler: one way to get from one sample rate to another. Internal to audio/nodes.
//
// Windows  a converter sees window_frames() frames at once; the last kept_frames() of them come again at the head of the
//          next window. Before the first frame of the stream stand lead_frames() zeros.
// Time     the first frame that comes out stands at the first frame of the stream.
// Behind   what a window becomes may come out at the next one, so that what stands behind the converter works beside it: at most
//          pending_frames() are on their way, and flush() lets them out at the end.
// Threads  thread-compatible; emit() is called by the thread that calls convert() or flush().
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "audio/stream.h"

namespace dubplate {

class RateConverter {
  public:
    // Borrowed, for the time of the call; at most block_frames frames at once.
    using Emit = std::function<Status(BlockView<const float>)>;

    RateConverter() = default;
    RateConverter(const RateConverter&) = delete;
    RateConverter& operator=(const RateConverter&) = delete;
    virtual ~RateConverter() = default;

    virtual std::int64_t window_frames() const = 0;
    virtual std::int64_t kept_frames() const = 0;
    virtual std::int64_t lead_frames() const = 0;
    // wanted: of the frames that come out, only so many will be used; at least 1.
    virtual Status convert(BlockView<const float> window, std::int64_t wanted, const Emit& emit) = 0;
    virtual std::int64_t pending_frames() const { return 0; }
    virtual Status flush(const Emit&) { return {}; }
};

// Our own, for the rates that PolyphaseFilter suits.
std::unique_ptr<RateConverter> make_polyphase_converter(const StreamFormat& from, int to_hz, int threads);
// libsoxr, for any.
Result<std::unique_ptr<RateConverter>> make_soxr_converter(const StreamFormat& from, int to_hz);

}  // namespace dubplate
