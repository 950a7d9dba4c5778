// plan.h: everything that a video will be, found out before its first frame.
//
// What     plan_video() reads the input, hears it where it is a song, sets the stage, and says how many frames there will be. Nothing is
//          written.
// Length   floor(seconds * frame rate) frames, as requirements R2 C 13 ask for. The sound ends with the last of them.
// Threads  re-entrant; a plan is constant.
// Errors   invalid_argument, not_found, already_exists (the output), unsupported, unavailable (a GPU that was asked for), those of the
//          input; canceled.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/progress.h"
#include "core/store.h"
#include "exports/audio/input.h"
#include "exports/video/spec.h"
#include "formats/video/mp4_writer.h"
#include "video/stage/stage.h"

namespace dubplate {

struct VideoTarget {
    Store* store = nullptr;        // borrowed; must outlive the plan
    std::filesystem::path output;  // a file ending in .mp4 or .mov, or a folder
    bool overwrite = false;
    const Clock* clock = &Clock::system();
};

struct VideoPlan {
    VideoSpec spec{};
    VideoTarget target{};
    std::filesystem::path file{};
    std::string kind{};  // "song", "project", "MIDI file"
    std::shared_ptr<const Stage> stage{};
    std::optional<AudioInput> sound{};  // none: a silent video
    StreamFormat sound_format{};        // as it will be in the file
    VideoContainer container = VideoContainer::mp4;
    VideoSettings settings{};
    ChosenRenderer renderer{};
    double start_s = 0;  // in the piece
    std::int64_t frames = 0;
    std::int64_t segment_frames = 0;  // what is encoded at a stretch
    std::optional<double> bpm{};
    Metadata tags{};
    std::vector<Chapter> chapters{};
    std::vector<std::string> warnings{};
    std::uint64_t estimated_bytes = 0;

    double seconds() const { return static_cast<double>(frames) / settings.rate.hz(); }
    // Of frame i, in the piece.
    double time_of(std::int64_t frame) const {
        return start_s + static_cast<double>(frame) * settings.rate.denominator / settings.rate.numerator;
    }
    RendererOptions renderer_options() const { return {settings.width, settings.height, spec.bloom}; }
    std::int64_t sound_frames() const;  // of the whole video
    std::int64_t segment_count() const { return (frames + segment_frames - 1) / segment_frames; }
};

Result<VideoPlan> plan_video(const VideoSpec& spec, const VideoTarget& target, Progress::Part progress,
                             std::stop_token stop = {});

// One for each size of the spec; what was heard, and the stage, are shared.
Result<std::vector<VideoPlan>> plan_videos(const VideoSpec& spec, const VideoTarget& target,
                                           Progress::Part progress, std::stop_token stop = {});

Json to_json(const VideoPlan& plan);

}  // namespace dubplate
