// run.h: renders, encodes, proves and publishes one video.
//
//   segment 0 ─▶ renderer ─▶ x264 ─┐
//   segment 1 ─▶ renderer ─▶ x264 ─┼▶ in order ─▶ MP4 ─▶ .part ─▶ proof ─▶ the file
//   ...                            │
//   sound ─────▶ AAC ──────────────┘
//
// Same     a segment's length does not depend on how many are made side by side, and each has a renderer and an encoder of one thread: the
//          file has the same bytes for any number of jobs (ADR 0019).
// Memory   half a gigabyte at any size and number of jobs (render.h), but for the preset small beyond 1080p.
// Stop     looked at before every frame. A failed or canceled run leaves nothing behind; a killed one leaves the folder of its segments, which
//          the next run for the same file takes up, or takes away where anything that is asked for has changed.
// Threads  re-entrant.
// Errors   canceled; io (a full disk, too); internal: the proof did not pass.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "core/progress.h"
#include "exports/manifest.h"
#include "exports/video/plan.h"

namespace dubplate {

struct VideoRunOptions {
    int jobs = 1;  // threads that render and encode, at most
    // A folder where finished segments wait until the file is whole, so that a run after a killed one begins with them. Empty: none.
    std::filesystem::path keep{};
};

// CPU seconds of all threads together.
struct VideoCosts {
    double scene_s = 0;   // notes as bodies
    double render_s = 0;  // bodies as pictures
    double encode_s = 0;
    double sound_s = 0;

    VideoCosts& operator+=(const VideoCosts& other) {
        scene_s += other.scene_s;
        render_s += other.render_s;
        encode_s += other.encode_s;
        sound_s += other.sound_s;
        return *this;
    }
};

struct VideoReport {
    std::string input{};
    std::string path{};
    std::string version{};      // of Dubplate
    std::string created_utc{};  // ISO 8601
    std::string encoder{};
    std::string sha256{};
    std::uint64_t bytes = 0;
    std::vector<ProofCheck> checks{};
    std::vector<std::string> warnings{};
    double render_seconds = 0;  // of wall time, encoding included
    double prove_seconds = 0;
    VideoCosts costs{};
    PixelImage contact_sheet{};         // frames out of the file, small
    std::int64_t resumed_segments = 0;  // that a run before this one had finished
};

Result<VideoReport> run_video(const VideoPlan& plan, const VideoRunOptions& options, Progress& progress,
                              std::stop_token stop);

// One frame as a picture, `seconds` in the piece.
Result<PixelImage> render_still(const VideoPlan& plan, double seconds);

// Where the command keeps the segments of a file: a hidden folder beside it.
std::filesystem::path segments_beside(const std::filesystem::path& file);

Json to_json(const VideoReport& report, const VideoPlan& plan);

}  // namespace dubplate
