// progress_bar.h: one line on a terminal that shows how far the work is; nothing where standard error is no terminal.
//
// Shape    "[===>     ]  48 %  encoding Night Drive.wav   120 x real time   0:04 left"; a long name is shortened
//          in the middle, so that the rest always stands in the line.
// Threads  the listener is called by one thread at a time (progress.h); clear() after the work.
#pragma once

#include "core/progress.h"

namespace dubplate::cli {

class ProgressBar {
  public:
    explicit ProgressBar(bool quiet);
    ProgressListener listener();
    void clear();

  private:
    void show(const ProgressReport& report) const;
    bool visible_;
    bool shown_ = false;
};

}  // namespace dubplate::cli
