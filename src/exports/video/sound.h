// sound.h: what is heard with a video, at its rate and exactly as long. Internal to exports/video.
//
//   reader ─▶ from start to end ─▶ one or two channels ─▶ 44.1 or 48 kHz ─▶ cut, or silence behind it ─▶ AAC, or the proof
//
// Threads  thread-compatible.
// Errors   those of the source and of the nodes; canceled.
#pragma once

#include <memory>
#include <stop_token>

#include "exports/video/plan.h"

namespace dubplate {

class SoundFeed {
  public:
    // Borrows the plan and `end`, which gets start() at once. The plan has a sound.
    static Result<SoundFeed> start(const VideoPlan& plan, Sink<float>& end);
    SoundFeed(SoundFeed&&) noexcept;
    SoundFeed& operator=(SoundFeed&&) noexcept;
    ~SoundFeed();

    // Gives `end` at least so many frames from the start, and finish() behind the last.
    Status advance_to(std::int64_t frame, const std::stop_token& stop);

  private:
    struct Impl;
    explicit SoundFeed(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace dubplate
