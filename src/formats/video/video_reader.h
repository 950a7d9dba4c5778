// video_reader.h: the pictures of an MP4 file, for the proof.
//
// What     opens the file with libavformat, decodes with libavcodec, and gives each frame in the order in which it is shown.
// Shape    YUV 4:2:0 of 8 bits alone.
// Units    seconds as the container's clock tells them, edit lists taken into account.
// Owner    borrows the source. A frame's planes are valid until the next call.
// Threads  thread-compatible; the decoder works on `threads` of its own.
// Errors   corrupt, unsupported, unavailable, and those of the source.
#pragma once

#include <memory>
#include <string>

#include "core/store.h"
#include "formats/video/video_encoder.h"
#include "video/picture.h"

namespace dubplate {

struct VideoFacts {
    std::string codec;  // "h264"
    int width = 0;
    int height = 0;
    FrameRate rate;
    std::string color;  // "bt709, limited range"
    bool has_sound = false;
    bool index_comes_first = false;
    int chapters = 0;
    double seconds = 0;
};

struct DecodedFrame {
    YuvPlanes planes;  // to be read
    double seconds = 0;
};

class VideoReader {
  public:
    static Result<VideoReader> open(const ByteSource& source, int threads);
    VideoReader(VideoReader&&) noexcept;
    VideoReader& operator=(VideoReader&&) noexcept;
    ~VideoReader();

    const VideoFacts& facts() const;
    // Nothing behind the last.
    Result<std::optional<DecodedFrame>> next();

  private:
    struct Impl;
    explicit VideoReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace dubplate
