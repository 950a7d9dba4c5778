#include "apps/cli/progress_bar.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

#include "core/text.h"

namespace dubplate::cli {

namespace {

constexpr int bar_width = 24;

int terminal_width() {
    winsize size{};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string time_left(double seconds) {
    const int whole = static_cast<int>(seconds + 0.5);
    return fmt::format("{}:{:02} left", whole / 60, whole % 60);
}

}  // namespace

ProgressBar::ProgressBar(bool quiet) : visible_(!quiet && ::isatty(STDERR_FILENO) == 1) {}

ProgressListener ProgressBar::listener() {
    if (!visible_) return {};
    return [this](const ProgressReport& report) {
        shown_ = true;
        show(report);
    };
}

void ProgressBar::show(const ProgressReport& report) const {
    const int filled = static_cast<int>(report.fraction * bar_width);
    std::string line = fmt::format("[{:=>{}}>{:{}}] {:3.0f} %  {} {}", "", filled, "", bar_width - filled,
                                   report.fraction * 100, report.stage, escape_control(report.item));
    if (report.speed > 0) line += fmt::format("   {:.0f} x real time", report.speed);
    if (report.remaining_seconds) line += "   " + time_left(*report.remaining_seconds);
    std::fputs(("\r" + truncate_to_width(line, terminal_width() - 1) + "\x1b[K").c_str(), stderr);
    std::fflush(stderr);
}

void ProgressBar::clear() {
    if (shown_) std::fputs("\r\x1b[K", stderr);
    shown_ = false;
}

}  // namespace dubplate::cli
