// spec.h: what is asked of a video: plain data, one table of parameters for the command line, the JSON and its schema.
//
// Units    in the names. Times are "1:30", "62.5", "500ms" or beats, "32b"; rates are "60", "29.97" or "30000/1001".
// Errors   invalid_argument with the path, the value and what is allowed.
// Threads  plain values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/params.h"
#include "exports/video/renderers.h"
#include "formats/video/video_encoder.h"
#include "video/renderer.h"

namespace dubplate {

inline constexpr double slowest_frame_rate = 1;
inline constexpr double fastest_frame_rate = 240;

struct VideoSpec {
    std::string input{};            // a song, a project (.json) or a MIDI file
    std::string audio{};            // what is heard, where the input holds no sound; empty: the project's
    std::string scene{};            // of a song; empty: the first
    std::string size = "1280x720";  // or several: "720p,square"
    std::string frame_rate = "60";
    std::string start{};             // empty: the beginning
    std::string end{};               // empty: the end
    bool preview = false;            // small and quick, whatever else is asked for
    std::vector<std::string> set{};  // "lead.spin_speed=90": settings of tracks
    VideoCodec codec = VideoCodec::h264;
    int segments = 0;  // into which the video is cut; 0: one for each four seconds
    VideoPreset preset = VideoPreset::balanced;
    int crf = 20;
    int audio_bitrate_kbps = 256;
    Bloom bloom{};
    RendererChoice renderer = RendererChoice::automatic;

    bool operator==(const VideoSpec&) const = default;
};

const ParamTable<VideoSpec>& video_spec_params();

// Merges over the defaults; refuses unknown keys, wrong types, values out of range and what can never be rendered.
Result<VideoSpec> read_video_spec(const Json& json);
Json write_video_spec(const VideoSpec& spec);
Json video_spec_schema();

struct PictureSize {
    int width = 0;
    int height = 0;
};
// "1920x1080", "1080p", "4k", "square", "vertical".
Result<PictureSize> parse_picture_size(std::string_view text);
// Several, with commas between them, as they were written.
std::vector<std::string> split_sizes(std::string_view text);
Result<FrameRate> parse_frame_rate(std::string_view text);

// A place in the piece: seconds, or beats.
struct VideoTime {
    double value = 0;
    bool in_beats = false;
};
Result<VideoTime> parse_video_time(std::string_view text);

}  // namespace dubplate
