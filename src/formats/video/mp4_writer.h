// mp4_writer.h: packets of video and sound as an MP4 or MOV file that plays while it loads.
//
// What     the index stands before the media ("faststart"): room is kept for it, and what is not needed becomes a free box. Tags and chapters
//          stand in the file as players show them. Edit lists hide the encoders' delays, so that both tracks begin at 0.
// Order    packets of each track in the order of their dts, the tracks in any order that is not seconds apart; finish() once.
// Owner    borrows the file.
// Same     the same packets give the same bytes: no dates.
// Threads  thread-compatible.
// Errors   those of the file, as they came (a full disk is io); internal: what libavformat tells; limit_exceeded: an index longer than
//          was planned for.
// Source   ISO/IEC 14496-12 and 14496-14, written by libavformat's movenc.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audio/stream.h"
#include "core/store.h"
#include "formats/video/aac_encoder.h"
#include "formats/video/video_encoder.h"
#include "tags/metadata.h"

namespace dubplate {

struct Chapter {
    double begin_s = 0;
    double end_s = 0;
    std::string title;
};

struct Mp4Sound {
    StreamFormat format;
    Bytes header;
    int bitrate_kbps = 0;
    std::int64_t frames = 0;  // in all
};

// MP4, and QuickTime's form of it.
enum class VideoContainer { mp4, mov };
template <>
struct EnumNames<VideoContainer> {
    static constexpr std::array<std::pair<VideoContainer, std::string_view>, 2> table{
        {{VideoContainer::mp4, "mp4"}, {VideoContainer::mov, "mov"}}};
};

struct Mp4Settings {
    VideoContainer container = VideoContainer::mp4;
    VideoSettings video;
    Bytes video_header;
    std::int64_t frames = 0;  // in all
    std::optional<Mp4Sound> sound{};
    Metadata tags{};
    std::vector<Chapter> chapters{};
};

class Mp4Writer {
  public:
    static Result<Mp4Writer> make(PendingFile& file, const Mp4Settings& settings);
    Mp4Writer(Mp4Writer&&) noexcept;
    Mp4Writer& operator=(Mp4Writer&&) noexcept;
    ~Mp4Writer();

    Status write(const VideoPacket& packet);
    Status write(const AudioPacket& packet);
    Status finish();

  private:
    struct Impl;
    explicit Mp4Writer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace dubplate
