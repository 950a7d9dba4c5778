// flac_stream.h: the frames of a FLAC file one after the other.
//
// What     finds each frame where the last one ends, reads and checks it. What stands behind the last frame (a tag of another
//          format, a frame cut short) is left alone.
// Damage   a frame whose checksum is wrong, and a stretch without frames before a good one, are errors that tell the time.
//          After an error there is nothing more to read.
// Hostile  a place that looks like a frame costs the reading of one; after most_false_frames of them without a good one, the
//          rest is taken for no audio. A frame of more than most_frame_bytes is none.
// Memory   a window of window_bytes, or of a frame, and the samples of a frame.
// Owner    the source must outlive it.
// Threads  thread-compatible.
// Errors   corrupt; those of the source.
// Source   RFC 9639 section 9.
#pragma once

#include <cstdint>
#include <optional>

#include "core/store.h"
#include "formats/audio/flac_frame_reader.h"
#include "formats/audio/flac_metadata.h"

namespace dubplate {

class FlacStream {
  public:
    static constexpr std::size_t window_bytes = 256 << 10;
    static constexpr std::size_t most_frame_bytes = 16 << 20;
    static constexpr int most_false_frames = 1000;

    // The frames between two places in the source. first_frame: of the recording, for the times in errors.
    FlacStream(const ByteSource& source, const FlacStreamInfo& info, std::uint64_t begin, std::uint64_t end,
               std::int64_t first_frame = 0);

    // The next frame's samples, valid until the next call; none at the end.
    Result<BlockView<const std::int32_t>> next();

    // Samples for each channel until now.
    std::int64_t position() const { return position_; }

  private:
    std::span<const std::byte> rest() const;
    bool sees_end() const { return window_end_ == end_; }
    Status see(std::size_t bytes);
    Result<bool> read_frame(const FlacFrameHeader& header);
    Result<std::optional<FlacFrameHeader>> find_header();
    Status check_format(const FlacFrameHeader& header) const;
    double seconds() const;

    const ByteSource& source_;
    FlacStreamInfo info_;
    std::uint64_t end_;         // in the source
    std::uint64_t window_end_;  // likewise: what is behind it was not read yet
    Bytes window_;
    std::size_t held_ = 0;     // bytes of the window
    std::size_t place_ = 0;    // in the window
    std::size_t longest_ = 0;  // frame until now, in bytes
    bool has_gap_ = false;
    int false_frames_ = 0;
    std::int64_t position_;
    FlacFrameReader frame_;
};

}  // namespace dubplate
