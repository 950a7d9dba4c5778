// progress.h: how far the work is, for one reader and many workers.
//
// What     a Progress is told units of work done and shows a fraction from 0 to 1 that never goes back, with
//          the stage ("measuring", "encoding", "proving"), the speed and the time left.
// Shape    a job's total is the sum of its parts' weights; part() hands a slice of it to one piece of work,
//          which reports from 0 to 1 within its slice. Slices may run side by side.
// Units    seconds of wall time (Clock); speed in times real time (seconds of audio for each second).
// Threads  thread-safe. The listener is called by the reporting thread, at most ten times a second and at the
//          stage changes, the first (0) and the last (1) call; never by two threads at once.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/clock.h"

namespace dubplate {

struct ProgressReport {
    double fraction = 0;                      // 0 to 1, never goes back
    std::string stage;                        // "measuring"
    std::string item;                         // what is being worked on: "Night Drive.wav"
    double speed = 0;                         // times real time; 0 while unknown
    std::optional<double> remaining_seconds;  // none while unknown
};

using ProgressListener = std::function<void(const ProgressReport&)>;

class Progress {
    struct Slice;

  public:
    // A slice of the whole: advance_to() is relative to the slice.
    class Part {
      public:
        Part() = default;  // reports to nobody
        void stage(std::string_view stage, std::string_view item = {});
        void advance_to(double fraction);  // 0 to 1; a smaller value than before is ignored
        void finish() { advance_to(1.0); }
        // A slice of this slice, from `begin` to `end` of it.
        Part part(double begin, double end) const;

      private:
        friend class Progress;
        Part(Progress* owner, std::shared_ptr<Slice> slice) : owner_(owner), slice_(std::move(slice)) {}
        Progress* owner_ = nullptr;
        std::shared_ptr<Slice> slice_;
    };

    // audio_seconds: how much audio the whole job passes over, for the speed; 0 where there is none.
    // The listener must not call back into the Progress.
    explicit Progress(ProgressListener listener = {}, double audio_seconds = 0,
                      const Clock& clock = Clock::system());
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    // weight: this part's share of the whole; the shares of all parts add up to 1.
    Part part(double weight);
    void set_audio_seconds(double seconds);
    void complete();  // reports 1 once, with the stage "done"; nothing is reported after it

  private:
    void advance(Slice& slice, double fraction);
    void set_stage(std::string_view stage, std::string_view item);
    void report(std::chrono::nanoseconds now);

    const ProgressListener listener_;
    const Clock& clock_;
    const std::chrono::nanoseconds started_;
    std::mutex mutex_;
    std::shared_ptr<Slice> whole_;            // what it points to is guarded by mutex_, as are all its slices
    ProgressReport last_;                     // guarded by mutex_
    double audio_seconds_;                    // guarded by mutex_
    std::chrono::nanoseconds last_report_{};  // guarded by mutex_
    bool is_begun_ = false;                   // guarded by mutex_
    bool is_complete_ = false;                // guarded by mutex_
};

}  // namespace dubplate
