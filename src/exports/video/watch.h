// watch.h: what is looked at on every frame of a video: is it black, is it the one before once more? Internal to exports/video.
//
// What     see() takes the frames in their order and keeps in mind those that are black or repeated; check() renders these and the ones before
//          them anew. A scene that is dark or stands still may look so; a scene that moves may not.
// Limits   at most max_suspects of each kind are rendered, spread over the video.
// Units    luma of limited range: 16 is black.
// Threads  thread-compatible.
// Errors   those of the renderer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "exports/manifest.h"
#include "exports/video/plan.h"
#include "video/renderer.h"

namespace dubplate {

inline constexpr std::size_t max_suspects = 16;

// Of luma, in dB. Infinity: the same.
double luma_psnr_db(const YuvPlane& a, const YuvPlane& b, int width, int height);

class FrameWatch {
  public:
    // plan: borrowed.
    explicit FrameWatch(const VideoPlan& plan) : plan_(plan) {}

    void see(std::int64_t index, const YuvPlane& luma);
    // Frames that are less like each other than `least_psnr_db` must not look the same.
    Result<ProofCheck> check(Renderer& renderer, double least_psnr_db) const;

  private:
    struct Suspects {
        std::vector<std::int64_t> frames;
        void add(std::int64_t frame, std::int64_t apart);
    };
    Result<std::string> fault(Renderer& renderer, double least_psnr_db) const;

    const VideoPlan& plan_;
    std::string last_;
    Suspects black_;
    Suspects repeated_;
};

}  // namespace dubplate
