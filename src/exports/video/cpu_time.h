// cpu_time.h: what the calling thread has used of a processor. Internal to exports/video.
//
// Units    seconds, since the timer was made or since the last lap().
// Threads  one thread alone: the one that made it.
// Errors   none: where the system has no such clock, all times are 0.
#pragma once

#include <ctime>

namespace dubplate {

class CpuTimer {
  public:
    double lap() {
        const double before = last_s_;
        last_s_ = now_s();
        return last_s_ - before;
    }

  private:
    static double now_s() {
        timespec time{};
        if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) != 0) return 0;
        return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
    }

    double last_s_ = now_s();
};

}  // namespace dubplate
