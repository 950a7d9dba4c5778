// video_encoder.h: frames of a picture as H.264, HEVC, VP9 or AV1, in the process.
//
// What     encode_video() asks for one frame after the other, where the encoder wants it, and gives the packets of them all. A stretch of
//          a video that was encoded by itself begins with a key frame and refers to nothing before it, so stretches of the
//          same settings can be put one behind the other.
// Same     the same frames give the same packets: the encoder works on one thread; many stretches may be encoded side by side.
// Units    time in frames from the stretch's first; dts begins below 0 where frames are reordered.
// Memory   the frames which the encoder looks ahead, and all packets: 60 MB at 720p, 270 MB at 4K, where it looks ahead less.
// Errors   unavailable: libavcodec or its encoder is not there; canceled; internal: what libavcodec tells.
// Source   H.264: ITU-T H.264. Tags of color: BT.709, limited range, chroma in the middle of four pixels.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string_view>
#include <vector>

#include "core/params.h"
#include "core/store.h"
#include "video/picture.h"

namespace dubplate {

// fast: most frames a second; small: fewest bytes; lossless: every pixel as it was rendered.
enum class VideoPreset { fast, balanced, small, lossless };
template <>
struct EnumNames<VideoPreset> {
    static constexpr std::array<std::pair<VideoPreset, std::string_view>, 4> table{
        {{VideoPreset::fast, "fast"},
         {VideoPreset::balanced, "balanced"},
         {VideoPreset::small, "small"},
         {VideoPreset::lossless, "lossless"}}};
};

enum class VideoCodec { h264, hevc, vp9, av1 };
template <>
struct EnumNames<VideoCodec> {
    static constexpr std::array<std::pair<VideoCodec, std::string_view>, 4> table{{{VideoCodec::h264, "h264"},
                                                                                   {VideoCodec::hevc, "hevc"},
                                                                                   {VideoCodec::vp9, "vp9"},
                                                                                   {VideoCodec::av1, "av1"}}};
};

struct FrameRate {
    int numerator = 60;
    int denominator = 1;
    bool operator==(const FrameRate&) const = default;
    double hz() const { return static_cast<double>(numerator) / denominator; }
};

struct VideoSettings {
    int width = 1280;
    int height = 720;
    FrameRate rate{};
    VideoCodec codec = VideoCodec::h264;
    VideoPreset preset = VideoPreset::balanced;
    int crf = 20;            // 0 (best) to 51; not used by lossless
    int key_interval = 120;  // frames from one key frame to the next, at most
};

// Larger than 1080p: encoders look ahead less, so that they hold less.
bool is_large(const VideoSettings& settings);

struct VideoPacket {
    Bytes data;
    std::int64_t pts = 0;
    std::int64_t dts = 0;
    bool is_key = false;
};

struct EncodedVideo {
    Bytes header;  // parameter sets, for the container
    std::vector<VideoPacket> packets;
};

// Draws frame `index` of the stretch. What it fails with ends the encoding.
using DrawFrame = std::function<Status(std::int64_t index, const YuvPlanes& target)>;

// draws_ahead: a frame is drawn on a thread of its own while the one before it is encoded; frames are still drawn one at a time, in
// their order.
Result<EncodedVideo> encode_video(const VideoSettings& settings, std::int64_t frames, const DrawFrame& draw,
                                  std::stop_token stop = {}, bool draws_ahead = false);

// What encode_video() holds, about, without the packets.
std::uint64_t encoder_memory_bytes(const VideoSettings& settings);

// "libavcodec 59.37.100, libx264 veryfast, crf 20", for the manifest.
std::string encoder_text(const VideoSettings& settings);

}  // namespace dubplate
